"""Which board a process shows: the newest that was kept for its registry, or one of its own; and one thread looks at a time."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from crawler.store.session import Sessions, open_store
from crawler.store.tables import BoardRow, JobRun
from monitor.board import Board, Boards, build
from monitor.board.keeping import keep
from monitor.model import State
from tests.monitor.board.world import NOW, Stand, agency, configuration, record

DUE = dt.date(2023, 1, 31)
KNOWN = configuration([agency(1, "示例市教育局"), agency(2, "示例县水务局")])


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    made = open_store(database_url, create=True)
    yield made
    made.kw["bind"].dispose()


@pytest.fixture(autouse=True)
def always_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.board.kept.LOOK_EVERY", -1.0)


def judge(sessions: Sessions, state: State, at: dt.datetime = NOW) -> bool:
    """Records a state and keeps the board that follows, as evaluate does; whether one was kept."""
    with sessions.begin() as session:
        record(session, {("shili-1", 2022): Stand(state, due=DUE)})
        return keep(session, build(session, KNOWN, at, at))


def boards(sessions: Sessions, now: dt.datetime = NOW) -> Boards:
    return Boards(sessions, KNOWN, lambda: now)


def state_of(board: Board) -> State | None:
    return board.place(board.row_of["shili-1"], 2022, NOW).state


def kept(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count(BoardRow.id))) or 0


def test_a_newer_board_is_shown_as_soon_as_it_is_kept(sessions: Sessions) -> None:
    judge(sessions, State.MISSING)
    shown = boards(sessions)
    assert state_of(shown.current()) is State.MISSING
    assert shown.current() is shown.current()
    judge(sessions, State.LATE)
    assert state_of(shown.current()) is State.LATE


def test_a_board_that_says_the_same_is_not_kept_again_and_the_newest_two_stay(sessions: Sessions) -> None:
    assert judge(sessions, State.MISSING)
    assert not judge(sessions, State.MISSING, NOW + dt.timedelta(hours=1))
    assert kept(sessions) == 1
    for state in (State.LATE, State.ON_TIME, State.WITHDRAWN):
        assert judge(sessions, state)
    assert kept(sessions) == 2


def test_it_looks_at_most_once_a_second(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.board.kept.LOOK_EVERY", 1000.0)
    judge(sessions, State.MISSING)
    shown = boards(sessions)
    before = shown.current()
    judge(sessions, State.LATE)
    assert shown.current() is before


def test_without_a_kept_board_it_makes_its_own_and_again_when_something_was_recorded(sessions: Sessions) -> None:
    with sessions.begin() as session:
        record(session, {("shili-1", 2022): Stand(State.MISSING, due=DUE)})
    shown = boards(sessions)
    first = shown.current()
    assert state_of(first) is State.MISSING
    assert shown.current() is first
    with sessions.begin() as session:
        record(session, {("shili-1", 2022): Stand(State.LATE, due=DUE, kinds=frozenset({"late"}))})
    assert state_of(shown.current()) is State.LATE
    assert kept(sessions) == 0


def test_a_board_of_another_registry_is_not_shown(sessions: Sessions) -> None:
    judge(sessions, State.MISSING)
    other = configuration([agency(1, "示例市教育局"), agency(3, "示例乡人民政府")])
    shown = Boards(sessions, other, lambda: NOW).current()
    assert set(shown.ids) == {"shili-1", "shili-3"}
    assert state_of(shown) is State.MISSING


def test_a_board_in_another_form_is_not_shown_and_not_read_again_and_again(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(sessions, State.MISSING)
    read = []

    def unpacked(content: bytes) -> None:
        read.append(len(content))

    monkeypatch.setattr("monitor.board.kept.unpacked", unpacked)
    shown = boards(sessions)
    assert state_of(shown.current()) is State.MISSING
    assert shown.current() is shown.current()
    assert len(read) == 1


def test_a_later_evaluation_that_changed_nothing_is_told(sessions: Sessions) -> None:
    judge(sessions, State.MISSING)
    later = NOW + dt.timedelta(days=1)
    shown = boards(sessions, now=later)
    before = shown.current()
    assert before.judged_at == NOW
    with sessions.begin() as session:
        session.add(JobRun(job="evaluate", started_at=later, ended_at=later, outcome="finished"))
        tomorrow = later + dt.timedelta(days=1)  # beside a pretended present the jobs' clock may be ahead
        session.add(JobRun(job="evaluate", started_at=later, ended_at=later, outcome="failed"))
    after = shown.current()
    assert (after.judged_at, after.digest) == (later, before.digest)
    assert after.version != before.version
    with sessions.begin() as session:
        session.add(JobRun(job="evaluate", started_at=tomorrow, ended_at=tomorrow, outcome="finished"))
    assert shown.current().judged_at == later


def test_many_threads_ask_and_one_looks(sessions: Sessions) -> None:
    judge(sessions, State.MISSING)
    shown = boards(sessions)
    answers: list[State | None] = []
    ready = threading.Barrier(8)

    def ask() -> None:
        ready.wait()
        answers.extend(state_of(shown.current()) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    judge(sessions, State.LATE)
    for thread in threads:
        thread.join(60)
    assert len(answers) == 160
    assert set(answers) <= {State.MISSING, State.LATE}
    assert state_of(shown.current()) is State.LATE
