"""What happened: what was seen where and when, counted from sequences in brief."""
