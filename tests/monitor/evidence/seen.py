"""A small invented world whose captures have bodies in a real archive, with the requests beside them.

示例市水利局 does not publish by 31 January; its report is there on 5 February, unchanged on the 6th (304), and on the
20th with another number. The page's text tries to be a script.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from config.env import Settings
from crawler.archive import Archive
from crawler.items import SCREENSHOT, CaptureItem
from crawler.model import LookOutcome
from crawler.store.session import Sessions
from crawler.store.writes.seals import seal_all
from crawler.store.writes.visit import add_captures, start_run
from monitor.context import Context
from monitor.judging.evaluate import evaluate
from tests.monitor.checks.history import moment
from tests.monitor.world import HOST, Page, World, agency, configuration

OFFICE = agency("shili-slj", "示例市水利局")
CODES: Mapping[str, int] = {"requests.new.total": 14, "requests.carried_in.total": 1}
FIRST = Page("nb2023", CODES, stated="02-05")
CHANGED = replace(FIRST, numbers={**CODES, "requests.new.total": 41})
REQUEST = {
    "method": "GET",
    "headers": [["User-Agent", "gongkai/0 (+https://example.org)"], ["Accept", "*/*"]],
    "body": "",
}
HEADERS = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "3"), ("Etag", '"1"'))


class Seen(World):
    """A World with an archive: the body of a page is what its sha256 was made of."""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        super().__init__(sessions, configuration(OFFICE))
        self.settings = Settings(data_dir=folder, config_dir=folder / "config", database_url="")
        self.archive = Archive(self.settings.archive_dir)
        self._bodies: dict[str, bytes] = {}
        self._newest: dict[str, str] = {}

    def copied(self, sessions: Sessions, folder: Path) -> "Seen":
        """The same on a copy of its store and its archive."""
        copy = Seen(sessions, folder)
        copy._bodies, copy._newest = dict(self._bodies), dict(self._newest)
        return copy

    def context(self, day: str) -> Context:
        return Context(self.settings, self.configuration, self.sessions, moment(day))

    def show(self, day: str, *pages: Page, **changes: object) -> None:
        """One visit, sealed when it ends."""
        self._bodies |= {page.sha256: repr(page).encode() for page in pages}
        self.visit(OFFICE.id, day, pages, **changes)  # type: ignore[arg-type]  # its own keywords
        seal_all(self.sessions, moment(day) + dt.timedelta(hours=1))

    def judge(self, day: str) -> None:
        evaluate(self.context(day), True)

    def picture(self, day: str, png: bytes) -> None:
        """A picture of the report's page, as the crawl keeps it."""
        url = f"http://{HOST}/{OFFICE.id}/{FIRST.name}.html"
        item = CaptureItem(
            OFFICE.id, "nb", "screenshot", url + SCREENSHOT, url, moment(day), 200, LookOutcome.HEALTHY, body=png,
            media_type="image/png",
        )  # fmt: skip
        with self.sessions.begin() as session:
            run = start_run(session, OFFICE.id, moment(day), simulated=True)
            add_captures(session, run, [(item, self.archive.put(png))])

    def _capture(
        self, portal: str, name: str, at: dt.datetime, outcome: LookOutcome, sha256: str | None
    ) -> tuple[CaptureItem, str | None]:
        item, _ = super()._capture(portal, name, at, outcome, sha256)
        item = replace(item, request=REQUEST, reason="" if sha256 else "HTTP 404")
        if sha256 is None:
            return item, None
        body = self._bodies[sha256]
        assert self.archive.put(body) == sha256
        again = self._newest.get(item.url) == sha256
        self._newest[item.url] = sha256
        own = (("Date", "Tue, 06 Feb 2024 12:00:00 GMT"),) if again else ()
        item = replace(item, body=body, headers=HEADERS, media_type="text/html", not_modified=again, headers_304=own)
        return item, sha256

    def _list_page(self, portal: str, at: dt.datetime, outcome: LookOutcome) -> tuple[CaptureItem, str | None]:
        item, _ = super()._list_page(portal, at, outcome)
        posted = REQUEST | {"method": "POST", "body": "page=1&word=年报"}
        body = f"<ul><!-- {at} --><script>alert(1)</script></ul>".encode()
        item = replace(item, url=f"{item.url}#POST page=1", body=body, headers=HEADERS, request=posted)
        return item, self.archive.put(body)


def played(sessions: Sessions, folder: Path) -> Seen:
    """The world after the 20th, judged on each day."""
    world = Seen(sessions, folder)
    for day, pages in (("02-01", ()), ("02-03", ()), ("02-05", (FIRST,)), ("02-06", (FIRST,)), ("02-20", (CHANGED,))):
        world.show(day, *pages)
        world.judge(day)
    return world
