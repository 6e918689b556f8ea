"""A damaged page → bytes, in the dialects that can show the damage: HTML, and the text dumps of Word and of PDF.

Other formats go through the renderers of the golden files. Touches nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from tests.golden.forms import Line
from tests.golden.renderers import RENDERERS
from tests.perturb.page import Page, Sheet, Spot, spans

Writer = Callable[[Page], bytes]


def html(page: Page) -> bytes:
    parts = [_line(block) if isinstance(block, Line) else _sheet(block) for block in page.blocks]
    body = "\n".join(parts)
    if page.one_table:
        rows = [
            f"<tr><td colspan='20'>{escape(block.text)}</td></tr>" if isinstance(block, Line) else _rows(block)
            for block in page.blocks
            if isinstance(block, Line) or block.seen
        ]
        body = f"<table>{''.join(rows)}</table>"
    head = f'<meta charset="{page.claims}"><title>{escape(page.title)}</title>'
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body>\n{body}\n</body></html>\n".encode(
        page.charset, "replace"
    )


def word(page: Page) -> bytes:
    """Every cell begins with a TAB on a line of its own; covered cells below a merge are empty."""
    lines: list[str] = []
    for block in page.blocks:
        if isinstance(block, Line):
            lines.append(block.text)
        elif block.seen:
            for number, row in enumerate(block.matrix):
                for place, spot in enumerate(row):
                    if place and row[place - 1] is spot:
                        continue
                    covered = number > 0 and spot in block.matrix[number - 1]
                    lines.append("\t" if covered else "\t" + spot.text)
                lines.append("")
            lines.append("")
    return "\n".join(lines).encode()


def lines(page: Page) -> bytes:
    """A row a line, cells separated by TABs; what a span covers is empty."""
    found: list[str] = []
    for block in page.blocks:
        if isinstance(block, Line):
            found.append(block.text)
        elif block.seen:
            seen: set[int] = set()
            for row in block.matrix:
                texts = []
                for spot in row:
                    text = spot.text.replace("\n", " " if spot.code else "")
                    texts.append("" if id(spot) in seen else text)
                    seen.add(id(spot))
                found.append("\t".join(texts))
            found.append("")
    return "\n".join(found).encode()


def _rendered(name: str) -> Writer:
    return lambda page: RENDERERS[name].render(page.as_report())


WRITERS: dict[str, Writer] = {"html": html, "word": word, "lines": lines} | {
    name: _rendered(name) for name in RENDERERS if name != "html"
}
DIRECT = ("html", "word", "lines")


def _line(block: Line) -> str:
    return f"<h3>{escape(block.text)}</h3>" if block.heading else f"<p>{escape(block.text)}</p>"


def _sheet(sheet: Sheet) -> str:
    table = f"<table>\n{_rows(sheet)}\n</table>"
    for wrap in sheet.wraps:
        table = wrap.replace("{}", table)
    return table


def _rows(sheet: Sheet) -> str:
    return "\n".join(
        f"<tr>{''.join(_cell(spot, rows, columns) for spot, rows, columns in line)}</tr>"
        for line in spans(sheet.matrix)
    )


def _cell(spot: Spot, rows: int, columns: int) -> str:
    attributes = f' rowspan="{rows}"' if rows > 1 and not spot.bare_rows else ""
    attributes += f' colspan="{columns}"' if columns > 1 and not spot.bare_columns else ""
    content = spot.markup or "<br>".join(escape(part) for part in spot.text.splitlines())
    return f"<td{attributes}>{content}</td>"
