"""The real stack under kills, outages and lost answers; what it must hold in the end: docs/chaos.md."""
