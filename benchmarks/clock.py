"""A Scrapy extension that measures a crawl from the opening of its spider to its close, pipelines included.

May touch: the monotonic clock, the process's processor time, standard error.
"""

import json
import sys
import time
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

MARK = "benchmark "  # what its line on standard error begins with


class Clock:
    def __init__(self) -> None:
        self._wall = self._processor = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        clock = cls()
        crawler.signals.connect(clock.opened, signals.spider_opened)
        crawler.signals.connect(clock.closed, signals.spider_closed)
        return clock

    def opened(self) -> None:
        self._wall, self._processor = time.monotonic(), time.process_time()

    def closed(self) -> None:
        seconds = {"wall": time.monotonic() - self._wall, "processor": time.process_time() - self._processor}
        sys.stderr.write(f"{MARK}{json.dumps(seconds)}\n")
