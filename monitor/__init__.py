"""Judging, telling and showing what the crawl saw. Imports from config and crawler, never from spiders."""
