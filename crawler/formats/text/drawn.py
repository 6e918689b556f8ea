"""Tables that a text draws with characters: pipes (Markdown, SQL clients), boxes, columns of spaces. Touches nothing.

Pipes say where a cell begins and ends; an empty cell is one. Spaces do not: columns of spaces are a table only
where every line has the same number of cells, none is empty, and a blank gutter runs between them from the first
line to the last. Everything else stays text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from crawler.model import Cell, Table

_BOX = str.maketrans("│┃║", "|||")
_RULE = re.compile(r"(?=.*[-─━═=]{3})[\s:|+\-─━═=┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛]+")
_PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_GUTTER = re.compile(r"[ \u3000]{2,}|\u3000+")
_OPEN_ROWS = 3  # lines without outer pipes, or with spaces alone: fewer are a menu or a line of contacts
_FRAMED = 4  # rules from which on every row of a table stands between two of them


def tables(lines: Sequence[str], *, loose: bool) -> Iterator[list[str] | Table]:
    """The lines in their order, runs of drawn rows as tables. `loose`: also columns of spaces, and open pipes."""
    text: list[str] = []
    number = 0
    while number < len(lines):
        found = _piped(lines, number, loose) or (_spaced(lines, number) if loose else None)
        rows, end = found or (None, number + 1)
        if rows is None:
            text += lines[number:end]
            number = end
            continue
        if text:
            yield text
            text = []
        number = end
        yield Table(tuple(tuple(Cell(cell) for cell in row) for row in rows), spans_known=False)
    if text:
        yield text


def _piped(lines: Sequence[str], first: int, loose: bool) -> tuple[list[list[str]], int] | None:
    """(rows, number of the line behind them)."""
    rows: list[list[str]] = []
    sections: list[list[list[str]]] = [[]]
    closed = True
    last = first
    while last < len(lines):
        line = lines[last].translate(_BOX).strip()
        if _RULE.fullmatch(line):
            if not rows and last > first:
                return None
            sections.append([])
        else:
            cells = _cells(line)
            framed = line.startswith("|") and line.endswith("|")
            if cells is None or "\t" in line or (rows and len(cells) != len(rows[0])) or not (framed or loose):
                break
            closed = closed and framed
            rows.append(cells)
            sections[-1].append(cells)
        last += 1
    if len(rows) < (2 if closed else _OPEN_ROWS):
        return None
    if len(sections) > _FRAMED:
        rows = [[_joined(parts) for parts in zip(*section, strict=True)] for section in sections if section]
    return rows, last


def _cells(line: str) -> list[str] | None:
    """The cells of a line with two pipes or more, or with one between two texts; None for other lines."""
    if "|" not in line:
        return None
    inner = line[line.startswith("|") : len(line) - (line.endswith("|") and not line.endswith("\\|"))]
    cells = [_plain(cell) for cell in _PIPE.split(inner)]
    return cells if len(cells) > 1 else None


def _plain(cell: str) -> str:
    text = _joined(_BREAK.split(cell.replace("\\|", "|")))
    bold = re.fullmatch(r"\*\*([^*]+)\*\*", text)
    return bold[1].strip() if bold else text


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(part.strip() for part in parts if part.strip())


def _spaced(lines: Sequence[str], first: int) -> tuple[list[list[str]] | None, int] | None:
    """(rows, number of the line behind them); no rows where these lines are no table, and no part of one."""
    rows: list[list[tuple[int, int, str]]] = []
    last = first
    while last < len(lines):
        cells = _placed(lines[last])
        if len(cells) < 2 or (rows and len(cells) != len(rows[0])):
            break
        rows.append(cells)
        last += 1
    if len(rows) < _OPEN_ROWS:
        return None
    for column in range(len(rows[0]) - 1):
        if max(row[column][1] for row in rows) >= min(row[column + 1][0] for row in rows):
            return None, last
    return [[text for _, _, text in row] for row in rows], last


def _placed(line: str) -> list[tuple[int, int, str]]:
    """(begin, end, text) of the parts between gutters, in columns of a screen: a Chinese character takes two."""
    found: list[tuple[int, int, str]] = []
    begin = width = 0
    for match in [*_GUTTER.finditer(line), None]:
        text = line[begin : match.start()] if match else line[begin:]
        wide = _width(text)
        if text.strip():
            found.append((width, width + wide, text.strip()))
        if match is not None:
            width += wide + _width(match[0])
            begin = match.end()
    return found


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
