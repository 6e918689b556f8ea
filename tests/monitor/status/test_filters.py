"""What an address of the page selects, and what it may lead to."""

import datetime as dt
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from config.alerts import Alerts
from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.load import Configuration, read_yaml
from config.schema import Agency, AgencyKind, Level, YearSpan
from crawler.store.session import open_store
from monitor.board import Board, build
from monitor.board.board import FLAG_BITS, STATE_CODES
from monitor.days import SHANGHAI
from monitor.model import State
from monitor.status.filters import BadFilter, Filters, Sort
from monitor.status.links import web_address

AGENCY = Agency(
    id="shili-slj",
    name="示例市水利局",
    aliases=("示例市水务局",),
    region_code="990121",
    region="示例省示例市示例县",
    kind=AgencyKind.DEPARTMENT,
    watched_years=(YearSpan(first=2023, last=2024),),
    invented=True,
)


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """One agency that nobody has judged."""
    deadlines = Deadlines.model_validate(read_yaml(PACKAGED_CONFIG / "deadlines.yml"))
    configuration = Configuration({AGENCY.id: AGENCY}, {}, deadlines, Alerts())
    with open_store(f"sqlite:///{tmp_path / 'store.db'}", create=True)() as session:
        return build(session, configuration, dt.datetime(2025, 3, 20, tzinfo=SHANGHAI))


def test_an_address_and_its_filters_are_the_same_thing() -> None:
    query = "?q=%E6%B0%B4%E5%88%A9&region=990100&kind=department&state=late&from=2020&to=2023&page=2"
    given = {"q": " 水利 ", "region": "990100", "kind": "department", "state": "late", "from": "2020", "to": "2023"}
    filters = Filters.of(given | {"page": "2"})
    assert filters == Filters(
        "水利", "990100", kind=AgencyKind.DEPARTMENT, state=State.LATE, first=2020, last=2023, page=2
    )
    assert filters.query() == query
    assert filters.active


def test_defaults_leave_no_trace() -> None:
    empty = Filters.of({"q": "", "region": "", "kind": "", "state": "", "from": "", "to": "", "page": "1", "x": "1"})
    assert empty == Filters()
    assert empty.query() == ""
    assert not empty.active
    assert not Filters(page=3).active


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "DROP"),
        ("state", "guilty"),
        ("from", "1949"),
        ("from", "二〇二〇"),
        ("from", "²⁰²⁰"),
        ("to", "-1"),
        ("page", "0"),
        ("page", "9" * 5000),
        ("region", "99"),
        ("region", "99%100"),
        ("own", "2"),
        ("flag", "guilty"),
        ("sort", "random"),
        ("size", "51"),
        ("year", "1949"),
        ("level", "planet"),
        ("q", "水" * 101),
        ("q", "a\x00b"),
    ],
)
def test_what_means_nothing_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadFilter, match=f"^{name}$"):
        Filters.of({name: value})


def test_years_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(BadFilter):
        Filters.of({"from": "2023", "to": "2020"})


@pytest.mark.parametrize(
    ("filters", "admitted"),
    [
        (Filters(text="水利"), True),
        (Filters(text="示 例 市"), True),  # every word occurs
        (Filters(text="水务"), True),  # another name
        (Filters(text="slsslj"), True),  # initials
        (Filters(text="shilishishuiliju"), True),
        (Filters(text="SHILI-SLJ"), True),
        (Filters(text="教育"), False),
        (Filters(text=".*"), False),
        (Filters(region="990000"), True),
        (Filters(region="990100"), True),
        (Filters(region="990100", own=True), False),
        (Filters(region="990121", own=True), True),
        (Filters(region="990122"), False),
        (Filters(kind=AgencyKind.TOWNSHIP), False),
        (Filters(level=Level.COUNTY), True),
        (Filters(supervisor="示例市人民政府办公室"), False),
        (Filters(portal="nobody"), False),
    ],
)
def test_who_is_selected(board: Board, filters: Filters, admitted: bool) -> None:
    assert filters.rows(board).tolist() == [admitted]
    assert filters.selected(board).tolist() == [admitted]


def test_state_and_finding_hold_in_the_same_shown_year(board: Board) -> None:
    late, changed = State.LATE, "changed"
    board.state[0] = [STATE_CODES[late], STATE_CODES[State.ON_TIME]]
    board.flags[0] = [0, FLAG_BITS[changed]]
    assert board.years == (2023, 2024)
    assert Filters(state=late).selected(board).all() and Filters(flag=changed).selected(board).all()
    assert not Filters(state=late, flag=changed).selected(board).any()
    assert Filters(state=State.ON_TIME, flag=changed).selected(board).all()
    assert not Filters(state=late, first=2024).selected(board).any()
    assert not Filters(flag=changed, last=2023).selected(board).any()


def test_one_view_has_one_address() -> None:
    filters = Filters(text="水利 局", state=State.LATE, own=True, region="990100", sort=Sort.WORST, size=100, year=2023)
    query = filters.query().removeprefix("?")
    assert filters.is_address(query)
    assert Filters.of(dict(parse_qsl(query))) == filters
    assert filters.is_address(query.replace("+", "%20"))
    for other in (f"{query}&page=1", f"page=1&{query}", f"{query}&kind=", f"{query}&q=x", "", f"utm=1&{query}"):
        assert not filters.is_address(other), other
    assert Filters.of({"own": "1"}) == Filters()  # of no region there is nothing below


@pytest.mark.parametrize(
    "address", ["http://www.example.org/a?b=c#d", "https://示例.example.org/年报/", "http://127.0.0.1:8/x"]
)
def test_plain_addresses_are_linked(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/x",
        "http://",
        "http:///x",
        "http://user:word@example.org/",
        "http://example.org\\@evil.example/",
        "http://[::1",
        "relative/page.html",
        "http://example.org/" + "a" * 2000,
        "",
    ],
)
def test_other_addresses_stay_text(address: str) -> None:
    assert web_address(address) is None
