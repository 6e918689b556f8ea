"""Runs of characters → lines of text. Touches nothing.

The gaps decide: digits that stand as close as digits do are one number, whatever pieces they were drawn in; a
real gap becomes a space, and the number reader then refuses two numbers in one cell. Characters drawn twice at
one place (bold by double printing) count once; different characters at one place are no characters that anyone
could be sure of. Raised, lowered and struck-out signs are marked as in HTML ("^", "_", "~").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.formats.sheet import Rule, Run

UNKNOWN = "\ufffd"  # stands for a character that the file does not tell

# All in ems (see _em).
_DIGIT_GAP = 0.2  # a space is a quarter of an em or more, kerning is below a tenth
_DIGIT_GAP_AT_SPACE = 0.1  # where the file itself has a space character
_WORD_GAP = 0.6  # justified Chinese text is stretched
_SAME_PLACE = 0.3
_OVERPRINTED = 0.6  # of the narrower and of the lower box
_SMALL = 0.8  # a mark is smaller than its line …
_RAISED = 0.2  # … and its foot stands higher than the line's by this part of the line's height
_LOWERED = 0.1
_STRUCK = (0.3, 0.75)  # of a character's height, from above: an underline is lower
_MARK = re.compile(r"[0-9A-Za-z*※①-⑳\[\]()（）]+")
_CELL = 4.0  # points: the squares in which neighbours are looked for
_CROWD = 30  # in one square: more than any page prints there


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line as read. `size`: the height of its tallest character, in points; `runs` from left to right."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    confidence: float
    runs: tuple[Run, ...] = ()


def cleaned(runs: Iterable[Run], rules: Sequence[Rule] = ()) -> tuple[list[Run], int]:
    """The runs that one sees, and how many places hold different characters over each other.

    Doubles are dropped, overprinted characters become UNKNOWN. `rules`: lines that belong to no table; those
    through the middle of a character strike it out.
    """
    kept: list[Run] = []
    squares: dict[tuple[int, int], list[int]] = defaultdict(list)
    clashes = 0
    for run in runs:
        text = run.text.strip("\r\n\0")
        if not text or run.bottom <= run.top:
            continue
        square = (int(run.left // _CELL), int(run.top // _CELL))
        near = [
            number
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for number in squares.get((square[0] + across, square[1] + down), [])[:_CROWD]
        ]
        if any(_is_double(kept[number], run) for number in near):
            continue
        clash = next((number for number in near if _is_clash(kept[number], run)), None)
        if clash is not None:
            kept[clash] = replace(kept[clash], text=UNKNOWN)
            clashes += 1
            continue
        squares[square].append(len(kept))
        kept.append(run if text == run.text else replace(run, text=text))
    return _struck(kept, rules), clashes


def _is_double(one: Run, other: Run) -> bool:
    em = min(one.bottom - one.top, other.bottom - other.top, max(one.right - one.left, 0.5))
    return (
        one.text == other.text
        and abs(one.left - other.left) < _SAME_PLACE * em
        and abs(one.top - other.top) < _SAME_PLACE * em
    )


def _is_clash(one: Run, other: Run) -> bool:
    if not (one.text.isalnum() and other.text.isalnum()):
        return False
    if not any(sign.isdecimal() for sign in one.text + other.text):
        return False
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > _OVERPRINTED * min(one.right - one.left, other.right - other.left) and high > _OVERPRINTED * min(
        one.bottom - one.top, other.bottom - other.top
    )


def _struck(runs: list[Run], rules: Sequence[Rule]) -> list[Run]:
    level = sorted(
        (rule for rule in rules if rule.right - rule.left > rule.bottom - rule.top), key=lambda rule: rule.top
    )
    if not level:
        return runs
    tops = [rule.top for rule in level]
    found = []
    for run in runs:
        high = run.bottom - run.top
        first = bisect_left(tops, run.top + _STRUCK[0] * high)
        last = bisect_right(tops, run.top + _STRUCK[1] * high)
        middle = (run.left + run.right) / 2
        struck = any(rule.left <= middle <= rule.right for rule in level[first:last])
        found.append(replace(run, text="~" + run.text) if struck else run)
    return found


def text_lines(runs: Iterable[Run]) -> list[TextLine]:
    """The lines of one cell or one column of text, from the top down."""
    return [line for group in rows(runs) if (line := _line(group)).text]


def rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs on one height. The tallest run of a line is its measure, so that marks do not pull lines together."""
    groups: list[list[Run]] = []
    bands: list[tuple[float, float]] = []
    for run in sorted(runs, key=lambda run: (run.top + run.bottom) / 2):
        # A raised mark sorts before its line, a lowered one of the line above may come between.
        for number in range(len(groups) - 1, max(len(groups) - 3, -1), -1):
            top, bottom = bands[number]
            shared = min(bottom, run.bottom) - max(top, run.top)
            if shared >= 0.5 * min(bottom - top, run.bottom - run.top):
                groups[number].append(run)
                if run.bottom - run.top > bottom - top:
                    bands[number] = (run.top, run.bottom)
                break
        else:
            groups.append([run])
            bands.append((run.top, run.bottom))
    return groups


def _line(runs: list[Run]) -> TextLine:
    runs.sort(key=lambda run: run.left)
    seen = [run for run in runs if not run.text.isspace()]
    if not seen:
        return TextLine("", 0, 0, 0, 0, 0, 1.0)
    tallest = max(seen, key=lambda run: run.bottom - run.top)
    parts: list[str] = []
    before: Run | None = None
    space = False
    mark = ""
    for run in runs:
        if run.text.isspace():
            space = before is not None
            continue
        own_mark = _mark(run, tallest)
        if before is not None and _is_apart(before, run, space):
            parts.append(" ")
        if own_mark and own_mark != mark:
            parts.append(own_mark)
        parts.append(run.text)
        before, space, mark = run, False, own_mark
    return TextLine(
        text="".join(parts).strip(),
        left=min(run.left for run in seen),
        top=min(run.top for run in seen),
        right=max(run.right for run in seen),
        bottom=max(run.bottom for run in seen),
        size=tallest.bottom - tallest.top,
        confidence=min(run.confidence for run in seen),
        runs=tuple(seen),
    )


def _is_apart(before: Run, run: Run, space: bool) -> bool:
    em, gap = _em(before, run), run.left - before.right
    if _is_narrow(before.text[-1]) and _is_narrow(run.text[0]):
        return gap > em * (_DIGIT_GAP_AT_SPACE if space else _DIGIT_GAP)
    return gap > em * (_DIGIT_GAP if space else _WORD_GAP)


def follows(before: Run, run: Run) -> bool:
    """Whether two runs stand on one line, the second right behind the first, as within a word."""
    one, other = before.bottom - before.top, run.bottom - run.top
    shared = min(before.bottom, run.bottom) - max(before.top, run.top)
    em = _em(before, run)
    return shared > 0.5 * min(one, other) and -0.5 * em < run.left - before.right <= _DIGIT_GAP * em


def _em(before: Run, run: Run) -> float:
    """The smaller height; a point or a comma may come with a box of its own height, which measures nothing."""
    one, other = before.bottom - before.top, run.bottom - run.top
    return min(one, other) if before.text[-1].isalnum() and run.text[0].isalnum() else max(one, other)


def _is_narrow(sign: str) -> bool:
    return sign.isascii()


def _mark(run: Run, tallest: Run) -> str:
    """ "^" or "_" where a small sign stands off its line."""
    high = tallest.bottom - tallest.top
    if run.bottom - run.top >= _SMALL * high or not _MARK.fullmatch(run.text):
        return ""
    if tallest.bottom - run.bottom > _RAISED * high:
        return "^"
    return "_" if run.bottom - tallest.bottom > _LOWERED * high else ""
