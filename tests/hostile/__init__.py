"""Files and names that strangers may bring, made by rules, and what becomes of them."""
