"""Judging over the store: facts.py reads, monitor.checks judges, transitions.py compares with what is recorded, evaluate.py runs it."""
