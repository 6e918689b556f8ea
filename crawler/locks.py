"""Locks of hosts: at most one process of this machine speaks to a host at a time.

May touch: the files of one folder. The kernel frees a lock when its process ends, however it ends, so
there is nothing stale to clean; the empty files stay.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from config.schema import Portal
from crawler.errors import CrawlError


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Holds the exclusive lock of `path` (made if absent). Raises CrawlError at once when another holds it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise CrawlError(f"{path}: the lock cannot be opened: {error.strerror or error}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CrawlError(f"{path.stem} is in use: another visit to this host is under way ({path})") from None
        yield
    finally:
        os.close(handle)


def names(portal: Portal) -> tuple[str, ...]:
    """The names of the locks that a visit to `portal` needs, sorted, so that two visits never wait in a ring.

    Two ports of a real host are one machine and share a lock; those of this machine are simulated portals
    and each its own.
    """
    hosts = portal.hosts if portal.is_local else tuple(urlsplit(f"//{host}").hostname or host for host in portal.hosts)
    return tuple(sorted({host.lower().replace(":", "_") for host in hosts}))
