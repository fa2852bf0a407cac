"""Spark around the same shared functions."""
