"""Sheets (pages as positioned runs and ruling lines) → paragraphs and tables in reading order. Touches nothing.

The order of work: lattices of drawn lines, the characters in them, text in columns without lines, running heads,
tables that go on over pages, paragraphs. What PDF, OFD and recognised pictures share is all here and below.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.formats.layout import aligned, cells, flow, lines, ruling, seams
from crawler.formats.layout.cells import Part
from crawler.formats.layout.flow import Page
from crawler.formats.layout.lines import TextLine
from crawler.formats.layout.ruling import Lattice
from crawler.formats.sheet import Rule, Run, Sheet
from crawler.model import Issue, Paragraph, Place, Table

_TOUCH = 3.0  # points
MAX_RUNS = 60_000  # of one page; a page full of small print has some 5,000 characters


def arrange(sheets: Sequence[Sheet]) -> tuple[tuple[Paragraph | Table, ...], tuple[Issue, ...]]:
    """(blocks, issues). A page beyond the bounds gives an issue and no blocks."""
    issues: list[Issue] = []
    pages = []
    for sheet in sheets:
        page, found = _page(sheet)
        pages.append(page)
        issues += found
    blocks, found = _blocks(flow.without_running_heads(pages))
    return tuple(blocks), (*issues, *found)


def _page(sheet: Sheet) -> tuple[Page, list[Issue]]:
    issues: list[Issue] = []
    place = Place(block=1, page=sheet.number)
    if len(sheet.runs) > MAX_RUNS:
        message = f"第 {sheet.number} 页的文字超过 {MAX_RUNS} 个，未读取。"
        return Page(sheet.number, sheet.width, sheet.height, ()), [Issue("page_too_big", message, place)]
    found, level, beyond = ruling.lattices(sheet.rules)
    if beyond:
        issues.append(Issue("too_many_rules", f"第 {sheet.number} 页的线条过多，未按表格读取。", place))
    runs, clashes = lines.cleaned(sheet.runs, level)
    if clashes:
        message = f"第 {sheet.number} 页有 {clashes} 处文字重叠，所在各格不读取。"
        issues.append(Issue("overprinted", message, place))
    innermost = _without_outer(found)
    inside: list[list[Run]] = [[] for _ in innermost]
    free: list[Run] = []
    for run in runs:
        x, y = (run.left + run.right) / 2, (run.top + run.bottom) / 2
        holding = next((number for number, lattice in enumerate(innermost) if lattice.holds(x, y)), None)
        (free if holding is None else inside[holding]).append(run)
    for lattice, own in zip(innermost, inside, strict=True):
        free = _beyond_border(lattice, own, free)
    items: list[tuple[float, TextLine | Table | Part]] = []
    for lattice, own in zip(innermost, inside, strict=True):
        if not own:
            continue  # lines without a word between them
        part, doubts = cells.fill(lattice, own, page=sheet.number, recognised=sheet.recognised)
        issues += doubts
        items += [(line.top, line) for line in lines.text_lines(own)] if part is None else [(part.ys[0], part)]
    opened = [lattice for lattice in found if lattice not in innermost]
    items += _text_items(lines.text_lines(free), innermost, opened, sheet.number, level)
    items.sort(key=lambda item: item[0])
    return Page(sheet.number, sheet.width, sheet.height, tuple(item for _, item in items)), issues


def _text_items(
    found: Sequence[TextLine], tables: Sequence[Lattice], frames: Sequence[Lattice], page: int, level: Sequence[Rule]
) -> list[tuple[float, TextLine | Table | Part]]:
    """(top, item) of what stands outside the ruled tables: lines, and tables without upright lines.

    In a frame around tables all is text: a blank beside such a table proves nothing, what belongs there may stand
    in it.
    """
    framed: list[TextLine] = []
    others: list[TextLine] = []
    for line in found:
        x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
        (framed if any(frame.holds(x, y) for frame in frames) else others).append(line)
    items: list[tuple[float, TextLine | Table | Part]] = [(line.top, line) for line in framed]
    for segment in _between(others, tables):
        found_here = aligned.tables(segment, level, page)
        items += [(item.top if isinstance(item, TextLine) else _top(item), item) for item in found_here]
    return items


def _without_outer(found: Sequence[Lattice]) -> list[Lattice]:
    """Lattices that only lay out others are opened, as layout tables of a page are."""
    by_area = sorted(found, key=lambda lattice: lattice.area)
    kept: list[Lattice] = []
    for lattice in by_area:
        if not any(_is_inside(inner, lattice) for inner in kept):
            kept.append(lattice)
    return kept


def _is_inside(inner: Lattice, outer: Lattice) -> bool:
    """A little tolerance: a broken piece of a table's border must not take the text of the table's cells."""
    return all(
        outer.xs[0] - _TOUCH <= x <= outer.xs[-1] + _TOUCH and outer.ys[0] - _TOUCH <= y <= outer.ys[-1] + _TOUCH
        for x, y in ((inner.xs[0], inner.ys[0]), (inner.xs[-1], inner.ys[-1]))
    )


def _beyond_border(lattice: Lattice, own: list[Run], free: list[Run]) -> list[Run]:
    """Adds to `own` the text that goes on over the table's left or right border; gives back what stays free.

    A figure must not lose the digits that stick out of its cell.
    """
    beside = [run for run in free if lattice.ys[0] <= (run.top + run.bottom) / 2 <= lattice.ys[-1]]
    taken: set[int] = set()
    for edge, direction in ((lattice.xs[0], -1), (lattice.xs[-1], 1)):
        outside = [run for run in beside if ((run.left + run.right) / 2 - edge) * direction > 0]
        inside = [run for run in own if abs((run.left if direction < 0 else run.right) - edge) < run.bottom - run.top]
        known = {id(run) for run in outside}
        for row in lines.rows([*outside, *inside]) if outside and inside else ():
            last: Run | None = None
            for run in sorted(row, key=lambda run: run.left * direction):
                if id(run) not in known:
                    last = run
                elif last is not None and lines.follows(*((run, last) if direction < 0 else (last, run))):
                    last = run
                    own.append(run)
                    taken.add(id(run))
    return [run for run in free if id(run) not in taken]


def _between(found: Sequence[TextLine], tables: Sequence[Lattice]) -> list[list[TextLine]]:
    """The lines in groups that no table stands between."""
    tops = sorted(lattice.ys[0] for lattice in tables)
    groups: dict[int, list[TextLine]] = {}
    for line in found:
        groups.setdefault(sum(top < line.top for top in tops), []).append(line)
    return list(groups.values())


def _top(table: Table) -> float:
    return min((cell.box.top for row in table.rows for cell in row if cell.box), default=0.0)


def _blocks(pages: Sequence[Page]) -> tuple[list[Paragraph | Table], list[Issue]]:
    style = flow.type_of(pages)
    blocks: list[Paragraph | Table] = []
    issues: list[Issue] = []
    text: list[tuple[int, TextLine]] = []
    parts: list[Part] = []

    def end_table() -> None:
        if parts:
            table, found = seams.table(parts)
            blocks.append(table)
            issues.extend(found)
            parts.clear()

    def end_text() -> None:
        blocks.extend(flow.paragraphs(text, style))
        text.clear()

    for page in pages:
        for item in page.items:
            if isinstance(item, Part):
                end_text()
                if parts and not (parts[-1].page + 1 == item.page and seams.goes_on(parts, item)):
                    end_table()
                parts.append(item)
                continue
            end_table()
            if isinstance(item, Table):
                end_text()
                blocks.append(item)
            else:
                text.append((page.number, item))
    end_text()
    end_table()
    return blocks, issues
