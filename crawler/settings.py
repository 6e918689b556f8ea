"""Scrapy's settings: what holds for every portal. A portal's own (delay, bounds) are set by crawler.commands.visit.

Touches nothing. The environment is read by config.env alone.
"""

from importlib.metadata import PackageNotFoundError, version

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionClosed

try:
    VERSION = version("gongkai-watch")
except PackageNotFoundError:  # the source tree without an installation
    VERSION = "0"

BOT_NAME = "gongkai"
SPIDER_MODULES = ["spiders"]
COMMANDS_MODULE = "crawler.commands"
FAMILIES = "spiders.FAMILIES"  # by name: the crawl does not import the spiders' room
PROBE = "spiders.probe.ProbeSpider"
USER_AGENT = f"gongkai/{VERSION}"  # the contact is added by the visit

# One request at a time per host. The delay is stretched by 1 + JITTER and then varied by ± JITTER, so that
# it is never shorter than the portal's: 1.25 × (1 ± 0.2) lies between 1.0 and 1.5.
JITTER = 0.25
DOWNLOAD_DELAY_JITTER = 0.2
CONCURRENT_REQUESTS = 8
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_START_DELAY = 0.0  # the portal's delay is the least in any case
AUTOTHROTTLE_MAX_DELAY = 60.0
DOWNLOAD_TIMEOUT = 120  # seconds for one whole answer
DOWNLOAD_WARNSIZE = 0

# What means that an answer did not arrive whole.
TRANSPORT_ERRORS = (
    CannotResolveHostError,
    ConnectError,
    ConnectionClosed,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
NOT_ARRIVED = (*TRANSPORT_ERRORS, DownloadCancelledError)  # or was cancelled by us, being too big
RETRY_TIMES = 1
RETRY_HTTP_CODES = [502, 503, 504]
RETRY_EXCEPTIONS = list(TRANSPORT_ERRORS)
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # a portal that does not answer is recorded, it is no error of ours
REDIRECT_MAX_TIMES = 3
DOWNLOAD_HANDLERS = {"https": "crawler.tls.Handler", "data": None, "file": None, "ftp": None, "s3": None}
DOWNLOAD_VERIFY_CERTIFICATES = (
    True  # Scrapy's default is not to; crawler.tls does it for every host without an exception
)
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

# Items of one answer one after the other: all captures of a column reach the store before its look.
CONCURRENT_ITEMS = 1
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 100}

DOWNLOADER_MIDDLEWARES = {
    # Replaced by ours, or without use here: what is not there costs no time and opens no door.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # nobody registered a proxy as a host
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "crawler.middlewares.hosts.RegisteredHosts": 50,
    "crawler.middlewares.rendering.Rendering": 60,
    "crawler.middlewares.robots.Robots": 100,
    "crawler.middlewares.compression.Compression": 590,
    "crawler.middlewares.redirects.Redirects": 600,
    "crawler.middlewares.conditional.Conditional": 620,
    "crawler.middlewares.turns.Turns": 940,
    "crawler.middlewares.bounds.Bounds": 950,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # the spider records every answer
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.closespider.CloseSpider": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
}

LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # what counts is in the store
