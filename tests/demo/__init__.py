"""The demonstration: the whole job on simulated portals, day by day. `python -m tests.demo` runs it."""
