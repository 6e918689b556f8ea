"""The checks beside the deadline: changed numbers and broken sums."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from config.alerts import EventKind
from config.load import packaged_changes
from config.schema import AgencyKind
from crawler.model import CellState, IdentityResult, LookOutcome
from monitor.checks import CHECKS, arithmetic, deadline, revision
from monitor.checks.assessment import assess_case
from monitor.checks.candidates import years_in
from monitor.checks.case import Judged, case_of
from monitor.checks.changes import history
from monitor.model import AgencyFacts, CellFact, EntryFacts, ReadingFact, Verdicts
from tests.monitor.checks.history import (
    DEADLINES,
    YEAR,
    column,
    entry,
    facts,
    moment,
    of_kind,
    published,
    reading,
)

RECEIVED, GRANTED = "requests.received.total", "requests.granted.total"


def number(value: int, row: int = 1) -> CellFact:
    return CellFact(
        CellState.NUMBER, Decimal(value), "件", str(value), {"block": 1, "table": 2, "row": row, "column": 9}
    )


def cell(state: CellState, raw: str = "") -> CellFact:
    return CellFact(state, None, "件", raw, {"block": 1, "table": 2, "row": 1, "column": 9})


def judged(known: AgencyFacts, at: str = "06-01") -> Judged:
    case = case_of(known, YEAR, DEADLINES, moment(at))
    assessment = assess_case(case)
    return Judged(case, assessment, history(case, assessment, packaged_changes()))


def read_as(id_: int, *, extractor: str = "1", **cells: CellFact) -> ReadingFact:
    codes = {"received": RECEIVED, "granted": GRANTED}
    return reading(id_=id_, extractor=extractor, cells={codes[name]: value for name, value in cells.items()})


def report(contents: str, readings: Mapping[str, ReadingFact | tuple[ReadingFact, ...]], *, id_: int = 1) -> EntryFacts:
    """A page that showed these contents (one letter each) on consecutive days from 20 January on."""
    captures = [(f"01-{20 + day}", content) for day, content in enumerate(contents)]
    return entry([("01-20", "appeared")], captures, readings, id_=id_)


def changed(held: EntryFacts, *more: EntryFacts) -> Verdicts:
    return revision.check(judged(facts(column(["01-20"]), entries=[held, *more])))


def test_a_changed_number_is_named_with_both_sides() -> None:
    before, after = (
        read_as(1, received=number(12), granted=number(5)),
        read_as(2, received=number(13), granted=number(5)),
    )
    [finding] = changed(report("aab", {"a": before, "b": after})).standing
    assert finding.key == "changed:shili-sw:2023:101-102"
    [found] = finding.details["cells"]
    assert (found["code"], found["change"], found["in_doubt"]) == (RECEIVED, "number_changed", False)
    assert (found["before"]["value"], found["after"]["value"]) == ("12", "13")
    assert (finding.details["before"]["at"], finding.details["after"]["at"]) == (
        "2024-01-21T20:00:00+08:00",
        "2024-01-22T20:00:00+08:00",
    )
    assert (finding.details["signature_changed"], finding.details["template_changed"]) == (False, False)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (number(0), cell(CellState.BLANK), "no_longer_number"),
        (number(5), cell(CellState.UNREADABLE, "若干"), "no_longer_number"),
        (number(5), cell(CellState.OPEN, "5"), "no_longer_number"),
        (cell(CellState.BLANK), number(0), "became_number"),
        (cell(CellState.BLANK), cell(CellState.ABSENT), "other"),
        (number(5), number(6), "number_changed"),
    ],
)
def test_a_blank_a_nought_and_an_unreadable_cell_are_different(before: CellFact, after: CellFact, change: str) -> None:
    readings = {"a": read_as(1, received=before), "b": read_as(2, received=after)}
    [finding] = changed(report("ab", readings)).standing
    assert [found["change"] for found in finding.details["cells"]] == [change]


def test_a_row_that_only_one_version_has_is_reported() -> None:
    readings = {"a": read_as(1, received=number(1)), "b": read_as(2, received=number(1), granted=number(2))}
    [finding] = changed(report("ab", readings)).standing
    assert finding.details["cells"][0]["before"]["state"] == "absent"


def test_a_cosmetic_change_is_none() -> None:
    spaced = CellFact(CellState.NUMBER, Decimal("12.0"), "件", " 12 ", None)
    assert changed(report("ab", {"a": read_as(1, received=number(12)), "b": read_as(2, received=spaced)})) == Verdicts()


def test_a_better_reader_is_no_change() -> None:
    old, new = read_as(1, received=number(12)), read_as(2, extractor="2", received=number(13))
    assert changed(report("ab", {"a": old, "b": new})) == Verdicts()
    # Once the old content is read by the new reader too, the two are compared.
    again = read_as(3, extractor="2", received=number(13))
    assert changed(report("ab", {"a": (old, again), "b": new})) == Verdicts()
    again = read_as(3, extractor="2", received=number(12))
    assert len(changed(report("ab", {"a": (old, again), "b": new})).standing) == 1


TORN = ({"kind": "cut_off"},)


def test_a_page_that_came_incomplete_is_no_change_and_hides_none() -> None:
    whole, other = (
        read_as(1, received=number(12), granted=number(5)),
        read_as(3, received=number(13), granted=number(5)),
    )
    torn = replace(read_as(2, received=number(1), granted=cell(CellState.OPEN)), issues=TORN)
    readings = {"a": whole, "b": torn, "c": other}
    assert changed(report("ab", readings)) == Verdicts()
    assert changed(report("aba", readings)) == Verdicts()
    [finding] = changed(report("abc", readings)).standing
    assert finding.key == "changed:shili-sw:2023:100-102"


def test_a_site_that_never_ends_its_pages() -> None:
    """What is read of them is compared; what is not there may not have come."""
    before = replace(read_as(1, received=number(12), granted=number(5)), issues=TORN)
    after = replace(read_as(2, received=number(13), granted=number(5)), issues=TORN)
    less = replace(read_as(3, received=number(12), granted=cell(CellState.OPEN)), issues=TORN)
    assert len(changed(report("ab", {"a": before, "b": after})).standing) == 1
    assert changed(report("ac", {"a": before, "c": less})) == Verdicts()


def test_every_pair_of_contents_is_its_own_finding() -> None:
    readings = {name: read_as(place, received=number(10 + place)) for place, name in enumerate("abc", start=1)}
    keys = [finding.key for finding in changed(report("abc", readings)).standing]
    assert keys == ["changed:shili-sw:2023:100-101", "changed:shili-sw:2023:101-102"]


def test_what_was_something_else_in_between_is_passed_over_and_what_is_unread_is_not() -> None:
    readings = {"a": read_as(1, received=number(12)), "c": read_as(3, received=number(13))}
    assert changed(report("abc", readings)) == Verdicts()
    closed = readings | {"b": reading("not_a_report", id_=2)}
    assert len(changed(report("abc", closed)).standing) == 1


def test_another_years_report_at_the_same_address_is_no_change() -> None:
    before = reading(year=2022, id_=1, cells={RECEIVED: number(1)})
    after = reading(id_=2, cells={RECEIVED: number(2)})
    assert changed(report("ab", {"a": before, "b": after})) == Verdicts()


def test_a_page_in_two_columns_is_told_once() -> None:
    readings = {"a": read_as(1, received=number(12)), "b": read_as(2, received=number(13))}
    first = report("ab", readings)
    second = EntryFacts(2, "shili", "other", first.url, first.changes, first.captures, first.readings)
    assert len(changed(first, second).standing) == 1


def test_doubts_of_the_reader_stand_beside_the_change() -> None:
    doubt = {"kind": "ragged_row", "message": "", "place": {"block": 1, "table": 2, "row": 1}}
    elsewhere = {"kind": "ragged_row", "message": "", "place": {"block": 1, "table": 2, "row": 4}}
    for issue, expected in ((doubt, True), (elsewhere, False)):
        before = reading(id_=1, cells={RECEIVED: number(1)})
        after = reading(id_=2, cells={RECEIVED: number(2)}, issues=(issue,))
        [finding] = changed(report("ab", {"a": before, "b": after})).standing
        assert finding.details["cells"][0]["in_doubt"] is expected


def identity(holds: bool | None, name: str = "three.columns.total") -> IdentityResult:
    left, right = Decimal(14), Decimal(14 if holds else 15)
    return IdentityResult(name, "新收＋结转＝办结＋结转下年", (RECEIVED,), (GRANTED,), left, right, holds)


def sums(*contents: bool | None) -> Verdicts:
    """The verdict on a page whose successive contents have such an identity."""
    readings = {
        name: reading(id_=place, identities=(identity(holds),), cells={RECEIVED: number(14), GRANTED: number(15)})
        for place, (name, holds) in enumerate(zip("abc", contents, strict=False), start=1)
    }
    held = report("abc"[: len(contents)], readings)
    known = facts(column(["01-20"]), entries=[held], agency=of_kind(AgencyKind.GOVERNMENT))
    return arithmetic.check(judged(known))


def test_a_broken_sum_is_reported_with_both_sides() -> None:
    [finding] = sums(False).standing
    assert finding.key == "arithmetic:shili-sw:2023:three.columns.total"
    assert (finding.details["left"]["total"], finding.details["right"]["total"]) == ("14", "15")
    assert finding.details["right"]["cells"] == [{"code": GRANTED, "state": "number", "value": "15", "raw": "15"}]


def test_the_newest_content_decides_and_what_cannot_be_told_changes_nothing() -> None:
    key = "arithmetic:shili-sw:2023:three.columns.total"
    assert sums(False, True) == Verdicts(over=frozenset({key}))
    assert sums(False, None) == Verdicts()
    assert [finding.key for finding in sums(True, False).standing] == [key]


def test_a_corrected_copy_counts_when_the_first_is_gone() -> None:
    broken, mended = reading(identities=(identity(False),)), reading(id_=2, identities=(identity(True),))
    gone = entry(
        [("01-20", "appeared"), ("03-05", "gone")],
        [("01-20", "a"), ("03-05", LookOutcome.SOFT_404), ("03-06", LookOutcome.SOFT_404)],
        {"a": broken},
    )
    copy = entry([("03-05", "appeared")], [("03-05", "b")], {"b": mended}, id_=2)
    known = facts(column(["01-20", "03-05", "03-06"]), entries=[gone, copy])
    assert arithmetic.check(judged(known, "03-05")).standing
    assert not arithmetic.check(judged(known, "03-06")).standing
    assert arithmetic.check(judged(known, "03-06")).over


def test_the_deadline_check_follows_the_assessment() -> None:
    known = facts(column(["02-01", "02-02", "02-05"]), entries=[published("02-05")])
    for at, standing in (("01-20", []), ("02-02", ["missing"]), ("02-05", ["late"])):
        verdicts = deadline.check(judged(known, at))
        assert [finding.kind for finding in verdicts.standing] == standing
        assert {key.split(":")[0] for key in verdicts.over} == {
            "missing",
            "late",
            "withdrawn",
            "local_late",
        } - set(standing)


def test_each_kind_of_finding_has_one_check() -> None:
    kinds = [kind for check in CHECKS for kind in check.kinds]
    assert len(set(kinds)) == len(kinds)
    assert {*kinds, "portal_lost", "portal_blind", "due_soon", "unknown", "resolved"} == {
        kind.value for kind in EventKind
    }


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("2023年度报告", {2023}),
        ("二○二三年度报告", {2023}),
        ("２０２３年度报告（2024年1月）", {2023, 2024}),
        ("第20231号公告", set()),
        ("年度报告", set()),
    ],
)
def test_the_years_in_a_title(title: str, years: set[int]) -> None:
    assert years_in(title) == years
