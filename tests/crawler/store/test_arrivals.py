"""Which entries may be part of a re-import: found by both databases alike, around the turn of a year in Shanghai."""

import datetime as dt

import pytest
from sqlalchemy import select

from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.store.reads.arrivals import arrivals
from crawler.store.session import Sessions
from crawler.store.tables import Capture, Entry, Filing, Reading
from crawler.store.writes.visit import add_captures, add_look, start_run

UNTIL = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
BEFORE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def store(sessions: Sessions, at: dt.datetime, year: int) -> None:
    """A column that was seen well and empty, then one entry at `at`, filed as the report of `year`."""
    url = "http://127.0.0.1/a"
    listed = ListedEntry(url, "报告", None, "", "report", "标题")
    page = CaptureItem(
        portal="shili", column="nb", kind="detail", url=url, final_url=url, fetched_at=at, status=200,
        outcome=LookOutcome.HEALTHY, body=b"x", media_type="text/html", headers=(), entry_url=url,
    )  # fmt: skip
    with sessions.begin() as session:
        run = start_run(session, "shili", BEFORE, simulated=True)
        add_look(session, run, LookItem("shili", "nb", BEFORE, LookOutcome.HEALTHY, entries=(), pages=1))
        add_look(session, run, LookItem("shili", "nb", at, LookOutcome.HEALTHY, entries=(listed,), pages=1))
        add_captures(session, run, [(page, "ab" * 32)])
        session.flush()
        capture = session.scalars(select(Capture)).one()
        reading = Reading(sha256="ab" * 32, extractor="3", read_at=at, is_report=True, details={})
        session.add(reading)
        session.flush()
        entry = session.scalars(select(Entry)).one()
        session.add(
            Filing(
                entry_id=entry.id, reading_id=reading.id, capture_id=capture.id, decision="filed", agency_id="shili-slj",
                year=year, evidence={},
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "year", "is_found"),
    [
        ("2024-06-01T12:00+08:00", 2022, True),
        ("2024-06-01T12:00+08:00", 2023, False),
        ("2024-01-01T00:30+08:00", 2022, True),  # in UTC it is still December
        ("2023-12-30T12:00+08:00", 2022, False),
        ("2023-06-01T12:00+08:00", 2012, True),
    ],
)
def test_old_reports_are_found_by_their_year(sessions: Sessions, at: str, year: int, is_found: bool) -> None:
    moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
    store(sessions, moment, year)
    with sessions() as session:
        found = list(arrivals(session, UNTIL, 2))
    assert [(row.agency_id, row.year, row.at) for row in found] == ([("shili-slj", year, moment)] if is_found else [])
