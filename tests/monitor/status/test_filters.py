"""What the address of the overview selects, and what it may lead to."""

import pytest

from config.schema import Agency, AgencyKind
from monitor.model import State
from monitor.status.filters import BadFilter, Filters
from monitor.status.links import web_address

AGENCY = Agency(
    id="shili-slj",
    name="示例市水利局",
    aliases=("示例市水务局",),
    region_code="990121",
    region="示例省示例市示例县",
    kind=AgencyKind.DEPARTMENT,
    invented=True,
)


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
        (Filters(text="示 例 市"), True),
        (Filters(text="水务"), True),  # a former name
        (Filters(text="SHILI-SLJ"), True),
        (Filters(text="教育"), False),
        (Filters(text=".*"), False),
        (Filters(region="990000"), True),
        (Filters(region="990100"), True),
        (Filters(region="990121"), True),
        (Filters(region="990122"), False),
        (Filters(kind=AgencyKind.TOWNSHIP), False),
    ],
)
def test_who_is_selected(filters: Filters, admitted: bool) -> None:
    assert filters.admits(AGENCY) is admitted


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
