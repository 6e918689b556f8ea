"""Finds the statistics annex of a document: in its tables, or else in its lines of text. Touches nothing.

Judges no branch: which indicator a line is, the tree reader says (crawler.reports.annex.tree).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from crawler.model import Document, Paragraph, Table
from crawler.reports.annex.indicators import LEAST_LABEL, LONGEST_LINE, Indicators
from crawler.reports.annex.lines import Line
from crawler.reports.annex.table import TableReader
from crawler.reports.annex.text import TextReader
from crawler.reports.labels import normalise

# Fewer labels than this occur by chance in menus and tables of other things.
FEWEST_LABELS = 5


@dataclass(frozen=True, slots=True)
class Annex:
    """`ordered`: whether lines that follow each other here do so in the form. `runs`: text annexes found."""

    lines: tuple[Line, ...]
    ordered: bool = True
    runs: int = 1


def find(document: Document, indicators: Indicators, strangers: frozenset[int] = frozenset()) -> Annex | None:
    """The annex of a document: its tables, or else its lines of text; None where neither has enough labels.

    `strangers`: 0-based blocks of tables that are another report's.
    """
    if not _is_likely(document, indicators):
        return None
    lines: list[Line] = []
    ordered = True
    number = 0
    for block, content in enumerate(document.blocks, start=1):
        if isinstance(content, Table):
            number += 1
            if block - 1 in strangers:
                continue
            reader = TableReader(content, block, number, indicators)
            found = reader.read()
            if any(indicators.is_indicator(line.name) for line in found):
                lines += found
                ordered = ordered and (content.spans_known or not reader.splits)
    if len({line.name for line in lines if indicators.is_indicator(line.name)}) >= FEWEST_LABELS:
        return Annex(tuple(lines), ordered)
    runs = list(TextReader(indicators).runs(document))
    if not runs:
        return None
    several = any(line.half for run in runs for line in run)
    return Annex(tuple(line for run in runs for line in run), not several, len(runs))


def _is_likely(document: Document, indicators: Indicators) -> bool:
    """A quick look, for the many documents that have none: do enough texts begin like labels?"""
    texts = (
        text
        for block in document.blocks
        for text in (
            [block.text] if isinstance(block, Paragraph) else (cell.text for row in block.rows for cell in row)
        )
        if len(text) <= LONGEST_LINE
    )
    begun = (text for text in texts if normalise(text)[:LEAST_LABEL] in indicators.beginnings)
    return next(islice(begun, FEWEST_LABELS - 1, None), None) is not None
