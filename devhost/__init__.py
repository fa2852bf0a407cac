"""Runs function_app.py on one machine: a development tool, not a replacement for Azure Functions Core Tools."""
