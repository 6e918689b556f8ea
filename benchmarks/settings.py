"""The product's Scrapy settings with the benchmark's clock beside them. Touches nothing."""

from crawler.settings import *  # noqa: F403 - all of them
from crawler.settings import EXTENSIONS

EXTENSIONS |= {"benchmarks.clock.Clock": 0}
