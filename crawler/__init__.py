"""Collecting and reading: archive, formats, reports, store, and the Scrapy half. Imports config only."""
