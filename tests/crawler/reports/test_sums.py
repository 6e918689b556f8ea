"""What the form's sums say of cells that were recognised, could not be read, or may have changed places."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from crawler import formats, reports
from crawler.model import Cell, CellState, Document, ParsedReport, Table
from crawler.reports import templates
from tests.golden.forms import invented
from tests.golden.pages import form_html

SAID = invented("2021", 4).values
FORM = form_html("2021", dict(SAID))
TEMPLATE = templates.load()["2021"]


def document(markup: str = FORM) -> Document:
    return formats.read(f"<html><body>{markup}</body></html>".encode())


def changed(code: str, text: str, *, confidence: float = 1.0, source: Document | None = None) -> Document:
    """The document with another text in one statutory cell."""
    source = source or document()
    place = next(fact.place for fact in reports.parse(source).facts if fact.code == code)
    assert place is not None
    assert place.row is not None
    assert place.column is not None
    table = source.blocks[place.block - 1]
    assert isinstance(table, Table)
    rows = [list(row) for row in table.rows]
    rows[place.row - 1][place.column - 1] = replace(
        rows[place.row - 1][place.column - 1], text=text, confidence=confidence
    )
    new = replace(table, rows=tuple(tuple(row) for row in rows))
    blocks = tuple(new if number == place.block - 1 else block for number, block in enumerate(source.blocks))
    return replace(source, blocks=blocks)


def recognised(source: Document, confidence: float = 0.99) -> Document:
    """The same as if it came from a picture."""
    blocks = tuple(
        replace(block, rows=tuple(tuple(_less_sure(cell, confidence) for cell in row) for row in block.rows))
        if isinstance(block, Table)
        else block
        for block in source.blocks
    )
    return replace(source, blocks=blocks, recognised=True)


def _less_sure(cell: Cell, confidence: float) -> Cell:
    return replace(cell, confidence=confidence)


def certain(report: ParsedReport) -> dict[str, bool]:
    return {fact.code: fact.certain for fact in report.facts}


def test_what_was_in_the_file_is_certain_though_sums_break() -> None:
    report = reports.parse(changed("requests.granted.total", "77"))
    assert set(certain(report).values()) == {True}
    broken = [result for result in report.identities if result.holds is False]
    assert broken
    assert all(result.certain for result in broken)


def test_a_picture_is_certain_where_row_and_column_add_up() -> None:
    report = reports.parse(recognised(document()))
    said = certain(report)
    assert {said[code] for code in said if code.startswith("requests.")} == {True}
    assert {said[code] for code in said if code.startswith("proactive.")} == {False}, "table two has no sums"
    assert all(result.certain for result in report.identities if result.identity.startswith("requests"))


def test_a_misread_digit_makes_its_row_and_its_column_uncertain() -> None:
    report = reports.parse(recognised(changed("requests.granted.research", "8")))
    said = certain(report)
    assert not said["requests.granted.research"]
    assert not said["requests.granted.company"]
    assert not said["requests.refused.third_party.research"]
    assert said["requests.carried_out.company"]
    assert {result.certain for result in report.identities if result.holds is False} == {False}


def test_one_equal_to_one_confirms_nothing() -> None:
    values = dict(SAID) | {code: Decimal(0) for code in SAID if code.startswith("review.")}
    values |= {"review.upheld": Decimal(1), "review.total": Decimal(1)}
    source = recognised(document(form_html("2021", dict(values))))
    said = certain(reports.parse(source))
    assert (said["review.upheld"], said["review.total"], said["review.pending"]) == (False, False, True)


def test_an_unreadable_cell_is_proposed_by_two_sums() -> None:
    code = "requests.granted.research"
    report = reports.parse(changed(code, "1O"))
    (proposal,) = report.proposals
    assert (proposal.code, proposal.value, proposal.raw) == (code, SAID[code], "1O")
    assert set(proposal.identities) == {"requests.outcomes.research", "requests.applicants.granted"}
    fact = next(fact for fact in report.facts if fact.code == code)
    assert (fact.state, fact.value) == (CellState.UNREADABLE, None)


def test_a_recognised_cell_is_proposed_too() -> None:
    report = reports.parse(recognised(changed("requests.granted.research", "1O")))
    assert [proposal.value for proposal in report.proposals] == [SAID["requests.granted.research"]]


def test_one_sum_alone_proposes_nothing() -> None:
    assert reports.parse(changed("review.upheld", "x1")).proposals == ()
    assert reports.parse(changed("proactive.licences.decisions", "x1")).proposals == ()


def test_sums_that_disagree_or_leave_less_than_nought_propose_nothing() -> None:
    source = changed("requests.granted.research", "x1")
    assert reports.parse(changed("requests.granted.total", "0", source=source)).proposals == ()
    two = changed("requests.granted.company", "x2", source=source)
    assert reports.parse(two).proposals == ()


def test_two_exchanged_lines_of_a_dump_are_open_and_a_table_with_lines_is_read_as_printed() -> None:
    one, other = "requests.granted.natural_person", "requests.refused.third_party.company"
    values = dict(SAID)
    values[one], values[other] = Decimal(11), Decimal(12)
    for code in (one, other):  # the sums hold before the exchange
        row, column = code.removeprefix("requests.").rsplit(".", 1)
        gain = (values[code] or Decimal(0)) - (SAID[code] or Decimal(0))
        for end in (f"{row}.total", f"processed_total.{column}", f"received.{column}"):
            values[f"requests.{end}"] = (values[f"requests.{end}"] or Decimal(0)) + gain
        for end in ("processed_total.total", "received.total"):
            values[f"requests.{end}"] = (values[f"requests.{end}"] or Decimal(0)) + gain
    values[one], values[other] = values[other], values[one]
    printed = document(form_html("2021", dict(values)))
    read = {fact.code: fact for fact in reports.parse(printed).facts}
    assert [read[one].value, read[other].value] == [Decimal(12), Decimal(11)]
    loose = replace(
        printed,
        blocks=tuple(
            replace(block, spans_known=False) if isinstance(block, Table) else block for block in printed.blocks
        ),
    )
    report = reports.parse(loose)
    states = {fact.code: fact.state for fact in report.facts}
    assert (states[one], states[other]) == (CellState.OPEN, CellState.OPEN)
    assert "cells_exchanged" in {issue.kind for issue in report.issues}
