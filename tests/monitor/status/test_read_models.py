"""The read models on real databases: what they say, and that their SELECTs do not grow with what is stored."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.model import CellState, DateSource
from crawler.reports import templates
from crawler.store.reads import coverage
from crawler.store.session import open_store
from crawler.store.tables import Capture, Entry, FactRow, Reading
from crawler.store.writes.visit import start_run
from monitor.board import Board, build
from monitor.context import Context
from monitor.model import State
from monitor.status.filters import Filters
from monitor.status.views.late import late_list
from monitor.status.views.matrix import matrix
from monitor.status.views.overview import overview
from monitor.status.views.report import _told
from monitor.status.views.work import job_lines
from monitor.status.views.year import YearPage, year_page
from monitor.wording import keys
from tests.monitor.status.seed import NOW, seed
from tests.monitor.status.test_agency_page import line_of, page_of

MOST_SELECTS = 14


def build_board(context: Context) -> Board:
    with context.sessions() as session:
        return build(session, context.configuration, NOW)


def year_of(context: Context, agency_id: str) -> YearPage:
    """The report year 2024."""
    with context.sessions() as session:
        agency = context.configuration.agencies[agency_id]
        page = year_page(session, context.configuration, agency, 2024, context.now, None)
    assert page is not None
    return page


def test_jobs_with_last_and_next_run(seeded: Context) -> None:
    with seeded.sessions() as session:
        jobs = job_lines(*coverage.jobs(session))
    assert [job.name for job in jobs] == ["crawl", "read", "evaluate", "notify"]
    assert jobs[0].run is not None and (jobs[0].run.outcome, jobs[0].seconds) == ("failed", 42)
    assert jobs[0].next_at is not None and jobs[3].next_at is None


def test_a_changed_report_shows_what_it_holds_now(seeded: Context) -> None:
    year = year_of(seeded, "shili-mzj")
    (report,) = year.reports
    cells = {cell.code: cell for table in report.tables for cell in table.cells}
    assert cells["requests.granted.natural_person"].number == "29"
    assert [version.current for version in report.versions] == [True, False]
    assert report.captures_total == len(report.captures) == 8
    (finding,) = year.findings
    changed = {cell.code: (cell.before.number, cell.after.number) for cell in finding.cells}
    assert changed["requests.granted.natural_person"] == ("31", "29")
    assert finding.before_at is not None and finding.after_at is not None and finding.before_at < finding.after_at


def test_a_report_with_every_kind_of_evidence(seeded: Context) -> None:
    page = year_of(seeded, "shili-sjj")
    (report,) = page.reports
    assert dict(report.counts) == {CellState.NUMBER: 197, CellState.BLANK: 2, CellState.UNREADABLE: 1}
    assert report.dates_conflict
    assert {date.source for date in report.dates} >= {DateSource.LIST, DateSource.META, DateSource.SIGNATURE}
    assert [(told.key, told.number, told.table, told.agrees) for told in report.told] == [
        ("requests_received", "73", "73", True),
        ("received_online", "50", None, None),
        ("carried_in", "3", "3", True),
        ("review_cases", "3", "3", True),
        ("litigation_cases", "1", "1", True),
    ]
    assert {(identity.left, identity.right) for identity in report.broken_sums} == {("73", "72"), ("47", "48")}
    assert [finding.kind for finding in page.findings] == ["arithmetic", "arithmetic"]
    assert [finding.right.total for finding in page.findings if finding.right] in (["72", "48"], ["48", "72"])


def test_a_withdrawn_report_shows_its_last_content_and_its_end(seeded: Context) -> None:
    year = year_of(seeded, "shili-jyj")
    (report,) = year.reports
    assert report.tables
    assert [change.kind for change in report.changes] == ["appeared", "gone"]
    assert report.captures[0].capture.status == 404


def test_what_an_extractor_no_longer_files_is_not_shown(tmp_path: Path) -> None:
    """A newer reading of the same content says that it is no report: the older filing counts no more."""
    context = seed(f"sqlite:///{tmp_path / 'again.db'}", tmp_path)
    with context.sessions.begin() as session:
        (filed,) = [found for found in coverage.filed_reports(session, "shili-slj") if found.filing.year == 2024]
        values = {"sha256": filed.reading.sha256, "extractor": "newer", "read_at": NOW, "details": {}}
        session.add(reading := Reading(**values, is_report=False))
        session.flush()
        again = type(filed.filing)(
            entry_id=filed.entry.id,
            reading_id=reading.id,
            capture_id=filed.capture.id,
            decision="not_a_report",
            evidence={},
        )
        session.add(again)
    assert year_of(context, "shili-slj").reports == ()
    assert line_of(context, "shili-slj", 2024).versions == 0


def table_three(**changed: int | None) -> list[FactRow]:
    """The totals of table three of the form of 2021, all nought but those named; None: a blank."""
    rows = {cell.code: Decimal(0) for cell in templates.load()["2021"].cells() if cell.code.startswith("requests.")}
    facts = []
    for code in rows:
        value = changed.get(code.removeprefix("requests.").removesuffix(".total").replace(".", "_"), 0)
        state = "blank" if value is None else "number"
        facts.append(
            FactRow(code=code, state=state, value=None if value is None else Decimal(value), unit="件", raw="")
        )
    return facts


def stated(key: str, value: int, *, about: bool = False) -> dict[str, Any]:
    return {"key": key, "value": str(value), "about": about, "raw": f"{value}件", "place": {"block": 2}}


def test_a_blank_is_never_added_up_as_nought() -> None:
    told = _told(stated("refused", 5), "2021", table_three(refused_third_party=2, refused_law_forbids=3))
    assert (told.table, told.agrees) == ("5", True)
    blank = table_three(refused_third_party=2, refused_law_forbids=3, refused_state_secret=None)
    assert (_told(stated("refused", 5), "2021", blank).table, _told(stated("refused", 5), "2021", blank).agrees) == (
        None,
        None,
    )
    assert _told(stated("refused", 5), "2008", []).table is None


def test_a_number_that_is_about_agrees_only_in_part() -> None:
    facts = table_three(received=3750, processed_total=3750, received_natural_person=3750)
    told = _told(stated("requests_received", 3744, about=True), "2021", facts)
    assert (told.number, told.about, told.table, told.agrees, told.place) == ("3,744", True, "3,750", None, "段2")
    assert _told(stated("requests_received", 3744), "2021", facts).agrees is False
    assert _told(stated("requests_received", 9000, about=True), "2021", facts).agrees is False


def test_an_uncertain_cell_is_not_compared() -> None:
    facts = table_three(received=12, processed_total=12)
    for fact in facts:
        fact.certain = fact.code != "requests.received.total"
    assert _told(stated("requests_received", 13), "2021", facts).agrees is None
    unsure = stated("requests_received", 13) | {"certain": False}
    assert _told(unsure, "2021", table_three(received=12, processed_total=12)).agrees is None


@pytest.mark.integration
def test_the_same_on_postgresql(seeded: Context, postgres_url: str, tmp_path: Path) -> None:
    context = seed(postgres_url, tmp_path)
    one, other = build_board(context), build_board(seeded)
    with context.sessions() as there, seeded.sessions() as here:
        for filters in (Filters(), Filters(region="990121"), Filters(text="统计")):
            assert overview(there, one, context.configuration, filters, NOW) == overview(
                here, other, seeded.configuration, filters, NOW
            )
            assert late_list(there, one, context.configuration, filters, NOW) == late_list(
                here, other, seeded.configuration, filters, NOW
            )
            assert matrix(one, context.configuration.portals, filters, NOW, "zh") == matrix(
                other, seeded.configuration.portals, filters, NOW, "zh"
            )
    for agency_id in (one.id for one in seeded.configuration.agencies.values() if one.watched_years):
        one_year, other_year = year_of(context, agency_id), year_of(seeded, agency_id)
        assert (one_year.verdict, one_year.findings) == (other_year.verdict, other_year.findings)
        assert [r.tables for r in one_year.reports] == [r.tables for r in other_year.reports]
        assert [len(r.captures) for r in one_year.reports] == [len(r.captures) for r in other_year.reports]
        assert page_of(context, agency_id) == page_of(seeded, agency_id)


def test_captures_are_bounded_but_every_content_is_kept(tmp_path: Path) -> None:
    sessions = open_store(f"sqlite:///{tmp_path / 'captures.db'}", create=True)
    with sessions.begin() as session:
        run = start_run(session, "sim", NOW, simulated=True)
        entry = Entry(portal="sim", column="nb", url="http://127.0.0.1:9/x")
        session.add(entry)
        session.flush()
        for number in range(100):
            at = NOW + dt.timedelta(days=number)
            session.add(
                Capture(
                    run_id=run, entry_id=entry.id, portal="sim", column="nb", kind="detail", url=entry.url,
                    final_url=entry.url, fetched_at=at, status=200, outcome="healthy", sha256=f"{number // 90:064}",
                )
            )  # fmt: skip
        session.flush()
        shown = coverage.captures(session, [entry.id], {1}, 20)
        assert [found.capture.id for found in shown] == [*range(100, 80, -1), 1]
        assert {found.of for found in shown} == {100}
        assert coverage.newest_contents(session, [entry.id]) == {(entry.id, entry.url): f"{1:064}"}


def test_every_word_that_the_page_builds_has_its_text() -> None:
    known = keys()
    for state in (*(state.value for state in State), "unjudged", "unwatched"):
        assert {f"page.short.{state}", f"page.legend.{state}"} <= known
    for cell in CellState:
        assert f"page.cell.{cell.value}" in known
    for state in (State.LATE, State.MISSING, State.DUE_SOON):
        assert f"page.days.{state.value}" in known
