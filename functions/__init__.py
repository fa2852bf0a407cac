"""The steps: one verb a module; each reads, calls the core and writes."""
