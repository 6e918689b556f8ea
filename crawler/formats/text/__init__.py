"""Text dumps of Word and of PDF files. Touches nothing but the bytes it is given.

How to recognise: no markup, no NUL bytes. Two dialects of tables, told apart by where the TABs stand.

Word: every cell begins with a TAB on a line of its own and goes on over following lines without TAB; a row
ends with a blank line. Where a merge goes down, the covered cells are empty TAB lines; where it goes
sideways, it is one cell. So rows are ragged and the spans are not known.

PDF: one line a row, cells separated by TABs. Rows of one table may stand apart by blank lines and by lines
of dashes, and a column can be lost in the extraction.

In both, tables may be drawn with characters (crawler.formats.text.drawn).

Known limits: a cell with an empty line inside it ends its row; captions between two halves of a table make
two tables of it. Both show later as rows that do not fit, never as shifted numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.formats import charset
from crawler.formats.text import drawn
from crawler.model import Cell, Document, Paragraph, Table

NAME = "text"

_MARKERS = re.compile(r"\[(?:bookmark|image):[^\]\n]*\]")
_DASHES = re.compile(r"[\s\-–—─|+]*-{3,}[\s\-–—─|+]*")
_NEARLY_ALL = 0.9
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def sniff(data: bytes, name: str, content_type: str) -> bool:
    """Text: hardly a control character in the first kilobytes, in any of the encodings."""
    del name, content_type
    head, _, _ = charset.decode(data[:4096])
    return len(_CONTROL.findall(head)) <= len(head) // 1000


def read(data: bytes, content_type: str) -> Document:
    text, _, issues = charset.decode(data, content_type=content_type)
    lines = [_MARKERS.sub("", line) for line in re.split(r"\r\n|\r|\n|\f", text.lstrip("\ufeff"))]
    return Document(format=NAME, blocks=tuple(_blocks(lines)), issues=issues)


def _blocks(lines: list[str]) -> Iterator[Paragraph | Table]:
    """Drawn tables say themselves where they are; what stands around them is of one of the two dialects."""
    dialect = _word_blocks if _is_word(lines) else _pdf_blocks
    for part in drawn.tables(lines, loose=not any("\t" in line for line in lines)):
        if isinstance(part, Table):
            yield part
        else:
            yield from dialect(part)


def _is_word(lines: list[str]) -> bool:
    """Nearly every TAB opens a line and is its only one; a stray TAB in a paragraph does not count."""
    with_tabs = [line for line in lines if "\t" in line]
    opening = sum(line.rfind("\t") == 0 for line in with_tabs)
    return opening >= _NEARLY_ALL * len(with_tabs)


def _word_blocks(lines: list[str]) -> Iterator[Paragraph | Table]:
    rows: list[tuple[Cell, ...]] = []
    row: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("\t"):
            row.append(line[1:])
        elif row and line.strip():
            row[-1] += "\n" + line
        elif row:
            rows.append(_cells(row))
            row = []
        else:
            yield from _closed(rows)
            rows = []
            if line.strip():
                yield Paragraph(line.strip())
    yield from _closed(rows)


def _pdf_blocks(lines: list[str]) -> Iterator[Paragraph | Table]:
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        if _DASHES.fullmatch(line):
            continue
        if "\t" in line:
            rows.append(_cells(line.split("\t")))
        elif line.strip():
            yield from _closed(rows)
            rows = []
            yield Paragraph(line.strip())
    yield from _closed(rows)


def _closed(rows: list[tuple[Cell, ...]]) -> Iterator[Paragraph | Table]:
    """A single row is no table: paragraphs are indented and aligned with TABs too."""
    if len(rows) > 1:
        yield Table(tuple(rows), spans_known=False)
    elif rows:
        for cell in rows[0]:
            yield from (Paragraph(line) for line in cell.text.split("\n") if line)


def _cells(texts: list[str]) -> tuple[Cell, ...]:
    return tuple(Cell("\n".join(part.strip() for part in text.splitlines()).strip()) for text in texts)
