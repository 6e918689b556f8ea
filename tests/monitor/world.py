"""A small invented world in a real store: portals that are visited day by day, contents that are read.

Visits and readings are written by the same functions as in a crawl; only the reports' contents are made up here.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from config.alerts import Alerts
from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG, Settings
from config.load import Configuration, read_yaml
from config.schema import Agency, AgencyKind, Column, Portal, YearSpan
from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import CellState, Fact, Fingerprint, LookOutcome, Place, Statement
from crawler.store.session import Sessions
from crawler.store.tables import Base, Capture, Reading
from crawler.store.writes import reading as reading_writes
from crawler.store.writes import visit as visit_writes
from monitor.context import Context
from monitor.judging.evaluate import evaluate
from monitor.model import EvaluateResult
from tests.monitor.checks.history import moment

HOST = "127.0.0.1:8000"


def agency(id_: str, name: str, kind: AgencyKind = AgencyKind.DEPARTMENT) -> Agency:
    years = (YearSpan(first=2023, last=2023),)
    return Agency(
        id=id_, name=name, region_code="990100", region="示例省示例市", kind=kind, watched_years=years, invented=True
    )


def configuration(*agencies: Agency) -> Configuration:
    """Every agency with a portal of its own, by its id, and one column."""
    return Configuration(
        agencies={one.id: one for one in agencies},
        portals={one.id: _portal(one) for one in agencies},
        deadlines=Deadlines.model_validate(read_yaml(PACKAGED_CONFIG / "deadlines.yml")),
        alerts=Alerts(),
    )


def _portal(one: Agency) -> Portal:
    column = Column(key="nb", url=f"http://{HOST}/{one.id}/", agencies=(one.id,))
    return Portal(slug=one.id, name=f"{one.name}网站", family="trs", hosts=(HOST,), delay=0, columns=(column,))


@dataclass(frozen=True)
class Page:
    """One report's page. `numbers`: value by code; `stated`: the PubDate; `broken`: whether a sum does not hold.

    `says`: numbers in sentences, by key; `clauses`: how many clauses of a text that all pages share, each of 20 signs.
    `unsure`: codes of the cells that were recognised in a picture. `notice`: words of a notice of correction in its text.
    `counter`: what makes its bytes others and is not read.
    """

    name: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    stated: str = ""
    broken: bool | None = None
    year: int = 2023
    error: str = ""
    says: Mapping[str, int] = field(default_factory=dict)
    clauses: int = 0
    unsure: frozenset[str] = frozenset()
    notice: str = ""
    counter: int = 0

    @property
    def sha256(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()


class World:
    """The store and what is in it. Times are as in `moment`: 20:00 in 2024 unless said otherwise."""

    def __init__(self, sessions: Sessions, known: Configuration) -> None:
        self.sessions = sessions
        self.configuration = known

    def visit(
        self,
        portal: str,
        day: str,
        pages: Sequence[Page] = (),
        *,
        outcome: LookOutcome = LookOutcome.HEALTHY,
        not_found: Sequence[str] = (),
        extractor: str = "1",
        reason: str = "",
        run_outcome: str = "finished",
    ) -> None:
        """One run: the column lists `pages` and they answer; the pages named in `not_found` answer 404."""
        at = moment(day)
        with self.sessions.begin() as session:
            run = visit_writes.start_run(session, portal, at, simulated=True)
            captures = [self._capture(portal, page.name, at, LookOutcome.HEALTHY, page.sha256) for page in pages]
            captures += [self._capture(portal, name, at, LookOutcome.SOFT_404, None) for name in not_found]
            captures.append(self._list_page(portal, at, outcome))
            visit_writes.add_captures(session, run, captures)
            listed = tuple(self._listed(portal, page) for page in pages)
            look = LookItem(portal, "nb", at, outcome, reason, entries=listed, pages=1, url=f"http://{HOST}/{portal}/")
            visit_writes.add_look(session, run, look)
            visit_writes.finish_run(session, run, at, outcome=run_outcome)
        self.read(portal, pages, extractor)

    def read(self, portal: str, pages: Sequence[Page], extractor: str = "1") -> None:
        """What the reader makes of the pages; a page known to this extractor is passed over."""
        for page in pages:
            with self.sessions.begin() as session:
                known = select(Reading.id).where(Reading.sha256 == page.sha256, Reading.extractor == extractor)
                capture = session.scalar(select(Capture).where(Capture.sha256 == page.sha256).limit(1))
                if capture is None or session.scalar(known) is not None:
                    continue
                row = reading_writes.reading_row(page.sha256, extractor, moment("01-01"))
                row.details, row.error = _details(page), page.error
                row.template = "2021"
                facts = [
                    Fact(
                        code,
                        CellState.NUMBER,
                        "件",
                        Decimal(value),
                        str(value),
                        Place(1, 1, 1, 1),
                        certain=code not in page.unsure,
                    )
                    for code, value in page.numbers.items()
                ]
                reading_id = reading_writes.add_reading(session, row, tuple(facts))
                reading_writes.add_filing(
                    session,
                    entry_id=capture.entry_id or 0,
                    reading_id=reading_id,
                    capture_id=capture.id,
                    decision="review" if page.error else "filed",
                    agency_id=None if page.error else portal,
                    year=None if page.error else page.year,
                    evidence={},
                )

    def evaluate(self, day: str, *, record: bool = True) -> EvaluateResult:
        return evaluate(Context(Settings(), self.configuration, self.sessions, moment(day)), record)

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, to prove that nothing was written."""
        with self.sessions() as session:
            return {
                name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for name, table in Base.metadata.tables.items()
            }

    def count(self, name: str) -> int:
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0

    def _capture(
        self, portal: str, name: str, at: dt.datetime, outcome: LookOutcome, sha256: str | None
    ) -> tuple[CaptureItem, str | None]:
        url = f"http://{HOST}/{portal}/{name}.html"
        item = CaptureItem(portal, "nb", "detail", url, url, at, 200 if sha256 else 404, outcome, entry_url=url)
        return item, sha256

    def _list_page(self, portal: str, at: dt.datetime, outcome: LookOutcome) -> tuple[CaptureItem, str | None]:
        url = f"http://{HOST}/{portal}/"
        return CaptureItem(portal, "nb", "listing", url, url, at, 200, outcome), None

    def _listed(self, portal: str, page: Page) -> ListedEntry:
        name = self.configuration.agencies[portal].name
        title = f"{name}{page.year}年政府信息公开工作年度报告"
        return ListedEntry(f"http://{HOST}/{portal}/{page.name}.html", title, None, "", "report", "标题")


def _details(page: Page) -> dict[str, Any]:
    stated = [{"source": "meta", "value": moment(day).date().isoformat(), "raw": day} for day in [page.stated] if day]
    identity = {
        "identity": "total",
        "description": "新收＋结转＝办结＋结转下年",
        "left_codes": list(page.numbers),
        "right_codes": [],
        "left": "14",
        "right": "15",
        "holds": not page.broken,
    }
    return {
        "dates": stated,
        "identities": [identity | {"certain": not page.unsure}] if page.broken is not None else [],
        "statements": [
            Statement(key, Decimal(value), f"政府信息公开{key}为{value}件", Place(2)).as_json()
            for key, value in page.says.items()
        ],
        "fingerprint": Fingerprint("", 0, tuple((clause, 20) for clause in range(page.clauses))).as_json(),
        "notices": [{"words": page.notice, "where": "text", "text": page.notice, "block": 3}] if page.notice else [],
        "issues": [],
    }
