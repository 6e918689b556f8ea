"""What a page is before it is text: runs of characters and ruling lines, each where it stands.

Touches nothing. PDF, OFD and recognised pictures come down to sheets; crawler.formats.layout makes paragraphs
and tables of them. All lengths are points (1/72 inch) from the page's top left corner, downwards.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one line with the box that they fill: a single character or a whole line of a cell.

    `confidence` as in crawler.model.Cell: 1 where the file itself holds the characters.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line, upright or level; its thickness is the shorter side (0 for a hairline)."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `number` counts from 1; `recognised`: its runs come from a picture."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...] = ()
    recognised: bool = False
