"""What a visit writes: runs that are left open, lists that change, bodies that are known."""

import datetime as dt

import pytest

from crawler.items import CaptureItem, ListedEntry, LookItem
from crawler.model import LookOutcome
from crawler.store.reads.visit import known_bodies, last_changes, listed_urls
from crawler.store.session import Sessions
from crawler.store.tables import Capture, Entry, EntryChange, Look, Run
from crawler.store.writes.visit import add_captures, add_look, finish_run, start_run

NOW = dt.datetime(2024, 2, 1, 12, 0, tzinfo=dt.UTC)
SHA = "ab" * 32


def entry(name: str, title: str = "示例市水利局2023年政府信息公开工作年度报告") -> ListedEntry:
    return ListedEntry(f"http://127.0.0.1/{name}", title, dt.date(2024, 1, 18), "2024-01-18", "report", "标题")


def look(*entries: ListedEntry, outcome: LookOutcome = LookOutcome.HEALTHY) -> LookItem:
    return LookItem("shili", "nb", NOW, outcome, entries=entries, pages=1)


def capture(name: str, **changes: object) -> CaptureItem:
    values: dict[str, object] = {
        "portal": "shili",
        "column": "nb",
        "kind": "detail",
        "url": f"http://127.0.0.1/{name}",
        "final_url": f"http://127.0.0.1/{name}",
        "fetched_at": NOW,
        "status": 200,
        "outcome": LookOutcome.HEALTHY,
        "body": b"x",
        "media_type": "text/html",
        "headers": (("ETag", '"1"'), ("Set-Cookie", "a"), ("Set-Cookie", "b")),
        "entry_url": f"http://127.0.0.1/{name}",
    }
    return CaptureItem(**(values | changes))  # type: ignore[arg-type]  # values of one test's row


def kinds(sessions: Sessions) -> list[tuple[str, str]]:
    with sessions() as session:
        rows = session.query(Entry.url, EntryChange.kind).join(Entry, Entry.id == EntryChange.entry_id)
        return [(url.rpartition("/")[2], kind) for url, kind in rows.order_by(EntryChange.id)]


def run(sessions: Sessions, item: LookItem) -> None:
    with sessions.begin() as session:
        add_look(session, start_run(session, "shili", NOW, simulated=True), item)


def test_a_list_is_stored_as_what_changed_in_it(sessions: Sessions) -> None:
    run(sessions, look(entry("a"), entry("b")))
    run(sessions, look(entry("a"), entry("b")))
    assert kinds(sessions) == [("a", "appeared"), ("b", "appeared")]
    run(sessions, look(entry("b", "改了标题")))
    assert sorted(kinds(sessions)[2:]) == [("a", "gone"), ("b", "changed")]
    run(sessions, look(entry("a"), entry("b", "改了标题")))
    assert kinds(sessions)[4:] == [("a", "appeared")]
    with sessions() as session:
        assert listed_urls(session, "shili", "nb") == {"http://127.0.0.1/a", "http://127.0.0.1/b"}
        assert listed_urls(session, "shili", "other") == frozenset()


@pytest.mark.parametrize("outcome", [outcome for outcome in LookOutcome if outcome is not LookOutcome.HEALTHY])
def test_only_a_healthy_look_says_that_something_left(sessions: Sessions, outcome: LookOutcome) -> None:
    run(sessions, look(entry("a")))
    run(sessions, look(outcome=outcome))
    assert kinds(sessions) == [("a", "appeared")]
    run(sessions, look(entry("b"), outcome=outcome))
    assert kinds(sessions)[1:] == [("b", "appeared")]


def test_a_run_that_a_dead_process_left_open_is_failed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        dead = start_run(session, "shili", NOW, simulated=False)
        other = start_run(session, "other", NOW, simulated=False)
    with sessions.begin() as session:
        alive = start_run(session, "shili", NOW + dt.timedelta(days=1), simulated=False)
        finish_run(session, alive, NOW + dt.timedelta(days=1), outcome="finished", requests=3)
    with sessions() as session:
        outcomes = {id_: session.get_one(Run, id_).outcome for id_ in (dead, other, alive)}
        assert outcomes == {dead: "failed", other: "running", alive: "finished"}
        assert "the process ended" in session.get_one(Run, dead).reason


def test_captures_of_unlisted_and_known_entries(sessions: Sessions) -> None:
    run(sessions, look(entry("a")))
    with sessions.begin() as session:
        run_id = start_run(session, "shili", NOW, simulated=True)
        add_captures(session, run_id, [])
        add_captures(session, run_id, [(capture("a"), SHA), (capture("new"), SHA)])
        add_captures(session, run_id, [(capture("list", kind="listing", entry_url=None), SHA)])
        add_captures(session, run_id, [(capture("a", outcome=LookOutcome.SOFT_404, status=404, body=None), None)])
    with sessions() as session:
        assert session.query(Entry).count() == 2
        first = session.query(Capture).order_by(Capture.id).first()
        assert first is not None
        assert first.headers["pairs"] == [["ETag", '"1"'], ["Set-Cookie", "a"], ["Set-Cookie", "b"]]
        assert [row.size for row in session.query(Capture).order_by(Capture.id)] == [1, 1, 1, None]
        assert session.query(Look).one().entries == 1
        assert set(last_changes(session, "shili", "nb")) == {first.entry_id}


def test_the_newest_good_body_is_the_known_one(sessions: Sessions) -> None:
    other = "cd" * 32
    with sessions.begin() as session:
        run_id = start_run(session, "shili", NOW, simulated=True)
        add_captures(session, run_id, [(capture("a"), SHA)])
        add_captures(session, run_id, [(capture("a", headers=(("etag", '"2"'), ("Last-Modified", "then"))), other)])
        add_captures(session, run_id, [(capture("a", outcome=LookOutcome.SOFT_404, status=404), SHA)])
    with sessions() as session:
        known = known_bodies(session, "shili")["http://127.0.0.1/a"]
        assert (known.sha256, known.etag, known.last_modified) == (other, '"2"', "then")
        assert known_bodies(session, "other") == {}
