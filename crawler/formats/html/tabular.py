"""A <table> of the tree → its cells with their texts, and what of it is data. Touches nothing but the tree.

Tables within tables are usual: layout around a data table, a whole page in one table, and, inside of a data cell,
a little table that holds nothing but the number. So it is judged row by row: a row with a data table or with
prose in a cell is layout and is opened; a table inside a cell that says one thing at most is that cell's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.formats.grid import MAX_SPAN, SourceCell, expand
from crawler.formats.html.markup import PLAIN, Element
from crawler.model import Cell, Table

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BLOCKS = HEADINGS | frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "header", "hr"),
        *("legend", "li", "listing", "main", "marquee", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext"),
        *("pre", "search", "section", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr"),
        *("ucapcontent", "ucaptitle", "ul", "xmp"),
    )
)
KEEPS_LINES = frozenset(("pre", "textarea", "listing", "xmp", "plaintext"))
# Raised, lowered and struck-out signs are no digits of the number beside them: a mark keeps them apart.
MARKED = {"sup": "^", "sub": "_", "del": "~", "s": "~", "strike": "~", "bdo": "\ufffd"}

# The longest cell of a statutory form has about 40 characters. Prose alone in its row is a paragraph of the page,
# also where it is shorter than an article beside a menu.
_PROSE = 400
_PROSE_ALONE = 200
_BREAK = "\0"  # the parser lets none through
_PICTURES = frozenset(("img", "svg", "canvas", "object", "embed", "applet", "iframe", "video", "audio", "select"))
_PICTURE = "［图］"
_UNKNOWN = {"math": "［式］", "script": "［脚本］"}  # shows something that is not read
_SPACER = re.compile(r"(?:spacer|blank|space|pixel|transparent|clear)\.(?:gif|png)", re.I)
_TEXT_INPUTS = frozenset(("", "text", "number", "tel", "search"))
_SPECIAL = KEEPS_LINES | _PICTURES | MARKED.keys() | _UNKNOWN.keys() | {"br", "table", "input"}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202d\u2060-\u2064\ufeff]+")
_REVERSED = "\u202e"  # shows the digits after it from right to left
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_SPAN = re.compile(r"[ \t\r\n\f]*\+?(\d{1,9})", re.ASCII)


def plain(text: str) -> str:
    """One line as shown: runs of spaces are one, invisible characters none."""
    if text.isalnum():
        return text
    text = _INVISIBLE.sub("", text).replace(_REVERSED, "\ufffd")
    return _SPACES.sub(" ", text).strip(" \u3000")


@dataclass
class Nesting:
    """The tables of a page, from the innermost outwards: what each holds, and which say no more than a text."""

    _parts: dict[Element, _Parts] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Sequence[Element]) -> Nesting:
        """`tables`: an outer one before those within it."""
        nesting = cls()
        for table in reversed(tables):
            nesting._parts[table] = _Parts.of(table, nesting)
        return nesting

    def text(self, table: Element) -> str | None:
        """What a table says if that is one text at most; None if it is more."""
        return self._parts[table].said

    def content(self, table: Element) -> Iterator[Element | Table | None]:
        """In reading order: elements to be read as text, and grids; None for a grid beyond its bound."""
        parts = self._parts[table]
        yield from parts.outside
        cells = [cell for group in parts.groups for row in group for cell in row]
        if not cells:
            return
        grid = expand([[[cell.source for cell in row] for row in group] for group in parts.groups])
        if grid is None:
            yield None
        elif all(len(row) <= 1 for group in parts.groups for row in group):
            yield from (cell.element for cell in cells)
        else:
            yield from _divided(grid, cells)


class _SeenCell(NamedTuple):
    """`layout`: it holds a data table."""

    element: Element
    source: SourceCell
    layout: bool


@dataclass
class _Parts:
    outside: list[Element] = field(default_factory=list)  # the caption, and what stands between the cells
    groups: list[list[list[_SeenCell]]] = field(default_factory=list)
    said: str | None = None

    @classmethod
    def of(cls, table: Element, nesting: Nesting) -> _Parts:
        parts = cls()
        stray = Element("div", {})
        heads: list[list[list[_SeenCell]]] = []
        feet: list[list[list[_SeenCell]]] = []
        group: list[list[_SeenCell]] | None = None
        row: list[_SeenCell] | None = None
        stack: list[tuple[str, Iterator[Element | str]]] = [("table", iter(table.children))]
        while stack:
            tag, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if tag == "tr":
                    row = None
                elif tag in ("thead", "tbody", "tfoot"):
                    group = row = None
            elif isinstance(child, str):
                if not child.isspace():
                    stray.children.append(child)
            elif child.tag in ("td", "th"):
                if group is None:
                    group = []
                    parts.groups.append(group)
                if row is None:  # a cell without a row begins one, as in browsers
                    row = []
                    group.append(row)
                row.append(_seen(child, nesting))
            elif child.tag in ("caption", "table"):
                stray.children.append(child)
            elif child.tag not in ("col", "colgroup", "br"):
                if child.tag in ("thead", "tbody", "tfoot"):
                    group, row = [], None
                    place = heads if child.tag == "thead" and not heads else parts.groups
                    (feet if child.tag == "tfoot" and not feet else place).append(group)
                elif child.tag == "tr":
                    if group is None:
                        group = []
                        parts.groups.append(group)
                    row = []
                    group.append(row)
                stack.append((child.tag, iter(child.children)))
        parts.groups = [*heads, *parts.groups, *feet]
        parts.outside = [stray] if stray.children else []
        parts.said = _said(parts)
        return parts


def _said(parts: _Parts) -> str | None:
    if parts.outside:
        return None
    cells = [cell for group in parts.groups for row in group for cell in row]
    texts = [cell.source.text for cell in cells if cell.source.text]
    if any(cell.layout for cell in cells) or len(texts) > 1:
        return None
    text = texts[0] if texts else ""
    return text if len(text) < _PROSE_ALONE else None


def _divided(grid: Sequence[tuple[Cell, ...]], cells: Sequence[_SeenCell]) -> Iterator[Element | Table]:
    """The rows of data as tables, what stands between them opened."""
    begun = iter(cells)
    rows = [[next(begun) for cell in row if not cell.repeated and not cell.missing] for row in grid]
    opened = [_is_layout(row) for row in rows]
    if not any(opened):
        yield Table(tuple(grid), spans_known=True)
        return
    first = 0
    while first < len(rows):
        last = first
        while last < len(rows) and opened[last] == opened[first]:
            last += 1
        if opened[first]:
            yield from (cell.element for row in rows[first:last] for cell in row)
        else:
            yield from _between(grid[first:last], rows[first:last])
        first = last


def _between(grid: Sequence[tuple[Cell, ...]], rows: Sequence[Sequence[_SeenCell]]) -> Iterator[Element | Table]:
    """Rows between layout rows: titles above and below are paragraphs; data has two rows of two texts at least."""
    first, last = 0, len(rows)
    while first < last and len(rows[first]) == 1:
        first += 1
    while last > first and len(rows[last - 1]) == 1:
        last -= 1
    filled = sum(sum(cell.source.text != "" for cell in row) >= 2 for row in rows[first:last])
    if filled < 2:
        first = last = len(rows)
    yield from (cell.element for row in rows[:first] for cell in row)
    if first < last:
        yield Table(tuple(grid[first:last]), spans_known=True)
    yield from (cell.element for row in rows[last:] for cell in row)


def _is_layout(row: Sequence[_SeenCell]) -> bool:
    if any(cell.layout for cell in row):
        return True
    lengths = [len(cell.source.text) for cell in row if cell.source.text]
    return bool(lengths) and (max(lengths) >= _PROSE or (len(lengths) == 1 and lengths[0] >= _PROSE_ALONE))


def _seen(cell: Element, nesting: Nesting) -> _SeenCell:
    text = _cell_text(cell, nesting)
    if cell.attributes:
        source = SourceCell(text or "", _span(cell, "rowspan"), max(_span(cell, "colspan"), 1))
    else:
        source = SourceCell(text or "")
    return _SeenCell(cell, source, text is None)


def _span(cell: Element, name: str) -> int:
    """The attribute as a bounded number; what is no number counts as 1, as in browsers."""
    value = cell.attributes.get(name)
    match = _SPAN.match(value) if value else None
    return min(int(match[1]), MAX_SPAN) if match else 1


def _cell_text(cell: Element, nesting: Nesting) -> str | None:
    """Lines as shown: inline elements join, blocks and <br> break; None where a data table stands inside."""
    inner = cell.children
    while len(inner) == 1 and cell.look is PLAIN:  # <td><p><span>12: the usual cell of an editor
        only = inner[0]
        if isinstance(only, str):
            return plain(only)
        if only.tag in _SPECIAL or only.look is not PLAIN:
            break
        inner = only.children
    if not inner and cell.look is PLAIN:
        return ""
    parts: list[str] = [cell.look.mark]
    pictures = False
    keeps = 0
    stack: list[tuple[Element, Iterator[Element | str]]] = [(cell, iter(cell.children))]
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            keeps -= element.tag in KEEPS_LINES
            if element is not cell and (element.look.breaks or element.tag in BLOCKS):
                parts.append(_BREAK)
        elif isinstance(child, str):
            parts.append(child.replace("\n", _BREAK) if keeps else child)
        elif child.tag == "br":
            parts.append(_BREAK)
        elif child.tag == "table":
            said = nesting.text(child)
            if said is None:
                return None
            parts += (_BREAK, said.replace("\n", _BREAK), _BREAK)
        else:
            if child.look.breaks or child.tag in BLOCKS:
                parts.append(_BREAK)
            parts.append(MARKED.get(child.tag, child.look.mark))
            keeps += child.tag in KEEPS_LINES
            if child.tag == "input" and child.attributes.get("type", "").strip().lower() in _TEXT_INPUTS:
                parts.append(child.attributes.get("value", ""))
            elif child.tag in _UNKNOWN:
                parts.append(_UNKNOWN[child.tag])
            pictures = pictures or (child.tag in _PICTURES and not _is_spacer(child))
            if child.children:
                stack.append((child, iter(child.children)))
            else:
                keeps -= child.tag in KEEPS_LINES
                if child.tag in BLOCKS:
                    parts.append(_BREAK)
    return _lines("".join(parts)) or (_PICTURE if pictures else "")


def _lines(text: str) -> str:
    if _BREAK not in text:
        return plain(text)
    lines = (plain(line) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _is_spacer(picture: Element) -> bool:
    """A picture of a pixel or two, which editors use for distance."""
    attributes = picture.attributes
    small = any(re.fullmatch(r"\s*[0-3](?:px)?\s*", attributes.get(side, "")) for side in ("width", "height"))
    return small or _SPACER.search(attributes.get("src", "")) is not None
