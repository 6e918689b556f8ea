"""The exceptions of collecting and reading. Each says who raises it; the command line turns them into exit code 2."""

from config.errors import GongkaiError


class ReadError(GongkaiError):
    """Raised by crawler.formats and crawler.reports: these bytes cannot be read as a document."""


class WorkerError(GongkaiError):
    """Raised by crawler.workers: no reading process can be started."""


class ArchiveError(GongkaiError):
    """Raised by crawler.archive: bytes are missing from the archive or do not match their sha256."""


class StoreError(GongkaiError):
    """Raised by crawler.store: the database is absent, older than the program, or refused a write."""


class CrawlError(GongkaiError):
    """Raised by the crawl before it starts: nothing to visit, no contact address, a host in use."""


class DeliveryError(GongkaiError):
    """Raised by monitor.channels: a message was not taken over by the receiving side.

    `permanent`: the receiving side refused this message to this recipient; a repetition would be refused too.
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
