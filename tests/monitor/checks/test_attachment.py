"""A page against the file that it carries."""

from __future__ import annotations

from decimal import Decimal

from crawler.model import CellState, LookOutcome
from crawler.reports import EXTRACTOR
from monitor.checks import attachment
from monitor.checks.assessment import assess_case
from monitor.checks.case import Judged, case_of
from monitor.model import AgencyFacts, CellFact, EntryFacts, PageCapture, ReadingFact, Verdicts
from tests.monitor.checks.history import AGENCY, DEADLINES, YEAR, column, entry, moment, reading

FILE = "http://127.0.0.1/nb/report.pdf"
CODE = "requests.received.total"


def cell(value: int | None, *, certain: bool = True, state: CellState = CellState.NUMBER) -> CellFact:
    return CellFact(state, None if value is None else Decimal(value), "件", str(value), None, certain)


def judge(page: CellFact, file: CellFact, *, file_year: int = YEAR) -> Verdicts:
    made: dict[str, ReadingFact] = {
        "a": reading(id_=1, extractor=EXTRACTOR, cells={CODE: page}),
        "b": reading(id_=2, extractor=EXTRACTOR, cells={CODE: file}, year=file_year),
    }
    known = entry([("01-20", "appeared")], [("01-20", "a")], made)
    attached = PageCapture(900, moment("01-20"), "attachment", FILE, LookOutcome.HEALTHY, "b")
    entries = (
        EntryFacts(
            known.id, known.portal, known.column, known.url, known.changes, (*known.captures, attached), known.readings
        ),
    )
    facts = AgencyFacts(AGENCY, (column(["01-20"]),), entries)
    case = case_of(facts, YEAR, DEADLINES, moment("02-10"))
    return attachment.check(Judged(case, assess_case(case)))


def test_different_numbers_are_a_finding_with_both_sides() -> None:
    (finding,) = judge(cell(12), cell(21)).standing
    assert finding.kind == "attachment"
    (differing,) = finding.details["cells"]
    assert (differing["before"]["value"], differing["after"]["value"]) == ("12", "21")
    assert (finding.details["sha256"], finding.details["other"]["sha256"]) == ("a", "b")
    assert finding.details["other"]["url"] == FILE


def test_equal_numbers_end_it() -> None:
    verdicts = judge(cell(12), cell(12))
    assert verdicts.standing == ()
    assert [key.split(":")[0] for key in verdicts.over] == ["attachment"]


def test_what_one_side_does_not_say_for_certain_is_no_contradiction() -> None:
    for other in (
        cell(21, certain=False),
        cell(None, state=CellState.BLANK),
        cell(None, state=CellState.OPEN),
        cell(None, state=CellState.UNREADABLE),
        cell(None, state=CellState.ABSENT),
    ):
        assert judge(cell(12), other).standing == ()
        assert judge(other, cell(12)).standing == ()


def test_a_file_of_another_year_is_not_compared() -> None:
    assert judge(cell(12), cell(21), file_year=YEAR - 1) == Verdicts(contents=frozenset({"a"}))
