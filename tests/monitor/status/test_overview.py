"""The overview, the matrix and the list of late and missing reports: what they say, in which order, of how many."""

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from config.alerts import Alerts
from config.load import Configuration
from config.schema import Agency, AgencyKind, YearSpan
from crawler.model import LookOutcome
from crawler.store.session import open_store
from monitor.board import Board, build
from monitor.board.board import FLAG_BITS, STATE_CODES
from monitor.context import Context
from monitor.model import State
from monitor.status.filters import Filters, Sort
from monitor.status.views.atlas import atlas
from monitor.status.views.late import LateList, late_list
from monitor.status.views.matrix import Matrix, due_year, matrix
from monitor.status.views.overview import Overview, overview
from monitor.status.views.paging import Paging
from monitor.status.views.rush import rush
from tests.monitor.status.seed import NOW
from tests.monitor.status.selects import counted

FEW_SELECTS = 5


@pytest.fixture(scope="module")
def board(seeded: Context) -> Board:
    with seeded.sessions() as session:
        return build(session, seeded.configuration, NOW)


def altered(board: Board) -> Board:
    """A copy of which the days and states may be written over."""
    arrays = {
        name: getattr(board, name).copy() for name in ("state", "due", "late", "seen", "absent", "stated", "flags")
    }
    return dataclasses.replace(board, **arrays)


def shown(seeded: Context, board: Board, filters: Filters, now: dt.datetime = NOW) -> Overview:
    with seeded.sessions() as session:
        return overview(session, board, seeded.configuration, filters, now)


def listed(seeded: Context, board: Board, filters: Filters, now: dt.datetime = NOW) -> LateList:
    with seeded.sessions() as session:
        return late_list(session, board, seeded.configuration, filters, now)


def cells_of(seeded: Context, board: Board, filters: Filters) -> Matrix:
    return matrix(board, seeded.configuration.portals, filters, NOW, "zh")


def ids(view: Matrix) -> list[str]:
    return [row.id for group in view.groups for row in group.rows]


def test_counts_against_the_deadline(seeded: Context, board: Board) -> None:
    view = shown(seeded, board, Filters())
    assert view.figures is not None
    totals = view.figures.totals
    assert (totals.year, totals.owing, totals.unjudged) == (2024, 12, 0)
    assert totals.states == {
        State.ON_TIME: 4,
        State.LATE: 1,
        State.DATE_UNSURE: 1,
        State.MISSING: 1,
        State.UNKNOWN: 2,
        State.WITHDRAWN: 1,
        State.DUE_SOON: 1,
        State.NOT_DUE: 1,
        State.EXEMPT: 0,
    }
    assert view.years == (2024, 2023, 2022)
    assert view.simulated


def test_what_is_told_apart_adds_up(seeded: Context, board: Board) -> None:
    """Province, prefecture, county: every level and the level itself; a supervising office for those that have one."""
    country = shown(seeded, board, Filters())
    assert country.figures is not None
    assert [(part.name, part.totals.owing) for part in country.figures.regions] == [("示例省", 12)]
    assert [(part.name, part.totals.owing) for part in country.figures.supervisors] == [("示例市人民政府办公室", 1)]
    city = shown(seeded, board, Filters(region="990100"))
    assert city.figures is not None
    parts = {(part.name, part.own): part for part in city.figures.regions}
    assert {key: part.totals.owing for key, part in parts.items()} == {("示例省示例市", True): 10, ("示例县", False): 2}
    for state, count in city.figures.totals.states.items():
        assert sum(part.totals.states[state] for part in parts.values()) == count
    for part in parts.values():
        assert board.totals(2024, part.filters.rows(board)) == part.totals
    assert [step.short for step in city.path] == ["示例省", "示例市"]
    county = shown(seeded, board, Filters(region="990121"))
    assert county.figures is not None and county.figures.regions == ()


def test_newest_late_ones_and_changes(seeded: Context, board: Board) -> None:
    view = shown(seeded, board, Filters())
    assert [(line.agency.id, line.place.days) for line in view.latest] == [("shili-slj", (4, 11))]
    assert [(line.agency.id, line.change.kind) for line in view.changes] == [
        ("shili-jyj", "withdrawn"),
        ("shili-mzj", "numbers"),
    ]
    elsewhere = shown(seeded, board, Filters(region="990121"))
    assert (elsewhere.latest, elsewhere.changes) == ((), ())


def test_what_could_not_be_seen(seeded: Context, board: Board) -> None:
    sight = shown(seeded, board, Filters()).sight
    assert (sight.portals, sight.blind_portals, sight.columns, sight.blind_columns) == (12, 2, 12, 2)
    outcomes = {column.portal: (column.outcome, column.healthy_at) for column in sight.blind}
    server_error, last_healthy = outcomes["sim-shili-jtj"]
    assert server_error is LookOutcome.SERVER_ERROR
    assert last_healthy is not None and last_healthy.date() == dt.date(2025, 1, 21)  # 03:00 in Shanghai
    assert outcomes["sim-shili-xxj"] == (LookOutcome.TRANSPORT_ERROR, None)


def test_nobody_looked_for_weeks_is_not_seen(seeded: Context, board: Board) -> None:
    sight = shown(seeded, board, Filters(), NOW + dt.timedelta(days=30)).sight
    assert sight.blind_portals == sight.portals


def test_newest_due_year_begins_on_the_due_day(seeded: Context) -> None:
    due = dt.datetime(2026, 1, 31, 0, 0, tzinfo=NOW.tzinfo)
    with seeded.sessions() as session:
        next_year = build(session, seeded.configuration, due)
    next_year.due[next_year.state[:, -1] > 0, -1] = due.date().toordinal()
    assert next_year.years[-1] == 2025
    assert due_year(next_year, due) == 2025
    assert due_year(next_year, due - dt.timedelta(seconds=1)) == 2024


def test_a_day_of_publication_is_proven_or_stated_or_told_as_unknown(board: Board) -> None:
    changed = altered(board)
    due, row, column = dt.date(2025, 1, 31).toordinal(), board.row_of["shili-tjj"], board.column_of[2024]
    mask = np.zeros(len(board), dtype=np.bool_)
    mask[row] = True
    for days, expected in {
        (due - 3, due, 0): (1, 0, 0),  # seen within three days after the last absence
        (due - 4, due, 0): (0, 0, 1),
        (0, due, 0): (0, 0, 1),  # never looked before
        (0, due, due - 9): (0, 1, 0),  # stated, and nothing speaks against it
        (due - 5, due, due - 9): (0, 0, 1),  # stated for a day after which it was proven not to be there
        (due - 5, due, due + 1): (0, 0, 1),  # stated for a day before which it was seen
        (due - 2, due, due - 9): (1, 0, 0),  # our own looks come first
    }.items():
        changed.absent[row, column], changed.seen[row, column], changed.stated[row, column] = days
        found = rush(changed, mask, 2024, NOW)
        assert (found.seen, found.stated, found.unproven) == expected, days
        drawn = sum(day.seen + day.stated for day in found.days) + found.before + found.after
        assert drawn == found.seen + found.stated
    changed.state[row, column] = STATE_CODES[State.MISSING]
    assert rush(changed, mask, 2024, NOW).published == 0


def test_days_without_gaps_and_the_due_days(board: Board) -> None:
    found = rush(board, np.ones(len(board), dtype=np.bool_), 2024, NOW)
    days = [day.day for day in found.days]
    assert days == [dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(len(days))]
    assert days[-1] == NOW.date()  # nothing is drawn of what is to come
    assert dict(found.due) == {dt.date(2025, 1, 31): 10, dt.date(2025, 3, 31): 1}
    assert found.published == 7


def test_orders_of_the_matrix(seeded: Context, board: Board) -> None:
    by_name = ids(cells_of(seeded, board, Filters(sort=Sort.NAME, region="990000")))
    assert by_name.index("shili-jtj") < by_name.index("shili-tjj") < by_name.index("shili-whj")  # 交, 统, 文
    assert ids(cells_of(seeded, board, Filters(sort=Sort.DAYS)))[:2] == ["shili-whj", "shili-slj"]  # 48, 11 days
    assert ids(cells_of(seeded, board, Filters(sort=Sort.WORST)))[0] == "shili-hostile"  # missing twice
    assert ids(cells_of(seeded, board, Filters(sort=Sort.WORST, first=2024)))[:2] == ["shili-slj", "shili-whj"]
    assert sorted(by_name) == sorted(ids(cells_of(seeded, board, Filters(region="990000"))))


def test_a_finding_selects(seeded: Context, board: Board) -> None:
    assert ids(cells_of(seeded, board, Filters(flag="changed"))) == ["shili-mzj"]


def test_a_cell_links_to_its_report_and_says_days_and_findings(seeded: Context, board: Board) -> None:
    (group,) = cells_of(seeded, board, Filters(text="水利")).groups
    assert '<a href="/agency/shili-slj/2024">' in group.rows[0].cells
    assert "迟4至11天" in group.rows[0].cells
    english = matrix(board, {}, Filters(text="民政"), NOW, "en").groups[0].rows[0].cells
    assert '<a href="/en/agency/shili-mzj/2024">' in english and "numbers changed" in english
    unwatched = cells_of(seeded, board, Filters(text="信息中心")).groups[0].rows[0].cells
    assert 'href="/' not in unwatched


def test_the_late_list_in_groups_with_reasons(seeded: Context, board: Board) -> None:
    view = listed(seeded, board, Filters())
    assert [(group.name, [row.agency.id for row in group.rows]) for group in view.groups] == [
        ("missing", ["shili-whj"]),
        ("late", ["shili-slj"]),
        ("date_unsure", ["shili-swj"]),
        ("unknown", ["shili-jtj", "shili-xxj"]),
        ("withdrawn", ["shili-jyj"]),
    ]
    assert dict(view.counts) == {
        "missing": 1,
        "late": 1,
        "date_unsure": 1,
        "unknown": 2,
        "withdrawn": 1,
        "local_late": 0,
    }
    for group in view.groups:
        for row in group.rows:
            assert row.verdict is not None and row.verdict.reason("zh") and row.verdict.reason("en")
    assert view.groups[0].rows[0].place.days == (48, 48)
    assert [group.name for group in listed(seeded, board, Filters(state=State.LATE)).groups] == ["late"]
    assert [group.name for group in listed(seeded, board, Filters(year=2023)).groups] == ["missing"]


def test_only_a_local_day_missed_is_a_group_of_its_own(seeded: Context, board: Board) -> None:
    changed = altered(board)
    for agency_id in ("shili-tjj", "shili-slj"):  # on time, late
        changed.flags[board.row_of[agency_id], board.column_of[2024]] |= FLAG_BITS["local_late"]
    view = listed(seeded, changed, Filters(flag="local_late"))
    assert [(group.name, [row.agency.id for row in group.rows]) for group in view.groups] == [
        ("late", ["shili-slj"]),
        ("local_late", ["shili-tjj"]),
    ]
    assert dict(view.counts)["local_late"] == 2


def test_a_reason_of_another_state_is_not_told(seeded: Context, board: Board) -> None:
    changed = altered(board)
    changed.state[board.row_of["shili-tjj"], board.column_of[2024]] = STATE_CODES[State.UNKNOWN]  # the store: on time
    rows = {row.agency.id: row for group in listed(seeded, changed, Filters()).groups for row in group.rows}
    assert rows["shili-tjj"].verdict is None
    assert rows["shili-jtj"].verdict is not None


def test_selects_are_few(seeded: Context, board: Board) -> None:
    for filters in (Filters(), Filters(region="990100"), Filters(text="统计")):
        with counted(seeded.sessions) as statements:
            shown(seeded, board, filters)
        assert len(statements) <= FEW_SELECTS
        with counted(seeded.sessions) as statements:
            listed(seeded, board, filters)
            cells_of(seeded, board, filters)
        assert len(statements) <= 1


def test_thousands_of_agencies(tmp_path: Path, seeded: Context) -> None:
    many = {
        f"shili-{n}": Agency(
            id=f"shili-{n}",
            name=f"示例{n}局",
            region_code=f"99{n % 100:02}00",
            region=f"示例省示例{n % 100}市",
            kind=AgencyKind.DEPARTMENT,
            watched_years=(YearSpan(first=2008),),
            invented=True,
        )
        for n in range(2000)
    }
    configuration = Configuration(many, {}, seeded.configuration.deadlines, Alerts())
    with open_store(f"sqlite:///{tmp_path / 'many.db'}", create=True)() as session:
        board = build(session, configuration, NOW)
    view = matrix(board, {}, Filters(page=2), NOW, "zh")
    assert (view.paging.found, view.paging.last, len(view.years)) == (2000, 40, 17)
    assert (view.paging.begin, view.paging.end, len(ids(view))) == (51, 100, 50)
    assert sum(region.own for region in atlas(board).children("990000")) == 1  # n % 100 == 0: the province itself
    pages = [ids(matrix(board, {}, Filters(page=page, size=100), NOW, "zh")) for page in range(1, 21)]
    assert sorted(one for page in pages for one in page) == sorted(many)


@pytest.mark.parametrize(
    ("found", "page", "pages"),
    [
        (0, 1, (1,)),
        (50, 1, (1,)),
        (51, 1, (1, 2)),
        (150_000, 1, (1, 2, 3, None, 3000)),
        (150_000, 1500, (1, None, 1498, 1499, 1500, 1501, 1502, None, 3000)),
    ],
)
def test_named_pages(found: int, page: int, pages: tuple[int | None, ...]) -> None:
    assert Paging.of(found, page, 50).pages == pages
