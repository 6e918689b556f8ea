"""A simulated country: portals of all families, their offices, hundreds of days, faults at random from a seed.

plan.py says what is published when, troubles.py what goes wrong, sites.py shows both as simulated portals; drive.py
lives through the days with the real jobs, measure.py holds what gongkai says against what is true.
"""
