"""The core, which is pure, and its few adapters."""

__version__ = "0.1.0"
