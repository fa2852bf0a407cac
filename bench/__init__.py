"""What is fast, measured against what else a user could pick."""
