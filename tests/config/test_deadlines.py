"""The rules of deadlines.yml: whose day it is, for every kind, level and report year; and what is refused."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from config.deadlines import Deadlines
from config.env import PACKAGED_CONFIG
from config.errors import ConfigError
from config.load import load, load_deadlines, read_yaml
from config.rulebook import Fault, Group, Problem, problems, report_years
from config.schema import Agency, AgencyKind, Level, YearSpan

PACKAGED = read_yaml(PACKAGED_CONFIG / "deadlines.yml")
DEPARTMENT, GOVERNMENT, TOWNSHIP = AgencyKind.DEPARTMENT, AgencyKind.GOVERNMENT, AgencyKind.TOWNSHIP
LOCAL = {"citation_zh": "示例政公开办〔2024〕1号", "citation_en": "示例政公开办〔2024〕No. 1"}


def agency(kind: AgencyKind = DEPARTMENT, code: str = "990100", id_: str = "shili-jyj") -> Agency:
    return Agency(id=id_, name="示例市教育局", region_code=code, region="示例市", kind=kind, invented=True)


def deadlines(*local: dict[str, Any], rules: list[dict[str, Any]] | None = None) -> Deadlines:
    return Deadlines.model_validate(
        PACKAGED | {"local": [LOCAL | rule for rule in local], "rules": rules or PACKAGED["rules"]}
    )


def local(id_: str, month: int, day: int, first: int = 2023, last: int | None = 2023, **more: Any) -> dict[str, Any]:
    return {"id": id_, "years": {"first": first, "last": last}, "due": {"month": month, "day": day}, **more}


CODES = {"100000": Level.NATIONAL, "990000": Level.PROVINCIAL, "990100": Level.PREFECTURAL, "990121": Level.COUNTY}


@pytest.mark.parametrize("year", [2008, 2018])
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", AgencyKind)
def test_until_2018_everybody_is_due_on_31_march(kind: AgencyKind, code: str, year: int) -> None:
    rule = deadlines().rule_for(agency(kind, code), year)
    assert rule is not None and rule.due is not None
    assert (rule.id, rule.due.of(year)) == ("regulation-492", dt.date(year + 1, 3, 31))


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2023, 2030])
@pytest.mark.parametrize(
    ("kind", "code", "rule_id", "day"),
    [
        *((DEPARTMENT, code, "regulation-711-department", (1, 31)) for code in CODES),
        *((GOVERNMENT, code, "regulation-711-government", (3, 31)) for code in CODES if code != "100000"),
        (GOVERNMENT, "100000", None, None),  # 县级以上地方人民政府: the State Council is none
        *((TOWNSHIP, code, "regulation-711-township", None) for code in CODES),
    ],
)
def test_since_2019_the_day_follows_the_kind(
    kind: AgencyKind, code: str, rule_id: str | None, day: tuple[int, int] | None, year: int
) -> None:
    rule = deadlines().rule_for(agency(kind, code), year)
    assert (rule.id if rule else None) == rule_id
    assert (rule.due.of(year) if rule and rule.due else None) == (dt.date(year + 1, *day) if day else None)


@pytest.mark.parametrize("kind", AgencyKind)
def test_of_2007_no_report_was_asked_for(kind: AgencyKind) -> None:
    assert deadlines().rule_for(agency(kind), 2007) is None
    assert deadlines().deciding_rule_for(agency(kind), 2007) is None


def test_nothing_local_is_shipped_and_every_rule_is_cited() -> None:
    packaged = deadlines()
    assert packaged.local == ()
    assert all("条例》" in rule.citation_zh and "条" in rule.citation_zh for rule in packaged.rules)


@pytest.mark.parametrize("day", [{"month": 2, "day": 29}, {"month": 2, "day": 30}, {"month": 4, "day": 31}])
def test_a_day_has_to_be_in_every_year(day: dict[str, int]) -> None:
    """Also in a rule whose reports are all due in leap years (2019, 2023)."""
    with pytest.raises(ValidationError, match="day is out of range"):
        deadlines(local("leap", **day))


@pytest.mark.parametrize("year", [2019, 2023])
def test_due_days_of_leap_years_are_counted_as_others(year: int) -> None:
    known = deadlines(local("february", 2, 28, first=2019, kinds=["government"]))
    rule = known.local_rule_for(agency(GOVERNMENT, "990121"), year)
    assert rule is not None and rule.due.of(year) == dt.date(year + 1, 2, 28)


JANUARY_25 = local("city", 1, 25, kinds=["department"], regions=["9901"])
JANUARY_20 = local("county", 1, 20, kinds=["department"], regions=["990121"])
NAMED = local("named", 1, 10, agencies=["shili-jyj"])
TOWNS = local("towns", 1, 31, first=2019, last=None, kinds=["township"])
PREFECTURES = local("prefectures", 1, 15, levels=["prefectural"], kinds=["department"])


@pytest.mark.parametrize(
    ("rules", "who", "year", "expected"),
    [
        ([JANUARY_25], agency(), 2023, "city"),
        ([JANUARY_25], agency(), 2022, None),
        ([JANUARY_25], agency(), 2024, None),
        ([JANUARY_25], agency(code="990221"), 2023, None),
        ([JANUARY_25], agency(GOVERNMENT), 2023, None),
        ([JANUARY_25, JANUARY_20], agency(code="990121"), 2023, "county"),  # the earlier of two
        ([JANUARY_20, JANUARY_25], agency(code="990121"), 2023, "county"),
        ([JANUARY_25, JANUARY_20], agency(code="990122"), 2023, "city"),
        ([JANUARY_25, NAMED], agency(), 2023, "named"),
        ([JANUARY_25, NAMED], agency(id_="shili-slj"), 2023, "city"),
        ([PREFECTURES], agency(), 2023, "prefectures"),
        ([PREFECTURES], agency(code="990121"), 2023, None),
        ([TOWNS], agency(TOWNSHIP), 2019, "towns"),
        ([TOWNS], agency(TOWNSHIP), 2018, None),
        ([local("same", 1, 31)], agency(), 2023, None),  # the law's own day says nothing new
        ([local("same", 1, 31)], agency(GOVERNMENT), 2023, "same"),
        ([local("same", 1, 25), local("twin", 1, 25)], agency(), 2023, "same"),  # of equals the first
        ([local("early", 1, 31, first=2007)], agency(), 2007, None),  # nothing is asked for
    ],
)
def test_the_local_rule(rules: list[dict[str, Any]], who: Agency, year: int, expected: str | None) -> None:
    known = deadlines(*rules)
    found = known.local_rule_for(who, year)
    assert (found.id if found else None) == expected
    law, deciding = known.rule_for(who, year), known.deciding_rule_for(who, year)
    assert deciding == (found if law is not None and law.due is None and found is not None else law)


def test_agencies_alike_have_the_same_rules() -> None:
    known = deadlines(JANUARY_25, NAMED)
    assert known.alike(agency()) != known.alike(agency(id_="shili-slj"))
    assert known.alike(agency(id_="shili-slj")) == known.alike(agency(id_="shili-wsj"))


def write(folder: Path, *rules: dict[str, Any], **changes: Any) -> Path:
    path = folder / "deadlines.yml"
    content = PACKAGED | {"local": [LOCAL | rule for rule in rules]} | changes
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (local("late", 2, 1, kinds=["department"]), "local/late/due: later than the day of the law"),
        (local("late", 2, 1), r"regulation-711-department\) for offices of kind department, report year 2023"),
        (local("late", 4, 1, kinds=["government"]), r"\(regulation-711-government\)"),
        (local("late", 2, 1, first=2018, last=2019, kinds=["department"]), "report year 2019"),
        (local("late", 4, 1, first=2018, last=2018, kinds=["township"]), r"\(regulation-492\)"),
        (local("late", 2, 1, agencies=["shili-jyj"]), "of kind department"),
        (local("named", 1, 10, agencies=["shili-gaj"]), "local/named/agencies: shili-gaj is no id of agencies.csv"),
        (local("regulation-492", 1, 10), "the id regulation-492 stands here twice"),
        (local("place", 1, 10, regions=["北京"]), "local/0/regions/0"),
        (local("leap", 2, 29, kinds=["township"]), "local/0/due"),
        (local("uncited", 1, 10, citation_zh=""), "local/0/citation_zh"),
    ],
)
def test_what_is_refused_with_file_and_key(tmp_path: Path, rule: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        load_deadlines(write(tmp_path, rule), {"shili-jyj": agency()})
    assert "deadlines.yml: " in str(caught.value)


@pytest.mark.parametrize(
    "rule",
    [
        local("february", 2, 20, kinds=["government"]),
        local("february", 2, 20, first=2018, last=2018),
        local("summer", 6, 30, kinds=["township"]),  # the law names no day that this would put off
        local("named", 2, 20, agencies=["shili-xzf"]),
    ],
)
def test_what_the_law_does_not_forbid_is_taken(tmp_path: Path, rule: dict[str, Any]) -> None:
    known = {"shili-jyj": agency(), "shili-xzf": agency(GOVERNMENT, "990121", "shili-xzf")}
    assert [one.id for one in load_deadlines(write(tmp_path, rule), known).local] == [rule["id"]]


def test_the_whole_configuration_is_cross_checked(tmp_path: Path) -> None:
    (tmp_path / "portals").mkdir()
    (tmp_path / "agencies.csv").write_bytes((PACKAGED_CONFIG / "agencies.csv").read_bytes())
    (tmp_path / "alerts.yml").write_text("subscriptions: []\n", encoding="utf-8")
    write(tmp_path, local("late", 2, 1, kinds=["department"]))
    with pytest.raises(ConfigError, match=r"deadlines\.yml: local/late/due"):
        load(tmp_path)


def found(known: Deadlines, **agencies: Agency) -> list[Problem]:
    return [one for one in problems(known, agencies) if one.fault is not Fault.GAP]


def test_the_packaged_rules_have_no_fault_and_known_gaps() -> None:
    gaps = problems(deadlines(), {})
    assert {(one.fault, one.years) for one in gaps} == {
        (Fault.GAP, YearSpan(first=2007, last=2007)),
        (Fault.GAP, YearSpan(first=2019, last=None)),
    }
    assert [one.group for one in gaps if one.years == YearSpan(first=2019)] == [Group(GOVERNMENT, Level.NATIONAL, "")]
    assert report_years(deadlines()) == range(2007, 2021)


def rule(id_: str, first: int, last: int | None, **more: Any) -> dict[str, Any]:
    return {"id": id_, "years": {"first": first, "last": last}, "due": {"month": 3, "day": 31}} | LOCAL | more


def test_overlaps_are_named_with_years_and_groups() -> None:
    known = deadlines(
        rules=[rule("one", 2007, 2020), rule("two", 2020, None, kinds=["township"]), rule("all", 2021, None)]
    )
    assert found(known) == [
        Problem(Fault.OVERLAP, ("one", "two"), Group(TOWNSHIP, Level.TOWNSHIP, ""), YearSpan(first=2020, last=2020)),
        Problem(Fault.OVERLAP, ("two", "all"), Group(TOWNSHIP, Level.TOWNSHIP, ""), YearSpan(first=2021)),
    ]


def test_a_region_s_rule_overlaps_in_its_region_alone() -> None:
    known = deadlines(rules=[rule("city", 2007, None, regions=["9901"]), rule("all", 2007, None)])
    overlaps = found(known)
    assert {one.group.region for one in overlaps if one.group} == {"9901"}
    assert {one.group.level for one in overlaps if one.group} == {Level.PREFECTURAL, Level.COUNTY, Level.TOWNSHIP}


@pytest.mark.parametrize(
    "rules",
    [
        [rule("all", 2007, None), rule("hidden", 2019, None, kinds=["township"])],
        [rule("all", 2007, None), rule("hidden", 2019, None, kinds=["township"], levels=["county"])],
        [rule("all", 2007, None), rule("hidden", 2019, None, regions=["9901"])],
    ],
)
def test_a_rule_that_never_decides_is_named(rules: list[dict[str, Any]]) -> None:
    unreachable = [one.rules for one in found(deadlines(rules=rules)) if one.fault is Fault.UNREACHABLE]
    assert unreachable == [("hidden",)]
    turned = [one for one in found(deadlines(rules=rules[::-1])) if one.fault is Fault.UNREACHABLE]
    assert turned == ([Problem(Fault.UNREACHABLE, ("hidden",), None, None)] if "levels" in rules[1] else [])


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([JANUARY_25, JANUARY_20, TOWNS], []),
        ([local("same", 1, 31, kinds=["department"])], [(Fault.UNREACHABLE, ("same",))]),
        ([local("old", 1, 10, first=2007, last=2007)], [(Fault.UNREACHABLE, ("old",))]),
        ([JANUARY_25, local("later", 1, 28, kinds=["department"], regions=["9901"])], [(Fault.UNREACHABLE, ("later",))]),
        ([NAMED], []),
        ([local("named", 1, 10, kinds=["township"], agencies=["shili-jyj"])], [(Fault.UNREACHABLE, ("named",))]),
        (
            [local("named", 1, 10, agencies=["shili-gaj"])],
            [(Fault.STRANGER, ("named",)), (Fault.UNREACHABLE, ("named",))],
        ),
        ([local("late", 2, 1, kinds=["department"])], [(Fault.TOO_LATE, ("late", "regulation-711-department")),
                                                       (Fault.UNREACHABLE, ("late",))]),
    ],
)  # fmt: skip
def test_faults_of_local_rules(rules: list[dict[str, Any]], expected: list[tuple[Fault, tuple[str, ...]]]) -> None:
    known = found(deadlines(*rules), **{"shili-jyj": agency()})
    assert [(one.fault, one.rules) for one in known] == expected
