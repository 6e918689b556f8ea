"""The list of changes: what is shown of each, how it is filtered, and how it goes on."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from config.alerts import Severity
from config.changes import ChangeKind
from crawler.store.reads import changes as reads
from crawler.store.session import Sessions, open_store
from crawler.store.tables import Change
from monitor.board import Board, build
from monitor.context import Context
from monitor.status.filters import Filters
from monitor.status.views import changes as view
from monitor.status.views.changes import PAGE, Choice, changes_page
from tests.monitor.status.test_report_page import AFFAIRS, soup, text_of
from tests.monitor.status.test_routes import ask

AT = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)


def test_each_change_says_what_changed_and_leads_to_its_diff(app: FastAPI) -> None:
    lines = soup(app, "/changes?change=numbers").select(".change-list > li")
    assert len(lines) == 1
    said = text_of(lines[0])
    for words in ("示例市民政局", "虚构", "2024年度报告", "数字改动", "37", "35", "没有看到更正说明"):
        assert words in said, words
    assert lines[0].select_one(f'a[href^="/agency/{AFFAIRS}/2024/diff/"]')
    assert str(lines[0]["id"]).startswith("change-")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?severity=high", 2),
        ("?severity=low", 0),
        ("?kind=department", 2),
        ("?kind=government", 0),
        ("?q=民政", 1),
        ("?year=2024", 2),
        ("?year=2023", 0),
        ("?change=withdrawn", 1),
        ("?region=990100", 2),
        ("?region=110000", 0),
    ],
)
def test_filters(app: FastAPI, query: str, count: int) -> None:
    assert len(soup(app, f"/changes{query}").select(".change-list > li")) == count


@pytest.mark.parametrize("query", ["change=guilty", "severity=worst", "before=0", "before=x", "before=1e9", "kind=x"])
def test_filters_that_mean_nothing(app: FastAPI, query: str) -> None:
    assert ask(app, f"/changes?{query}").status_code == 400


def test_every_view_has_one_address(app: FastAPI) -> None:
    answer = ask(app, "/en/changes?severity=high&q=&page=3&kind=department&change=")
    assert (answer.status_code, answer.headers["location"]) == (302, "/en/changes?kind=department&severity=high")
    html = ask(app, "/en/changes?kind=department&severity=high").text
    assert 'href="/feeds/changes.atom?kind=department&amp;lang=en"' in html


@pytest.fixture
def many(tmp_path: Path, seeded: Context) -> Iterator[tuple[Sessions, Board]]:
    """3,000 changes of two agencies in turn, most of them cosmetic."""
    sessions = open_store(f"sqlite:///{tmp_path / 'gongkai.db'}", create=True)
    with sessions.begin() as session:
        for number in range(1, 3001):
            session.add(
                Change(
                    key=f"k{number}",
                    agency_id="shili-sjj" if number % 2 else "shili-mzj",
                    year=2023 + number % 2,
                    at=AT,
                    kind="text" if number % 10 == 0 or number % 10 == 1 else "cosmetic",
                    severity="low" if number % 10 == 0 else "",
                    url="http://127.0.0.1:9/1.html",
                    details={},
                )
            )
    with sessions() as session:
        board = build(session, seeded.configuration, seeded.now)
    yield sessions, board


def test_pages_follow_each_other_without_gap_or_repetition(many: tuple[Sessions, Board], seeded: Context) -> None:
    sessions, board = many
    seen: list[int] = []
    before: int | None = None
    with sessions() as session:
        while True:
            page = changes_page(session, board, seeded.configuration, Filters(), Choice(before=before))
            seen += [change.row.id for change in page.changes]
            before = page.older
            if before is None:
                break
            assert len(page.changes) == PAGE
        expected = session.scalars(select(Change.id).where(Change.kind == "text").order_by(Change.id.desc())).all()
    assert seen == list(expected) and len(seen) == 600


def test_a_rare_kind_is_found_and_the_search_is_bounded(
    many: tuple[Sessions, Board], seeded: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, board = many
    monkeypatch.setattr(view, "FEW", 0)
    monkeypatch.setattr(view, "PORTION", 20)
    monkeypatch.setattr(view, "PORTIONS", 3)
    with sessions() as session:
        page = changes_page(
            session, board, seeded.configuration, Filters(text="民政"), Choice(kind=ChangeKind.COSMETIC)
        )
        assert page.ended and page.older is not None
        assert {change.row.agency_id for change in page.changes} == {"shili-mzj"}
        rest = changes_page(
            session,
            board,
            seeded.configuration,
            Filters(text="民政"),
            Choice(kind=ChangeKind.COSMETIC, before=page.older),
        )
        assert max(change.row.id for change in rest.changes) < min(change.row.id for change in page.changes)
        low = changes_page(session, board, seeded.configuration, Filters(), Choice(severity=Severity.LOW))
        assert all(change.row.severity == "low" for change in low.changes) and low.changes


def test_few_agencies_and_all_of_them_give_the_same(
    many: tuple[Sessions, Board], seeded: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, board = many
    filters = Filters(text="民政", first=2023, last=2023)
    with sessions() as session:
        few = changes_page(session, board, seeded.configuration, filters, Choice())
        monkeypatch.setattr(view, "FEW", 0)
        through = changes_page(session, board, seeded.configuration, filters, Choice())
    assert [change.row.id for change in few.changes] == [change.row.id for change in through.changes]
    assert few.older == through.older and len(few.changes) == PAGE


def test_headings_are_found_by_index(many: tuple[Sessions, Board]) -> None:
    sessions, _ = many
    with sessions() as session:
        assert [one.id for one in reads.headings(session, ["text", "cosmetic"], 100, 3)] == [99, 98, 97]
        plan = session.execute(
            text("EXPLAIN QUERY PLAN SELECT id FROM change WHERE kind = :kind AND id < :id ORDER BY id DESC LIMIT 9"),
            {"kind": "text", "id": 100},
        ).all()
    told = " ".join(str(row[-1]) for row in plan)
    assert re.search(r"USING (COVERING )?INDEX ix_change_kind_id", told) and "TEMP B-TREE" not in told
