"""What check tells of a registry, and what diff tells of two."""

import datetime as dt

import pytest

from config.env import PACKAGED_CONFIG
from config.load import load
from config.schema import Agency, AgencyKind, Column, Portal
from crawler.agencies import Registry
from crawler.registry import Problem, difference, existed, problems

TODAY = dt.date(2026, 6, 1)


def agency(id_: str, name: str = "", **more: object) -> Agency:
    row = {
        "id": id_,
        "name": name or f"示例市{id_}局",
        "region": "示例市",
        "region_code": "990100",
        "kind": "department",
    }
    return Agency.model_validate(row | {"invented": True} | more)


def real(id_: str, region: str, code: str) -> Agency:
    """Names of places that are no agencies of anybody; the check of regions looks at real ones only."""
    row = {"id": id_, "name": f"甲乙丙{id_}", "region": region, "region_code": code, "kind": "department"}
    return Agency.model_validate(row)


def found(*agencies: Agency, columns: dict[str, tuple[str, ...]] | None = None) -> list[Problem]:
    every = {"all": tuple(one.id for one in agencies)} if columns is None else columns
    entries = tuple(
        Column(key=key, url=f"https://www.example.org/{key}/", agencies=ids) for key, ids in every.items() if ids
    )
    portals = (
        {"p": Portal(slug="p", name="门户", family="trs", hosts=("www.example.org",), columns=entries)}
        if entries
        else {}
    )
    return problems(Registry({one.id: one for one in agencies}), portals, TODAY)


def kinds(problems: list[Problem]) -> list[tuple[str, tuple[str, ...]]]:
    return [(problem.kind, problem.ids) for problem in problems if problem.error]


def test_a_sound_registry() -> None:
    assert found(agency("a"), agency("b")) == []


@pytest.mark.parametrize(
    ("agencies", "expected"),
    [
        ([agency("a", "示例局"), agency("b", "示例 局")], ("duplicate", ("a", "b"))),
        ([agency("a", "示例局"), agency("b", aliases=("示例局",))], ("duplicate", ("a", "b"))),
        (
            [agency("a", credit_code="11370112004203737J"), agency("b", credit_code="11370112004203737J")],
            ("duplicate", ("a", "b")),
        ),
        ([agency("a", valid_from="2020-01-01", valid_to="2019-12-31")], ("dates", ("a",))),
        (
            [agency("a", predecessor="b"), agency("b", predecessor="c"), agency("c", predecessor="b")],
            ("cycle", ("b", "c")),
        ),
        ([agency("a", predecessor="a")], ("cycle", ("a",))),
        (
            [agency("a", valid_to="2019-02-01"), agency("b", predecessor="a", valid_from="2019-02-01")],
            ("overlap", ("a", "b")),
        ),
        ([real("a", "山西省太原市", "610100")], ("region", ("a",))),
        ([real("a", "甲乙省", "160000")], ("region", ("a",))),
        (
            [real("a", "陕西省西安市未央区", "610112"), real("b", "陕西省西安市雁塔区", "610112")],
            ("region", ("a", "b")),
        ),
        (
            [real("a", "陕西省西安市未央区", "610112"), real("b", "陕西省西安市未央区", "610113")],
            ("region", ("a", "b")),
        ),
    ],
)
def test_what_is_wrong(agencies: list[Agency], expected: tuple[str, tuple[str, ...]]) -> None:
    said = kinds(found(*agencies))
    assert expected[0] in {kind for kind, _ in said}
    assert {*expected[1]} == {id_ for kind, ids in said if kind == expected[0] for id_ in ids}


@pytest.mark.parametrize(
    "agencies",
    [
        [agency("a", "示例局", valid_to="2019-01-31"), agency("b", "示例局", valid_from="2019-02-01")],
        [agency("a", valid_to="2019-01-31"), agency("b", predecessor="a", valid_from="2019-02-01")],
        [real("a", "陕西省", "610000"), real("b", "陕西省西咸新区", "610000"), real("c", "陕西省杨凌示范区", "610000")],
        [agency("a", "示例局"), agency("b", "示例局", region="另示例市", region_code="990200")],
    ],
)
def test_what_is_not(agencies: list[Agency]) -> None:
    said = found(*agencies, columns={one.id: (one.id,) for one in agencies})
    assert [kind for kind, _ in kinds(said) if kind != "expired"] == []


def test_columns() -> None:
    old = agency("old", "示例旧局", valid_to="2019-01-31")
    new = agency("new", "示例新局", predecessor="old", valid_from="2019-02-01")
    assert ("expired", ("old",)) in kinds(found(old, new, columns={"a": ("old",), "b": ("new",)}))
    assert found(old, new, columns={"a": ("old", "new")}) == []
    same = [
        agency("a", "示例市水利局"),
        agency("b", "示例市水务局", region="另示例市", region_code="990200", aliases=("示例市水利局",)),
    ]
    assert kinds(found(*same, columns={"x": ("a", "b")})) == [("ambiguous", ("a", "b"))]
    assert kinds(found(*same, columns={"x": ("a",), "y": ("b",)})) == []


def test_who_stands_in_no_column() -> None:
    watched = agency("w", watched_years="2020-")
    assert kinds(found(watched, columns={})) == [("no_column", ("w",))]
    [note] = found(agency("a"), agency("b"), columns={})
    assert (note.kind, note.error, note.ids) == ("no_column", False, ("a", "b"))


def test_a_change_without_a_date_is_said() -> None:
    [note] = found(agency("a"), agency("b", predecessor="a"))
    assert (note.kind, note.error) == ("undated", False)


def test_who_existed_in_which_year() -> None:
    registry = Registry(
        {
            one.id: one
            for one in (
                agency("old", valid_to="2019-01-31"),
                agency("new", predecessor="old", valid_from="2019-02-01"),
                agency("gov", kind="government"),
            )
        }
    )
    counts = existed(registry, 2020)
    assert min(counts) == 2008
    assert [counts[year][AgencyKind.DEPARTMENT] for year in (2018, 2019, 2020)] == [1, 2, 1]
    assert all(counts[year][AgencyKind.GOVERNMENT] == 1 for year in counts)


def test_difference() -> None:
    old = {one.id: one for one in (agency("a"), agency("b"), agency("c"))}
    new = {"a": old["a"], "b": old["b"].model_copy(update={"aliases": ("示例",)}), "d": agency("d")}
    said = difference(old, new)
    assert (said.added, said.removed, said.changed) == (("d",), ("c",), {"b": {"aliases": ("", "示例")}})
    assert not said.is_empty
    assert difference(old, dict(old)).is_empty


def test_the_packaged_registry_is_sound() -> None:
    configuration = load(PACKAGED_CONFIG)
    said = problems(Registry(configuration.agencies), configuration.portals, TODAY)
    assert [problem for problem in said if problem.error] == []
