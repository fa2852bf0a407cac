"""Every order in which the steps' calls to storage and queues can come, and what must hold after each."""
