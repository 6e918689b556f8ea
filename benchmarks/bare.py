"""The bare spider to compare with: `python -m benchmarks.bare URL` crawls the portal and prints the number of pages.

May touch: the benchmark's portal. The concurrency and the timeouts are those of our crawl and the links are
followed alike; there is no robots.txt, no archive, no store, no health of a page.
"""

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawler.settings import CONCURRENT_REQUESTS, CONCURRENT_REQUESTS_PER_DOMAIN, DOWNLOAD_TIMEOUT

SETTINGS = {
    "CONCURRENT_REQUESTS": CONCURRENT_REQUESTS,
    "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENT_REQUESTS_PER_DOMAIN,
    "DOWNLOAD_TIMEOUT": DOWNLOAD_TIMEOUT,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "EXTENSIONS": {"benchmarks.clock.Clock": 0},
}


class BareSpider(scrapy.Spider):
    """List pages by their script's count, every entry's page once."""

    name = "bare"

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [url]
        self.pages = 0

    def parse(self, response: Response, **_: Any) -> Iterator[scrapy.Request]:
        self.pages += 1
        for link in response.css(".zfxxgk_zdgkc li"):
            title, date = link.css("a::attr(title)").get(), link.css("span::text").get()
            address = response.urljoin(link.css("a::attr(href)").get(""))
            yield scrapy.Request(address, self.parse_detail, meta={"title": title, "date": date})
        found = response.css("script::text").re_first(r"createPageHTML\((\d+, \d+)")
        count, current = (int(part) for part in (found or "0, 0").split(", "))
        if current == 0:
            for number in range(1, count):
                yield scrapy.Request(urljoin(response.url, f"index_{number}.html"))

    def parse_detail(self, response: Response) -> None:
        self.pages += 1


def main() -> None:
    process = AsyncCrawlerProcess(SETTINGS)
    crawler = process.create_crawler(BareSpider)

    def closed(spider: BareSpider) -> None:
        print(spider.pages)

    crawler.signals.connect(closed, scrapy.signals.spider_closed)
    process.crawl(crawler, url=sys.argv[1])
    process.start()


if __name__ == "__main__":
    main()
