"""At most one scheduler on a data folder. May touch: the lock files of one folder."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.errors import GongkaiError
from crawler.errors import CrawlError
from crawler.locks import hold


@contextmanager
def single(path: Path) -> Iterator[None]:
    """Holds the lock `path`; the kernel frees it when the process ends. Raises GongkaiError when it is taken."""
    with ExitStack() as held:
        try:
            held.enter_context(hold(path))
        except CrawlError as error:
            raise GongkaiError(
                f"another `gongkai {path.stem}` is at work on this data folder, or its lock cannot be opened: {path}"
            ) from error
        yield
