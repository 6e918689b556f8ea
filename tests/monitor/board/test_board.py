"""The board against plain Python over the same registry and states: any selection, count, place."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from config.load import Configuration
from config.schema import Agency, AgencyKind, Level
from crawler.model import DateSource
from crawler.store.session import open_store
from monitor.board import Board, Totals, build
from monitor.board.board import FLAG_BITS, region_span
from monitor.board.pack import packed, unpacked
from monitor.days import late_span
from monitor.model import State
from tests.monitor.board.world import NOW, Stand, Stands, agency, configuration, moment, record

REGIONS = ("100000", "980000", "990000", "990100", "990121", "990122", "990200", "990221")
NAMES = ("示例市教育局", "示例县水务局", "示例乡人民政府", "示例重庆银行监管局", "示例ABC办", "示例县教育局（本级）")
SUPERVISORS = ("", "示例市人民政府办公室", "示例县人民政府办公室")
KINDS = ("late", "missing", "changed", "copied")
YEARS = range(2019, 2024)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2024, 6, 1))
SLUGS = ("a1", "b2", "x9")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    sessions = open_store(f"sqlite:///{tmp_path_factory.mktemp('board') / 'store.db'}", create=True)
    with sessions() as made:
        yield made
    sessions.kw["bind"].dispose()


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Configuration, Stands]:
    agencies = [
        agency(
            number,
            draw(st.sampled_from(NAMES)),
            region=draw(st.sampled_from(REGIONS)),
            kind=draw(st.sampled_from(AgencyKind)),
            supervisor=draw(st.sampled_from(SUPERVISORS)),
            former=draw(st.lists(st.sampled_from(NAMES), max_size=1)),
            years=draw(st.sampled_from(((2020, None), (2021, 2022), (2019, 2019), None))),
        )
        for number in range(draw(st.integers(0, 7)))
    ]
    portals = {slug: [one.id for one in agencies if draw(st.booleans())] for slug in SLUGS}
    spots = [(one.id, year) for one in agencies for year in YEARS]
    stands = draw(st.dictionaries(st.sampled_from([*spots, ("stranger", 2021)]), standings(), max_size=12))
    return configuration(agencies, portals), stands


def standings() -> st.SearchStrategy[Stand]:
    some = st.frozensets(st.sampled_from(KINDS), max_size=2)
    dates = st.lists(st.tuples(st.sampled_from([source.value for source in DateSource]), DAYS), max_size=3)
    maybe = st.one_of(st.none(), DAYS)
    return st.builds(
        Stand,
        st.sampled_from(State),
        due=maybe,
        seen=maybe,
        absent=maybe,
        stated=dates.map(tuple),
        kinds=some,
        closed=some,
    )


def made(session: Session, world: tuple[Configuration, Stands]) -> Board:
    record(session, world[1])
    return build(session, world[0], NOW, NOW)


def ids(board: Board, mask: Any) -> set[str]:
    return {board.ids[row] for row in np.flatnonzero(mask)}


def shown(world: tuple[Configuration, Stands], board: Board) -> dict[tuple[str, int], Stand]:
    """What is recorded of years that are watched and over."""
    agencies, stands = world[0].agencies, world[1]
    return {
        (agency_id, year): one
        for (agency_id, year), one in stands.items()
        if agency_id in agencies and year in board.years and agencies[agency_id].watched(year)
    }


some_examples = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some_examples
@given(world=worlds())
def test_rows_are_in_the_order_of_the_lists(session: Session, world: tuple[Configuration, Stands]) -> None:
    board = made(session, world)
    agencies = world[0].agencies
    order = ["government", "department", "township"]
    expected = sorted(agencies.values(), key=lambda one: (one.region_code, order.index(one.kind)))
    assert board.ids == tuple(one.id for one in expected)
    assert board.names == tuple(one.name for one in expected)
    assert [board.row_of[one.id] for one in expected] == list(range(len(board)))
    watched = {year for one in expected for year in range(2007, 2024) if one.watched(year)}
    assert board.years == tuple(sorted(watched))
    for one in expected:
        slugs = {slug for slug, _ in world[0].columns_of(one.id)}
        assert board.portals_of(board.row_of[one.id]) == tuple(sorted(slugs))


@some_examples
@given(world=worlds(), data=st.data())
def test_a_selection_is_that_of_plain_python(
    session: Session, world: tuple[Configuration, Stands], data: st.DataObject
) -> None:
    board = made(session, world)
    region = data.draw(st.sampled_from(("", *REGIONS, "000000", "123456")))
    kind = data.draw(st.one_of(st.none(), st.sampled_from(AgencyKind)))
    level = data.draw(st.one_of(st.none(), st.sampled_from(Level)))
    supervisor = data.draw(st.sampled_from((*SUPERVISORS, "无此办公室")))
    portal = data.draw(st.sampled_from(("", *SLUGS, "none")))
    family = data.draw(st.sampled_from(("", "trs", "hanweb", "none")))

    def fits(one: Agency) -> bool:
        low, high = region_span(region) if region else (0, 999_999)
        slugs = [slug for slug, _ in world[0].columns_of(one.id)]
        found = [slug for slug in slugs if portal in ("", slug) and family in ("", world[0].portals[slug].family)]
        return (
            low <= int(one.region_code) <= high
            and kind in (None, one.kind)
            and level in (None, one.level)
            and supervisor in ("", one.supervisor)
            and (bool(found) or not (portal or family))
        )

    mask = board.select(region=region, kind=kind, level=level, supervisor=supervisor, portal=portal, family=family)
    assert ids(board, mask) == {one.id for one in world[0].agencies.values() if fits(one)}


@some_examples
@given(world=worlds(), data=st.data())
def test_states_and_flags_are_counted_as_plain_python_does(
    session: Session, world: tuple[Configuration, Stands], data: st.DataObject
) -> None:
    board = made(session, world)
    recorded = shown(world, board)
    states = data.draw(st.lists(st.sampled_from(State), min_size=1, max_size=3))
    kinds = data.draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True))
    first, last = data.draw(st.tuples(st.integers(2018, 2024), st.integers(2018, 2024)))
    assert ids(board, board.in_state(states, first, last)) == {
        agency_id for (agency_id, year), one in recorded.items() if first <= year <= last and one.state in states
    }
    assert ids(board, board.flagged(kinds, first, last)) == {
        agency_id for (agency_id, year), one in recorded.items() if first <= year <= last and one.kinds & set(kinds)
    }
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(board), max_size=len(board))), dtype=np.bool_)
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(board), max_size=len(board))), dtype=np.int64)
    for year in board.years:
        everybody = [one for one in world[0].agencies.values() if one.watched(year)]
        picked = [one for one in everybody if mask[board.row_of[one.id]]]
        assert board.totals(year) == totals(recorded, everybody, year)
        assert board.totals(year, mask) == totals(recorded, picked, year)
        assert board.totals_by(groups, 3, year, mask) == [
            totals(recorded, [one for one in picked if groups[board.row_of[one.id]] == group], year)
            for group in range(3)
        ]


def totals(recorded: Stands, agencies: list[Agency], year: int) -> Totals:
    states = dict.fromkeys(State, 0)
    unjudged = 0
    for one in agencies:
        stand = recorded.get((one.id, year))
        if stand is None:
            unjudged += 1
        else:
            states[stand.state] += 1
    return Totals(year, states, unjudged)


@some_examples
@given(world=worlds())
def test_a_place_says_what_is_recorded_and_no_more(session: Session, world: tuple[Configuration, Stands]) -> None:
    board = made(session, world)
    recorded = shown(world, board)
    for one in world[0].agencies.values():
        for year in board.years:
            place = board.place(board.row_of[one.id], year, NOW)
            stand = recorded.get((one.id, year))
            assert place.watched == one.watched(year)
            if stand is None:
                assert (place.state, place.due, place.days, place.flags) == (None, None, None, ())
                assert (place.seen_on, place.absent_on, place.stated_on) == (None, None, None)
                continue
            assert (place.state, place.due) == (stand.state, stand.due)
            assert (place.seen_on, place.absent_on) == (stand.seen, stand.absent)
            assert set(place.flags) == stand.kinds
            claimed = [day for source, day in stand.stated if DateSource(source).claims_publication]
            assert place.stated_on == min(claimed, default=None)
            assert place.days == days(stand)


def days(stand: Stand) -> tuple[int, int] | None:
    today = NOW.date()
    if stand.due is None:
        return None
    match stand.state:
        case State.MISSING:
            return ((today - stand.due).days,) * 2
        case State.DUE_SOON:
            return ((stand.due - today).days,) * 2
        case State.LATE if stand.seen is not None and stand.seen > stand.due:
            absent = moment(stand.absent, 0) if stand.absent else None
            return late_span(stand.due, absent, moment(stand.seen))
        case _:
            return None


@some_examples
@given(world=worlds())
def test_it_is_the_same_after_packing(session: Session, world: tuple[Configuration, Stands]) -> None:
    board = made(session, world)
    again = unpacked(packed(board))
    assert again is not None
    for name, value in vars(board).items():
        other = getattr(again, name)
        if isinstance(value, np.ndarray):
            assert value.dtype == other.dtype, name
            assert value.flags.f_contiguous == other.flags.f_contiguous, name
            assert np.array_equal(value, other), name
        elif name not in ("row_of", "column_of", "_found"):
            assert value == other, name
    assert made(session, world).digest == board.digest == again.digest


def test_the_digest_changes_with_what_is_shown_and_with_nothing_else(session: Session) -> None:
    agencies = [agency(1, "示例市教育局"), agency(2, "示例县水务局")]
    known = configuration(agencies)
    record(session, {("shili-1", 2022): Stand(State.MISSING, due=dt.date(2023, 1, 31))})
    digest = build(session, known, NOW, NOW).digest
    later = NOW + dt.timedelta(hours=5)
    assert build(session, known, later, later).digest == digest
    assert build(session, known, later, later).version != build(session, known, NOW, NOW).version
    assert build(session, configuration(agencies[:1]), NOW, NOW).digest != digest
    record(session, {("shili-1", 2022): Stand(State.MISSING, due=dt.date(2023, 1, 31), kinds=frozenset({"missing"}))})
    assert build(session, known, NOW, NOW).digest != digest


def test_what_a_later_program_packs_is_not_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(build(session, configuration([agency(1, "示例市教育局")]), NOW, NOW))
    assert unpacked(content) is not None
    monkeypatch.setattr("monitor.board.pack.FORMAT", "another")
    assert unpacked(content) is None


def test_every_kind_of_event_has_a_flag_of_its_own_that_fits() -> None:
    assert len(set(FLAG_BITS.values())) == len(FLAG_BITS)
    assert max(FLAG_BITS.values()) <= np.iinfo(np.uint32).max


@pytest.mark.parametrize(
    ("code", "span"),
    [
        ("990000", (990_000, 999_999)),
        ("990100", (990_100, 990_199)),
        ("990121", (990_121, 990_121)),
        ("100000", (0, 999_999)),
        ("000000", (0, 999_999)),
    ],
)
def test_a_region_holds_what_lies_below_it(code: str, span: tuple[int, int]) -> None:
    assert region_span(code) == span
