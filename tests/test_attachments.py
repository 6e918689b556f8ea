"""A report that stands in a file behind its page, from the visit to the finding: found, filed, compared with its page.

Real portals on 127.0.0.1, the real jobs, DOCX files made from known facts. All agencies are invented (示例).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from config.env import PACKAGED_CONFIG, Settings
from config.load import load
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Event, FactRow, Filing, Reading
from monitor import clock, jobs
from monitor.context import Context
from monitor.model import State
from tests.golden.forms import Grid, InventedReport, Line, grids, invented
from tests.golden.pages import block_html
from tests.golden.renderers import RENDERERS
from tests.portals import Article, Column, File, SimulatedPortals, Site, World
from tests.portals.site import SHANGHAI

pytestmark = pytest.mark.integration

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PUBLISHED = dt.date(2023, 1, 12)
CHANGED_ON = dt.date(2023, 2, 20)
CODE = "proactive.licences.decisions"
# alone: the page only leads to the file. both: page and file agree. torn: they do not. swapped: the file is replaced.
AGENCIES = {"alone": 0, "both": 1, "torn": 2, "swapped": 3}


def docx(report: InventedReport) -> bytes:
    return RENDERERS["docx"].render(report)


def with_value(report: InventedReport, value: int) -> InventedReport:
    from crawler.reports import templates

    values = dict(report.values) | {CODE: Decimal(value)}
    tables = iter(block for block in grids(templates.load()[report.template], values) if isinstance(block, Grid))
    blocks = tuple(block if isinstance(block, Line) else next(tables) for block in report.blocks)
    return replace(report, values=values, blocks=blocks)


def article(name: str, seed: int) -> Article:
    report = with_value(invented("2021", seed), 40)
    shown = report.blocks if name in ("both", "torn") else ()
    link = f'<p>附件：<a href="./{name}.docx">{report.title}.docx</a></p>'
    changed = ((CHANGED_ON, docx(with_value(report, 41))),) if name == "swapped" else ()
    file = docx(with_value(report, 44 if name == "torn" else 40))
    return Article(
        number=100 + seed,
        title=report.title,
        published=PUBLISHED,
        body="".join(block_html(block) for block in shown) + link + "<p>（虚构机构，演示用）</p>" * 5,
        issuer=report.agency,
        files=(File(f"{name}.docx", file, WORD, changed),),
    )


class Watched:
    """The jobs over one simulated portal."""

    def __init__(self, portals: SimulatedPortals, settings: Settings, sessions: Sessions) -> None:
        self.portals, self.settings, self.sessions = portals, settings, sessions
        self.configuration = load(settings.config_dir)

    def play(self, day: dt.date) -> dict[str, State]:
        """Visit, read, judge: the state of each agency."""
        self.portals.day = day
        settings = self.settings.model_copy(update={"simulated_now": dt.datetime.combine(day, dt.time(9), SHANGHAI)})
        now = clock.for_settings(settings, self.configuration).now()
        context = Context(settings, self.configuration, self.sessions, now)
        assert not jobs.crawl(context).failed
        later = replace(context, now=now + dt.timedelta(hours=1))
        jobs.read(later)
        return {found.agency_id: found.state for found in jobs.evaluate(later).assessments}

    def values(self, agency: str) -> list[tuple[str, Decimal | None]]:
        """(format, the licences) of every reading that was filed as the agency's report."""
        rows = (
            select(Reading.format, FactRow.value)
            .join(Filing, Filing.reading_id == Reading.id)
            .outerjoin(FactRow, (FactRow.reading_id == Reading.id) & (FactRow.code == CODE))
            .where(Filing.agency_id == agency, Filing.decision == "filed")
            .order_by(Reading.id)
        )
        with self.sessions() as session:
            return [(format_, value) for format_, value in session.execute(rows)]

    def events(self, kind: str) -> list[str]:
        with self.sessions() as session:
            return list(session.scalars(select(Event.agency_id).where(Event.kind == kind).order_by(Event.id)))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("attachments")
    articles = tuple(article(name, seed) for name, seed in AGENCIES.items())
    site = Site("papers", "示例市模拟门户", "trs", "9900000001", (Column("zwgk/nb", articles),), invented=True)
    with SimulatedPortals(World((site,)), PUBLISHED) as portals:
        config = folder / "config"
        (config / "portals").mkdir(parents=True)
        _write_agencies(config / "agencies.csv")
        (config / "deadlines.yml").write_bytes((PACKAGED_CONFIG / "deadlines.yml").read_bytes())
        (config / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
        column = {"key": "nb", "url": portals["papers"].column_url(), "agencies": list(AGENCIES)}
        entry = {"name": "示例", "family": "trs", "hosts": [portals["papers"].host], "delay": 0, "columns": [column]}
        (config / "portals" / "papers.yml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
        settings = Settings(
            data_dir=folder / "data", database_url="", config_dir=config, contact="https://example.org/t"
        )
        sessions = open_store(settings.database, create=True)
        yield Watched(portals, settings, sessions)
        sessions.kw["bind"].dispose()


def _write_agencies(path: Path) -> None:
    with (PACKAGED_CONFIG / "agencies.csv").open(encoding="utf-8-sig", newline="") as stream:
        fields = list(csv.DictReader(stream).fieldnames or ())
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fields)
        writer.writeheader()
        for name, seed in AGENCIES.items():
            writer.writerow(
                {
                    "id": name,
                    "name": invented("2021", seed).agency,
                    "region_code": "990100",
                    "region": "示例市（虚构）",
                    "kind": "department",
                    "watched_years": "2022",
                    "invented": "yes",
                }
            )


def test_the_days(watched: Watched) -> None:
    """One test: the days follow each other."""
    assert watched.play(PUBLISHED) == dict.fromkeys(AGENCIES, State.ON_TIME)
    assert watched.values("alone") == [("html", None), ("docx", Decimal(40))]
    assert watched.values("both") == [("html", Decimal(40)), ("docx", Decimal(40))]
    assert watched.values("torn") == [("html", Decimal(40)), ("docx", Decimal(44))]
    assert watched.events("attachment") == ["torn"]
    assert watched.events("changed") == []
    watched.play(PUBLISHED + dt.timedelta(days=2))
    assert watched.events("attachment") == ["torn"]
    assert watched.play(CHANGED_ON) == dict.fromkeys(AGENCIES, State.ON_TIME)
    assert watched.events("changed") == ["swapped"]
    assert watched.values("swapped") == [("html", None), ("docx", Decimal(40)), ("docx", Decimal(41))]
