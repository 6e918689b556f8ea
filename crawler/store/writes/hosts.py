"""Writes what a host asked of us: the table host. May touch nothing else."""

import datetime as dt

from sqlalchemy.orm import Session

from crawler.store.tables import Host


def set_host(
    session: Session, name: str, at: dt.datetime, *, not_before: dt.datetime | None, failures: int, reason: str = ""
) -> None:
    """`failures`: visits in a row that the host answered with nothing at all; 0 after an answer."""
    host = session.get(Host, name)
    if host is None:
        if not_before is None and not failures:
            return  # nothing to remember of a host that answers
        host = Host(name=name)
        session.add(host)
    host.not_before = not_before
    host.failures = failures
    host.reason = reason
    host.at = at
