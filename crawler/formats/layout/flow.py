"""Lines of text over the pages → paragraphs; running heads and page numbers fall out. Touches nothing.

A line goes on into the next where it fills the text's width and the next begins at the left margin, not
indented. Larger or numbered short lines are headings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from crawler.formats.layout.cells import Part
from crawler.formats.layout.lines import TextLine
from crawler.model import Box, Paragraph, Table

_EDGE = 0.12  # part of the page's height in which running heads stand
_EDGE_ITEMS = 2
_SAME_HEIGHT = 6.0  # points
_PAGE_NUMBER = re.compile(
    r"[-—–－·•\s]*(?:第\s*)?\d{1,3}\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,3}\s*页)?(?:\s*/\s*\d{1,3})?[-—–－·•\s]*"
)
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、[^。；;]{2,40}")
_LARGER = 1.15  # than the text: a heading
_SAME_SIZE = 0.1
_FULL = 1.6  # ems between a full line and the right margin: punctuation may not begin a line
_INDENT = 0.8  # ems
_FIRST_INDENT = 3.0  # ems, of a paragraph's first line at most
_PITCH = 1.4  # times the usual distance of lines: a new paragraph
_WIDEST_PITCH = 2.6  # ems


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page, from the top down."""

    number: int
    width: float
    height: float
    items: tuple[TextLine | Table | Part, ...]


def without_running_heads(pages: Sequence[Page]) -> list[Page]:
    """Without page numbers, and without lines that stand at the same edge of several pages (numbers apart)."""
    places: dict[tuple[bool, str], list[tuple[int, float]]] = defaultdict(list)
    for page in pages:
        for line, at_top in _edge_lines(page):
            places[at_top, _pattern(line)].append((page.number, line.top if at_top else page.height - line.top))
    found = []
    for page in pages:
        dropped = set()
        for line, at_top in _edge_lines(page):
            height = line.top if at_top else page.height - line.top
            others = {
                number
                for number, other in places[at_top, _pattern(line)]
                if number != page.number and abs(other - height) <= _SAME_HEIGHT
            }
            if others or _PAGE_NUMBER.fullmatch(line.text):
                dropped.add(line)
        kept = tuple(item for item in page.items if not isinstance(item, TextLine) or item not in dropped)
        found.append(Page(page.number, page.width, page.height, kept))
    return found


def _edge_lines(page: Page) -> list[tuple[TextLine, bool]]:
    """(line, at the top) of the outermost lines within the page's edges."""
    first = [item for item in page.items[:_EDGE_ITEMS] if isinstance(item, TextLine)]
    last = [item for item in page.items[-_EDGE_ITEMS:] if isinstance(item, TextLine)]
    return [
        *((line, True) for line in first if line.bottom <= _EDGE * page.height),
        *((line, False) for line in last if line.top >= (1 - _EDGE) * page.height),
    ]


def _pattern(line: TextLine) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


@dataclass(frozen=True, slots=True)
class Type:
    """How the text is set: height of its characters, left and right margin, distance of lines; in points."""

    size: float
    left: float
    right: float
    pitch: float

    def is_full(self, line: TextLine) -> bool:
        return self.right - line.right < _FULL * line.size

    def is_heading(self, line: TextLine) -> bool:
        return line.size >= _LARGER * self.size


def type_of(pages: Iterable[Page]) -> Type:
    """Of the lines outside the tables, by the number of their characters."""
    found = [(page, item) for page in pages for item in page.items if isinstance(item, TextLine)]
    if not found:
        return Type(0.0, 0.0, 0.0, 0.0)
    size = median(line.size for _, line in found for _ in range(min(len(line.text), 200)))
    body = [(page, line) for page, line in found if abs(line.size - size) <= _SAME_SIZE * size] or found
    left = min(line.left for _, line in body)
    rights = sorted((line.right for _, line in body), reverse=True)
    shared = [right for right, third in zip(rights, rights[2:], strict=False) if right - third <= size]
    symmetric = max(page.width for page, _ in body) - left
    right = shared[0] if shared else max(rights[0], symmetric)
    steps = [
        after.bottom - before.bottom
        for (page, before), (other, after) in pairwise(body)
        if page is other
        and right - before.right < _FULL * size
        and after.left - left < _INDENT * size
        and before.left - left < _FIRST_INDENT * size
        and after.bottom > before.bottom
    ]
    return Type(size, left, right, median(steps) if steps else _WIDEST_PITCH * size)


def paragraphs(found: Sequence[tuple[int, TextLine]], style: Type) -> list[Paragraph]:
    """(page, line) that follow each other without a table between them → paragraphs."""
    groups: list[list[tuple[int, TextLine]]] = []
    for page, line in found:
        if groups and _goes_on(*groups[-1][-1], page, line, style):
            groups[-1].append((page, line))
        else:
            groups.append([(page, line)])
    return [_paragraph(group, style) for group in groups]


def _goes_on(page: int, line: TextLine, next_page: int, following: TextLine, style: Type) -> bool:
    if abs(line.size - following.size) > _SAME_SIZE * line.size or not style.is_full(line):
        return False
    if _SECTION.fullmatch(following.text):
        return False
    heading = style.is_heading(line)
    step = following.bottom - line.bottom
    widest = _WIDEST_PITCH * line.size if heading else min(_PITCH * style.pitch, _WIDEST_PITCH * line.size)
    if page == next_page and not 0 < step <= widest:
        return False
    if heading:  # a title of several lines is centred; only a full line goes on
        return page == next_page and line.left - style.left < 2 * line.size
    return following.left - style.left < _INDENT * line.size


def _paragraph(group: Sequence[tuple[int, TextLine]], style: Type) -> Paragraph:
    text = ""
    for _, line in group:
        letters = text[-1:].isascii() and text[-1:].isalpha() and line.text[:1].isascii() and line.text[:1].isalpha()
        text += (" " if letters else "") + line.text
    page, first = group[0]
    own = [line for number, line in group if number == page]
    box = Box(
        page,
        min(line.left for line in own),
        min(line.top for line in own),
        max(line.right for line in own),
        max(line.bottom for line in own),
    )
    heading = style.is_heading(first) or (len(group) == 1 and _SECTION.fullmatch(text) is not None)
    return Paragraph(text, heading=heading, page=page, box=box)
