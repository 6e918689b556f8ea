"""Where one number comes from: the cell in the file, the sums it stands in, what is in doubt. Touches nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from config.errors import GongkaiError
from crawler import reports
from crawler.model import CellState, Document, Fact, IdentityResult, Issue, ParsedReport, Place, Table
from crawler.reports import templates
from crawler.reports.templates import FormCell
from crawler.workers import Outcome
from monitor.reading.as_table import NARROWEST, issue_line, new_console, print_list, section_name
from monitor.reading.plain import plain
from monitor.reading.words import both

AROUND = 3  # rows of the table shown above and below the cell
_NEAR = 5  # codes offered for one that does not exist
_LIKE = 0.5  # how like they are at least (difflib)


def explain(code: str, file: str, outcome: Outcome) -> str:
    """The text for people. Raises GongkaiError: no such code, no form in the file, the file cannot be read."""
    report, document = outcome.report, outcome.document
    if report is None or document is None:
        raise GongkaiError(f"{file}: {outcome.error}")
    if report.template is None or not report.facts:
        raise GongkaiError(f"{file}: {both('reading.explain.no_form', ' / ')}")
    cell = _cell_of(code, report.template)
    fact = next(fact for fact in report.facts if fact.code == code)
    console = new_console()
    console.width = max(console.width, NARROWEST)
    with console.capture() as capture:
        for name, value in (
            *_meaning(cell, report.template),
            *_reading(fact),
            *_place(fact.place),
            ("file", f"{file}（{outcome.document_format}）sha256 {outcome.sha256}"),
            ("extractor", reports.EXTRACTOR),
        ):
            console.print(Text(f"{both(f'reading.explain.{name}')}：{value}"), soft_wrap=True)
        if fact.place is not None:
            _print_excerpt(fact.place, document, console)
        _print_lists(fact, report, console)
    return capture.get()


def _cell_of(code: str, form: str) -> FormCell:
    cells = {cell.code: cell for cell in templates.load()[form].cells()}
    if code in cells:
        return cells[code]
    like = difflib.get_close_matches(code, cells, n=_NEAR, cutoff=_LIKE)
    like += [other for other in cells if code and code in other and other not in like][: _NEAR - len(like)]
    near = f"。{both('reading.explain.near')}: {', '.join(like)}" if like else ""
    raise GongkaiError(both("reading.explain.unknown", " / ", form=form, code=code) + near)


def _meaning(cell: FormCell, form: str) -> Iterator[tuple[str, str]]:
    template = templates.load()[form]
    yield "code", cell.code
    labels = f"{section_name(cell.section)}　{both('reading.explain.row')}“{cell.row_label}”"
    yield "meaning", f"{labels}　{both('reading.explain.column')}“{cell.column_label}”"
    yield "unit", cell.unit
    yield "form", f"{template.template}《{template.name}》（{template.citation}）"


def _reading(fact: Fact) -> Iterator[tuple[str, str]]:
    yield "state", f"{both(f'cell_state.{fact.state}')} ({fact.state})"
    if fact.state is CellState.NUMBER:
        yield "value", plain(fact.value)
        yield "certain", both("reading.explain.yes" if fact.certain else "reading.explain.no")
    yield "raw", f"“{fact.raw}”"


def _place(place: Place | None) -> Iterator[tuple[str, str]]:
    if place is None:
        yield "place", both("reading.explain.nowhere")
        return
    yield "place", str(place)
    if place.row_label:
        yield "printed_row", place.row_label
    if place.column_label:
        yield "printed_column", place.column_label
    if place.box is not None:
        page, left, top, right, bottom = place.box.as_json()
        edges = {"left": left, "top": top, "right": right, "bottom": bottom}
        yield "box", both("reading.explain.box_of", " / ", page=page, **edges)


def _print_excerpt(place: Place, document: Document, console: Console) -> None:
    if not 0 < place.block <= len(document.blocks):
        return
    block = document.blocks[place.block - 1]
    console.print()
    if not isinstance(block, Table):
        console.print(Text(both("reading.explain.sentence"), style="bold"))
        console.print(Text(f"  {block.text}"))
    elif place.row is not None and place.row <= len(block.rows):
        console.print(Text(both("reading.explain.excerpt"), style="bold"))
        console.print(_excerpt(block, place.row, place.column))


def _excerpt(table: Table, row: int, column: int | None) -> Grid:
    """The rows around `row` (from 1), each with its number; the cell between ▶ and ◀."""
    first, last = max(row - AROUND, 1), min(row + AROUND, len(table.rows))
    grid = Grid(show_header=False, show_lines=True)
    width = max(len(cells) for cells in table.rows[first - 1 : last])
    for _ in range(width + 1):
        grid.add_column(overflow="fold")
    for number in range(first, last + 1):
        texts = []
        for position, cell in enumerate(table.rows[number - 1], start=1):
            text = "↑" if cell.repeated else cell.text
            texts.append(f"▶{cell.text}◀" if (number, position) == (row, column) else text)
        grid.add_row(*(Text(text) for text in [str(number), *texts]))
    return grid


def _print_lists(fact: Fact, report: ParsedReport, console: Console) -> None:
    sums = [one for one in report.identities if fact.code in (*one.left_codes, *one.right_codes)]
    print_list(console, "explain.identities", [_sum_line(one, report.facts) for one in sums])
    print_list(console, "explain.proposal", [
        f"{plain(one.value)}（{'、'.join(one.identities)}）" for one in report.proposals if one.code == fact.code
    ])  # fmt: skip
    touching = [issue_line(issue) for issue in report.issues if _touches(issue, fact.place)]
    print_list(console, "explain.touching", touching)


def _sum_line(identity: IdentityResult, facts: Iterable[Fact]) -> str:
    """`一、… : a 3 + b 4 = 7 ≠ 8 = c 8（不符 does not hold）`."""
    values = {fact.code: plain(fact.value) if fact.value is not None else "？" for fact in facts}
    left, right = (
        " + ".join(f"{code} {values.get(code, '？')}" for code in codes)
        for codes in (identity.left_codes, identity.right_codes)
    )
    sign = {True: "=", False: "≠", None: "?"}[identity.holds]
    verdict = {True: "holds", False: "broken", None: "open"}[identity.holds]
    sides = f"{left} → {plain(identity.left) or '？'} {sign} {plain(identity.right) or '？'} ← {right}"
    doubt = "" if identity.certain else both("reading.not_certain")
    return f"{identity.description}（{identity.identity}）：{sides}：{both(f'reading.explain.{verdict}')}{doubt}"


def _touches(issue: Issue, place: Place | None) -> bool:
    """Whether it is about this cell, its row, its column, its table, or the document as a whole's form."""
    about = issue.place
    if about is None or place is None or about.block != place.block:
        return False
    return about.row in (None, place.row) and (about.column in (None, place.column))
