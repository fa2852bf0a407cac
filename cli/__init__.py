"""The command `uncia`."""
