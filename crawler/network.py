"""What a crawl learns of the hosts: who wants to be left alone, who did not answer at all, whether anybody did.

May touch: the table host; the table run, where the whole crawl was offline. Every moment comes in.
"""

import datetime as dt
import threading
from urllib.parse import urlsplit

from config.schema import Portal
from config.visits import SHANGHAI, VisitRules
from crawler import locks
from crawler.store.reads import planning
from crawler.store.session import Sessions
from crawler.store.writes.hosts import set_host
from crawler.store.writes.visit import mark_offline
from crawler.visit import Visit

HOSTS = 3  # hosts of which not one answered: then it was our own network
OFFLINE = (
    "没有一个网站有任何回应，应是本机网络中断；本次所见不作为依据 / no host answered at all: our own network is down"
)


class Network:
    """One crawl. A host is only blamed for its silence once another one has answered in the same crawl."""

    def __init__(self, sessions: Sessions, rules: VisitRules) -> None:
        self._sessions = sessions
        self._rules = rules
        self._lock = threading.Lock()
        self._answered = False
        self._silent: list[tuple[str, dt.datetime]] = []  # host, start of the visit
        self._machines: set[str] = set()
        self._runs: dict[str, list[int]] = {}  # portal slug → its runs

    def open_part(self, portal: Portal, now: dt.datetime) -> tuple[Portal | None, str]:
        """The portal with the columns whose hosts may be visited at `now`; None, and why, if that is none of them."""
        with self._sessions() as session:
            resting = planning.resting(session, now)
        columns = tuple(column for column in portal.columns if host_of_column(column.url) not in resting)
        if len(columns) == len(portal.columns):
            return portal, ""
        if not columns:
            rest = resting[host_of_column(portal.columns[0].url)]
            until = rest.until.astimezone(SHANGHAI)
            return None, f"{until:%Y-%m-%d %H:%M} 之前不访问 / not visited before then: {rest.reason}"
        return portal.model_copy(update={"columns": columns}), ""

    def note(self, portal: Portal, visit: Visit) -> None:
        """What a visit has learnt, at its end."""
        record = visit.record
        with self._lock:
            if record.run is not None and not record.failure:  # a visit that was stopped tells nothing of the network
                self._machines.update(locks.names(portal) if record.asked else ())
                self._runs.setdefault(portal.slug, []).append(record.run)
                self._silent += [(host, visit.at) for host in sorted(record.asked - record.answered)]
            self._answered = self._answered or bool(record.answered)
            silent = self._take_silent() if self._answered else []
        with self._sessions.begin() as session:
            for host in sorted(record.answered):
                until, reason = record.rests.get(host, (None, ""))
                set_host(session, host, visit.at, not_before=until, failures=0, reason=reason)
        self._blame(silent)

    def close(self) -> tuple[str, ...]:
        """The end of the crawl. Returns the portals whose runs are offline: nothing was learnt of anybody."""
        with self._lock:
            silent = self._take_silent()
            offline = not self._answered and len(self._machines) >= HOSTS
        if not offline:
            self._blame(silent)
            return ()
        with self._sessions.begin() as session:
            mark_offline(session, [run for runs in self._runs.values() for run in runs], OFFLINE)
        return tuple(self._runs)

    def _take_silent(self) -> list[tuple[str, dt.datetime]]:
        taken, self._silent = self._silent, []
        return taken

    def _blame(self, silent: list[tuple[str, dt.datetime]]) -> None:
        """The pause is counted from the beginning of the visit, as the plan counts days."""
        if not silent:
            return
        with self._sessions.begin() as session:
            before = planning.failures(session)
            for host, at in silent:
                failures = before.get(host, 0) + 1
                reason = f"连续 {failures} 次访问没有任何回应 / no answer at all in {failures} visits"
                set_host(
                    session, host, at, not_before=at + self._rules.pause(failures), failures=failures, reason=reason
                )


def host_of_column(url: str) -> str:
    """The host of a column's address as the table host names it."""
    return urlsplit(url).netloc.lower()
