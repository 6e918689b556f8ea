"""Measurements. `python -m benchmarks.crawl`, or `make bench-crawl`."""
