"""The text of two documents, line against line, as difflib sees it. May touch nothing: Documents in, frozen values out.

A paragraph is a line, and so is a row of a table. Both documents are read by the same program at the same moment, so what
differs here stands in the bytes. Everything is bounded: these are texts from outside, and difflib may take the cube of their
length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal

from crawler.model import Cell, Document, Table

MOST_LINES: Final = 5_000  # of one document
LONGEST_LINE: Final = 3_000  # characters
MOST_COMPARED: Final = 700  # lines between the equal beginning and the equal end
MOST_ROWS: Final = 400  # that are shown
MOST_TOKENS: Final = 250  # of a line, between its equal beginning and its equal end
MOST_WORK: Final = 1_000_000  # pairs of tokens in all lines together
AROUND: Final = 2  # equal lines that are shown before and behind a difference
ALIKE: Final = 0.3  # of two lines in each other's place: below this, one went and another came

_TOKEN = re.compile(r"\d[\d,.]*|[A-Za-z]+|\s+|.", re.S)

PartKind = Literal["same", "removed", "added"]
RowKind = Literal["same", "changed", "removed", "added", "gap"]


@dataclass(frozen=True, slots=True)
class Part:
    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """`before`, `after`: the parts of a line on each side, empty where it is not there. gap: `skipped` equal lines."""

    kind: RowKind
    before: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class TextDiff:
    """`equal`: no line differs. `too_much`: more differs than is compared. `more`: rows that are not shown.

    `cut`: a document is longer than what is compared of it.
    """

    rows: tuple[Row, ...] = ()
    equal: bool = False
    too_much: bool = False
    more: int = 0
    cut: bool = False


def text_diff(before: Document, after: Document) -> TextDiff:
    """What differs between the texts of two documents."""
    old, new = lines_of(before), lines_of(after)
    cut = max(len(old), len(new)) > MOST_LINES
    found = line_diff(old[:MOST_LINES], new[:MOST_LINES])
    return replace(found, equal=found.equal and not cut, cut=cut)


def lines_of(document: Document) -> list[str]:
    """Its paragraphs and the rows of its tables, in reading order; empty ones and differences of white space are dropped."""
    lines = []
    for block in document.blocks:
        texts = [_row(row) for row in block.rows] if isinstance(block, Table) else [block.text]
        lines += [" ".join(text.split()) for text in texts]
    return [line for line in lines if line]


def _row(cells: Sequence[Cell]) -> str:
    texts = [cell.text for cell in cells if not cell.repeated]
    return " ｜ ".join(texts) if any(text.strip() for text in texts) else ""


def line_diff(old: Sequence[str], new: Sequence[str]) -> TextDiff:
    """What differs between two texts, with a few equal lines around."""
    if list(old) == list(new):
        return TextDiff(equal=True)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(left), len(right)) > MOST_COMPARED:
        return TextDiff(too_much=True)
    rows = list(_with_context(old[:head], list(_middle(left, right)), old[len(old) - tail :]))
    return TextDiff(rows=tuple(rows[:MOST_ROWS]), more=max(0, len(rows) - MOST_ROWS))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items are equal from the beginning."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _middle(left: Sequence[str], right: Sequence[str]) -> Iterator[Row]:
    work = _Work()
    for tag, a, b, c, d in SequenceMatcher(None, left, right).get_opcodes():
        if tag == "equal":
            yield from (Row("same", (Part("same", line),), (Part("same", line),)) for line in left[a:b])
        else:
            yield from _replaced(left[a:b], right[c:d], work)


def _replaced(left: Sequence[str], right: Sequence[str], work: "_Work") -> Iterator[Row]:
    """Line by line in each other's place; first all that went, then all that came, where two have little in common."""
    went: list[Row] = []
    came: list[Row] = []
    for old, new in zip_longest(left, right):
        if old is not None and new is not None:
            parts = work.parts(old, new)
            if parts is not None:
                yield from (*went, *came)
                went, came = [], []
                yield Row("changed", *parts)
                continue
        if old is not None:
            went.append(Row("removed", before=(Part("removed", old[:LONGEST_LINE]),)))
        if new is not None:
            came.append(Row("added", after=(Part("added", new[:LONGEST_LINE]),)))
    yield from (*went, *came)


class _Work:
    """Compares lines token by token, until that has cost enough."""

    def __init__(self) -> None:
        self._left = MOST_WORK

    def parts(self, old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]] | None:
        """The parts of both lines; None where they have little in common or are too long to be compared."""
        left, right = _TOKEN.findall(old[:LONGEST_LINE]), _TOKEN.findall(new[:LONGEST_LINE])
        head = _alike(left, right)
        tail = _alike(left[head:][::-1], right[head:][::-1])
        a, b = left[head : len(left) - tail], right[head : len(right) - tail]
        cost = max(1, len(a)) * max(1, len(b))
        if max(len(a), len(b)) > MOST_TOKENS or cost > self._left:
            return None
        self._left -= cost
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        codes = matcher.get_opcodes()
        same = head + tail + sum(j - i for tag, i, j, _, _ in codes if tag == "equal")
        if same < ALIKE * max(len(left), len(right)):
            return None
        begin, end = "".join(left[:head]), "".join(left[len(left) - tail :])
        before = _joined(
            [("same", begin), *((_kind(tag, "removed"), "".join(a[i:j])) for tag, i, j, _, _ in codes), ("same", end)]
        )
        after = _joined(
            [("same", begin), *((_kind(tag, "added"), "".join(b[k:m])) for tag, _, _, k, m in codes), ("same", end)]
        )
        return before, after


def _kind(tag: str, other: PartKind) -> PartKind:
    return "same" if tag == "equal" else other


def _joined(parts: Sequence[tuple[PartKind, str]]) -> tuple[Part, ...]:
    """Without empty parts; neighbours of one kind are one."""
    found: list[Part] = []
    for kind, text in parts:
        if not text:
            continue
        if found and found[-1].kind == kind:
            found[-1] = Part(kind, found[-1].text + text)
        else:
            found.append(Part(kind, text))
    return tuple(found)


def _with_context(head: Sequence[str], middle: Sequence[Row], tail: Sequence[str]) -> Iterator[Row]:
    """The differences with AROUND equal lines on each side; longer equal stretches become gaps."""
    if len(head) > AROUND:
        yield Row("gap", skipped=len(head) - AROUND)
    yield from map(_same, head[-AROUND:])
    start = 0
    while start < len(middle):
        end = start
        while end < len(middle) and middle[end].kind == "same":
            end += 1
        if end - start > 2 * AROUND + 1:
            yield from middle[start : start + AROUND]
            yield Row("gap", skipped=end - start - 2 * AROUND)
            yield from middle[end - AROUND : end]
        else:
            yield from middle[start:end]
        if end < len(middle):
            yield middle[end]
        start = end + 1
    yield from map(_same, tail[:AROUND])
    if len(tail) > AROUND:
        yield Row("gap", skipped=len(tail) - AROUND)


def _same(line: str) -> Row:
    part = (Part("same", line[:LONGEST_LINE]),)
    return Row("same", part, part)
