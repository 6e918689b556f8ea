"""The checks that hold a report against its own words, against another year, against other reports.

Each table includes the boundary, and for every accusation the reading under which there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from config.load import packaged_changes
from crawler.model import CellState, Fingerprint, IdentityResult
from crawler.reports import EXTRACTOR, templates
from monitor.checks import arithmetic, carry_over, copied, narrative, revision
from monitor.checks.assessment import assess_case
from monitor.checks.case import Judged, case_of
from monitor.checks.changes import history
from monitor.model import AgencyFacts, CellFact, EntryFacts, KinReport, ReadingFact, Verdicts
from tests.monitor.checks.history import AGENCY, DEADLINES, YEAR, column, entry, facts, moment, reading

SENTENCE = "全年共收到政府信息公开申请{}件"


def number(value: int | None, *, certain: bool = True) -> CellFact:
    state = CellState.BLANK if value is None else CellState.NUMBER
    return CellFact(state, None if value is None else Decimal(value), "件", str(value), None, certain)


def form(template: str = "2021", /, **values: int | CellFact | None) -> dict[str, CellFact]:
    """Every cell of the form nought but those named: `requests__received__total=3`."""
    cells = {cell.code: number(0) for cell in templates.load()[template].cells()}
    for name, value in values.items():
        code = name.replace("__", ".")
        assert code in cells, code
        cells[code] = value if isinstance(value, CellFact) else number(value)
    return cells


def stated(key: str, value: int, *, about: bool = False, certain: bool = True, raw: str = "") -> dict[str, object]:
    return {
        "key": key,
        "value": str(value),
        "about": about,
        "certain": certain,
        "raw": raw or SENTENCE.format(value),
        "place": {"block": 4},
    }


def judged(known: AgencyFacts, at: str = "06-01", year: int = YEAR) -> Judged:
    case = case_of(known, year, DEADLINES, moment(at))
    assessment = assess_case(case)
    return Judged(case, assessment, history(case, assessment, packaged_changes()))


def report(*readings: ReadingFact, id_: int = 1, since: int = 20) -> EntryFacts:
    """An entry whose page showed these readings on consecutive days of January 2024 on; contents are named by id."""
    captures = [(f"01-{since + place}", f"{id_}-{made.id}") for place, made in enumerate(readings)]
    return entry([(f"01-{since}", "appeared")], captures, {f"{id_}-{made.id}": made for made in readings}, id_=id_)


def read(
    id_: int = 1, *, year: int = YEAR, extractor: str = EXTRACTOR, template: str = "2021", **more: object
) -> ReadingFact:
    return replace(reading(id_=id_, year=year, extractor=extractor, template=template), **more)  # type: ignore[arg-type]  # fields by name


def words(
    *statements: Mapping[str, object], values: Mapping[str, int | CellFact | None], template: str = "2021"
) -> Verdicts:
    held = report(read(cells=form(template, **values), statements=statements, template=template))
    return narrative.check(judged(facts(column(["01-20"]), entries=[held])))


TEN = {
    "requests__received__total": 10,
    "requests__processed_total__total": 10,
    "requests__received__natural_person": 10,
}


@pytest.mark.parametrize(
    ("statement", "values", "expected"),
    [
        (stated("requests_received", 10), TEN, "over"),
        (stated("requests_received", 11), TEN, "standing"),
        (stated("requests_received", 12), TEN | {"requests__carried_in__total": 2}, "over"),
        (stated("requests_received", 9), TEN | {"requests__processed_total__total": 9}, "over"),
        (stated("requests_received", 7), TEN | {"requests__received__natural_person": 7}, "over"),
        (stated("requests_received", 11), TEN | {"requests__received__total": None}, "open"),
        (stated("requests_received", 11), TEN | {"requests__carried_in__total": None}, "open"),
        (stated("requests_received", 11), TEN | {"requests__received__total": number(10, certain=False)}, "open"),
        (stated("requests_received", 11, certain=False), TEN, "open"),
        (stated("requests_received", 11, about=True), TEN, "over"),
        (stated("requests_received", 20, about=True), TEN, "over"),
        (stated("requests_received", 21, about=True), TEN, "standing"),
        (stated("requests_received", 0), TEN, "standing"),
        (stated("refused", 3), {"requests__refused__third_party__total": 3}, "over"),
        (stated("refused", 5), {"requests__refused__third_party__total": 3, "requests__unavailable__not_held__total": 2}, "over"),
        (stated("refused", 4), {"requests__refused__third_party__total": 3, "requests__unavailable__not_held__total": 2}, "standing"),
        (stated("granted", 5), {"requests__granted__total": 3, "requests__partly_granted__total": 2}, "over"),
        (stated("granted", 4), {"requests__granted__total": 3, "requests__partly_granted__total": 2}, "standing"),
        (stated("requests_answered", 10), TEN | {"requests__processed_total__total": 12}, "over"),
        (stated("requests_answered", 11), TEN | {"requests__processed_total__total": 12}, "standing"),
        (stated("carried_out", 1), {}, "standing"),
        (stated("review_cases", 2), {"review__total": 3}, "open"),  # one of them may be of the year before
        (stated("review_cases", 3), {"review__total": 3}, "over"),
        (stated("review_cases", 4), {"review__total": 3}, "standing"),
        (stated("review_cases", 4, raw="全年发生行政复议案件4件"), {"review__total": 3}, "open"),  # of what?
        (stated("litigation_cases", 3), {"litigation_direct__total": 1, "litigation_after_review__total": 2}, "over"),
        (stated("litigation_cases", 4), {"litigation_direct__total": 1, "litigation_after_review__total": 2}, "standing"),
        (stated("items_published", 4), {}, "open"),
        (stated("received_online", 4), {}, "open"),
    ],
)  # fmt: skip
def test_a_sentence_against_the_tables(
    statement: Mapping[str, object], values: Mapping[str, int | CellFact | None], expected: str
) -> None:
    found = words(statement, values=values)
    key = f"narrative:{AGENCY.id}:{YEAR}:{statement['key']}"
    answer = "standing" if key in {one.key for one in found.standing} else "over" if key in found.over else "open"
    assert answer == expected


def test_the_older_form_has_one_row_of_other_outcomes() -> None:
    assert words(stated("other_outcomes", 2), template="2019", values={"requests__other__total": 2}).standing == ()
    [finding] = words(stated("other_outcomes", 3), template="2019", values={"requests__other__total": 2}).standing
    assert finding.details["table"]["total"] == "2"


def test_a_contradiction_names_sentence_number_cells_and_place() -> None:
    [finding] = words(stated("requests_received", 11), values=TEN).standing
    details = finding.details
    assert (details["matter"], details["number"], details["sentence"]) == (
        "requests_received",
        "11",
        SENTENCE.format(11),
    )
    assert details["table"] == {
        "total": "10",
        "cells": [{"code": "requests.received.total", "state": "number", "value": "10", "raw": "10"}],
    }
    assert (details["place"], details["sha256"], details["extractor"]) == ({"block": 4}, "1-1", EXTRACTOR)


def test_two_sentences_that_disagree_prove_a_misreading() -> None:
    found = words(stated("requests_received", 11), stated("requests_received", 12), values=TEN)
    assert found.standing == ()
    assert f"narrative:{AGENCY.id}:{YEAR}:requests_received" not in found.over


def test_a_corrected_sentence_ends_it_and_so_does_a_removed_one() -> None:
    key = f"narrative:{AGENCY.id}:{YEAR}:requests_received"
    wrong = read(1, cells=form(**TEN), statements=(stated("requests_received", 11),))
    for second, expected in (
        (read(2, cells=form(**TEN), statements=(stated("requests_received", 10),)), True),
        (read(2, cells=form(**TEN)), True),
        (read(2, cells=form(), statements=(stated("requests_received", 11, certain=False),)), False),
        (read(2, extractor="0", cells=form(**TEN)), False),
    ):
        found = narrative.check(judged(facts(column(["01-20"]), entries=[report(wrong, second)])))
        assert (found.standing, key in found.over) == ((), expected)


@pytest.mark.parametrize(
    ("value", "off"),
    [(3744, 375), (100, 100), (30, 10), (12000, 1200), (10000, 10000), (7, 1), (0, 1)],
)
def test_how_far_an_about_number_may_be_off(value: int, off: int) -> None:
    assert narrative.slack(Decimal(value)) == off


def years(
    before: Mapping[str, CellFact],
    after: Mapping[str, CellFact],
    *,
    form_before: str = "2021",
    extractor: str = EXTRACTOR,
) -> Verdicts:
    first = report(read(1, year=YEAR - 1, cells=before, template=form_before, extractor=extractor), id_=1, since=10)
    second = report(read(2, cells=after), id_=2)
    return carry_over.check(judged(facts(column(["01-20"]), entries=[first, second])))


def joints(found: Verdicts) -> dict[str, tuple[str, str]]:
    return {
        one.key.split(":")[-1]: (one.details["left"]["total"], one.details["right"]["total"]) for one in found.standing
    }


def test_what_one_year_hands_over_the_next_takes_up() -> None:
    out = {f"requests__carried_out__{who}": place for place, who in enumerate(carry_over.APPLICANTS)}
    same = {f"requests__carried_in__{who}": place for place, who in enumerate(carry_over.APPLICANTS)}
    found = years(form(**out), form(**same))
    assert found.standing == ()
    assert {f"carry_over:{AGENCY.id}:{YEAR}:requests.{who}" for who in carry_over.APPLICANTS} <= found.over
    assert joints(years(form(**out), form(**(same | {"requests__carried_in__company": 9})))) == {
        "requests.company": ("1", "9")
    }


def test_documents_in_force() -> None:
    rules = {"proactive__rules__issued": 3, "proactive__rules__repealed": 5}
    before = form(proactive__rules__in_force=76)
    assert joints(years(before, form(**rules, proactive__rules__in_force=74))) == {}
    found = years(before, form(**rules, proactive__rules__in_force=75))
    assert joints(found) == {"in_force.rules": ("74", "75")}
    cells = found.standing[0].details["left"]["cells"]
    assert [(cell["code"].split(".")[-1], cell["sign"], cell["year"], cell["value"]) for cell in cells] == [
        ("in_force", 1, YEAR - 1, "76"),
        ("issued", 1, YEAR, "3"),
        ("repealed", -1, YEAR, "5"),
    ]


def test_items_of_the_form_of_2019() -> None:
    before = form("2019", proactive__licences__items_last_year=164, proactive__licences__items_change=-14)
    first = report(read(1, year=YEAR - 1, cells=before, template="2019"), id_=1, since=10)
    for items, expected in ((150, {}), (164, {"items.licences": ("150", "164")})):
        after = read(2, cells=form("2019", proactive__licences__items_last_year=items), template="2019")
        known = facts(column(["01-20"]), entries=[first, report(after, id_=2)])
        assert joints(carry_over.check(judged(known))) == expected


def test_a_changed_form_joins_only_what_both_have() -> None:
    before = form("2019", requests__carried_out__total=2, proactive__licences__items_last_year=5)
    found = years(before, form(requests__carried_in__total=3), form_before="2019")
    assert joints(found) == {"requests.total": ("2", "3")}
    assert {key.split(":")[-1] for key in found.over} == {f"requests.{who}" for who in carry_over.APPLICANTS[:-1]}


def test_what_is_not_certain_on_both_sides_accuses_nobody() -> None:
    for cell in (number(None), number(2, certain=False)):
        for before, after in (
            (form(requests__carried_out__total=cell), form(requests__carried_in__total=3)),
            (form(requests__carried_out__total=3), form(requests__carried_in__total=cell)),
        ):
            found = years(before, after)
            assert found.standing == ()
            assert f"carry_over:{AGENCY.id}:{YEAR}:requests.total" not in found.over
    old = years(form(requests__carried_out__total=2), form(requests__carried_in__total=3), extractor="0")
    assert (old.standing, old.over) == ((), frozenset())
    alone = carry_over.check(judged(facts(column(["01-20"]), entries=[report(read(cells=form()))])))
    assert alone == Verdicts()


def test_a_corrected_report_of_either_year_ends_it() -> None:
    wrong, right = form(requests__carried_out__total=2), form(requests__carried_out__total=3)
    later = report(read(5, cells=form(requests__carried_in__total=3)), id_=2)
    before = report(read(1, year=YEAR - 1, cells=wrong), read(2, year=YEAR - 1, cells=right), id_=1, since=10)
    known = facts(column(["01-10"]), entries=[before, later])
    assert carry_over.check(judged(known, "06-01")).standing == ()
    assert carry_over.check(judged(known, "06-01")).contents == {"1-2"}
    moved = facts(column(["01-10"]), entries=[report(read(1, year=YEAR - 1, cells=wrong), id_=1, since=10), later])
    assert joints(carry_over.check(judged(moved))) == {"requests.total": ("2", "3")}


def test_a_page_and_a_copy_that_differ_are_given_the_better_one() -> None:
    one = report(read(1, year=YEAR - 1, cells=form(requests__carried_out__total=2)), id_=1, since=10)
    other = report(read(2, year=YEAR - 1, cells=form(requests__carried_out__total=3)), id_=3, since=11)
    later = report(read(5, cells=form(requests__carried_in__total=3)), id_=2)
    found = carry_over.check(judged(facts(column(["01-10"]), entries=[one, other, later])))
    assert found.standing == ()


def clauses(*numbers: int) -> tuple[tuple[int, int], ...]:
    """Clauses of 20 signs each, told by their numbers."""
    return tuple((one, 20) for one in numbers)


TEXT = Fingerprint("", 0, clauses(*range(20)))


def kin(fingerprint: Fingerprint, *, year: int = YEAR, at: str = "01-10", agency: str = "shili-wl") -> KinReport:
    return KinReport(
        agency, "示例市文旅局", year, "http://127.0.0.1/x", 5, moment(at), f"kin-{agency}-{year}", fingerprint
    )


def likeness(mine: Fingerprint, *others: KinReport) -> Verdicts:
    held = report(read(fingerprint=mine))
    return copied.check(judged(facts(column(["01-20"]), entries=[held], kin=others)))


@pytest.mark.parametrize(
    ("mine", "other", "expected"),
    [
        (TEXT, TEXT, True),
        (TEXT, Fingerprint("", 0, clauses(*range(16))), True),  # 80 %
        (TEXT, Fingerprint("", 0, clauses(*range(15))), False),
        (Fingerprint("", 0, clauses(*range(19))), TEXT, False),  # 380 signs are too few
        (Fingerprint("f", 6, ()), Fingerprint("f", 6, ()), True),
        (Fingerprint("f", 5, ()), Fingerprint("f", 5, ()), False),
        (Fingerprint("f", 6, ()), Fingerprint("g", 6, ()), False),
        (Fingerprint("", 0, ()), Fingerprint("", 0, ()), False),
    ],
)
def test_how_alike_is_too_alike(mine: Fingerprint, other: Fingerprint, expected: bool) -> None:
    found = likeness(mine, kin(other))
    assert bool(found.standing) is expected
    assert bool(found.over) is not expected
    assert found.contents == {f"kin-shili-wl-{YEAR}"}


def test_whose_report_it_is_like_and_how_much() -> None:
    half = Fingerprint("", 0, clauses(*range(17), *range(100, 200)))
    found = likeness(TEXT, kin(half), kin(TEXT, year=YEAR - 2, agency="shili-lyj"), kin(half, year=YEAR - 1))
    [finding] = found.standing
    assert finding.key == f"copied:{AGENCY.id}:{YEAR}"
    details = finding.details
    assert (details["share"], details["same_text"], details["same_figures"], details["more"]) == (100, True, False, 2)
    assert (details["other"]["agency_id"], details["other"]["year"]) == ("shili-lyj", YEAR - 2)


def test_the_later_of_two_is_held_against_the_earlier_and_never_against_a_later_year() -> None:
    assert likeness(TEXT, kin(TEXT, at="01-25")).standing == ()
    assert likeness(TEXT, kin(TEXT, at="01-19")).standing
    assert likeness(TEXT, kin(TEXT, year=YEAR + 1)).standing == ()
    unseen = facts(
        column(["01-20"]), entries=[report(read(fingerprint=TEXT))], kin=[kin(TEXT, at="07-01", year=YEAR - 1)]
    )
    assert copied.check(judged(unseen, "06-01")).standing == ()


def test_the_same_bytes_filed_twice_are_no_copy() -> None:
    assert likeness(TEXT, replace(kin(TEXT), sha256="1-1")).standing == ()


def test_an_offices_own_earlier_year() -> None:
    first = report(read(1, year=YEAR - 1, fingerprint=TEXT), id_=1, since=10)
    second = report(read(2, fingerprint=TEXT), id_=2)
    known = facts(column(["01-20"]), entries=[first, second])
    [finding] = copied.check(judged(known)).standing
    assert (finding.details["other"]["agency_id"], finding.details["other"]["year"]) == (AGENCY.id, YEAR - 1)
    assert copied.check(judged(known, year=YEAR - 1)).standing == ()
    unread = facts(column(["01-20"]), entries=[report(read(2, extractor="0", fingerprint=TEXT), id_=2)])
    assert copied.check(judged(unread)) == Verdicts()


def test_a_broken_sum_with_a_cell_of_a_picture_is_no_finding() -> None:
    for certain in (True, False):
        identity = IdentityResult("x", "甲＝乙", ("a",), ("b",), Decimal(1), Decimal(2), False, certain)
        held = report(read(identities=(identity,)))
        found = arithmetic.check(judged(facts(column(["01-20"]), entries=[held])))
        assert (bool(found.standing), found.over) == (certain, frozenset())


def test_a_cell_of_a_picture_alone_is_no_change() -> None:
    for certain, changed in ((True, True), (False, False)):
        before = read(1, cells={"a": number(1), "b": number(7)})
        after = read(2, cells={"a": number(2, certain=certain), "b": number(7)})
        found = revision.check(judged(facts(column(["01-20"]), entries=[report(before, after)])))
        assert bool(found.standing) is changed
    mixed = read(2, cells={"a": number(2, certain=False), "b": number(8)})
    [finding] = revision.check(judged(facts(column(["01-20"]), entries=[report(before, mixed)]))).standing
    assert [(cell["code"], cell["in_doubt"]) for cell in finding.details["cells"]] == [("a", True), ("b", False)]
