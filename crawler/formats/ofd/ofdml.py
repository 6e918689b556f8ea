"""The objects of an OFD page (GB/T 33190—2016) → runs, rules and images. Touches nothing but the XML it is given.

Lengths in the file are millimetres from the page's top left corner, downwards; sheets want points. Every
character becomes a run of its own: one text object may reach over several cells. Element names are compared
without namespace, because drafts of the standard used other ones.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from crawler.formats.sheet import Rule, Run

POINTS = 72 / 25.4  # in a millimetre
MAX_CHARACTERS = 60_000  # of one page; a full page of small print has some 5,000
MAX_RULES = 60_000  # of one page
MAX_DEPTH = 20  # of blocks within blocks

_ASCENT, _DESCENT = 0.86, 0.14  # of the size, above and below the base line
_LINE_WIDTH = 0.353  # millimetres: the standard's own default
_THIN = 1.4  # millimetres: a filled area is a line up to this thickness
_STRAIGHT = 0.05  # millimetres by which a level or upright line may deviate
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_PRIVATE = re.compile(r"[\ue000-\uf8ff\ufffd]")

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image object: the resource's ID and the box (left, top, right, bottom) that it fills, in points."""

    resource: str
    box: tuple[float, float, float, float]


@dataclass
class Objects:
    """What stands on a page. The counts are of objects that were left out, for the issues."""

    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    askew: int = 0  # characters of turned text: watermarks
    hidden: int = 0  # characters without colour, or white
    composite: int = 0  # drawings kept elsewhere
    unknown: int = 0  # characters that the file gives no Unicode for
    beyond: bool = False  # a bound was reached


def tag(element: etree._Element) -> str:
    """The name without namespace; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if tag(child) == name)


def numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """Exactly `count` finite numbers, or None."""
    words = (text or "").split()
    if len(words) != count or not all(_NUMBER.fullmatch(word) for word in words):
        return None
    return tuple(float(word) for word in words)


def offsets(text: str | None, count: int) -> list[float] | None:
    """A DeltaX or DeltaY queue as `count` distances; None where there is no queue that can be read.

    "g 3 4.2" stands for 4.2 three times. What a queue lacks is its last distance again; what it has too much
    is dropped.
    """
    words = (text or "").split()
    found: list[float] = []
    place = 0
    while place < len(words) and len(found) < count:
        times = 1
        if words[place] == "g":
            if place + 2 >= len(words) or not words[place + 1].isdecimal():
                return None
            times = min(int(words[place + 1][:9]), count)
            place += 2
        if not _NUMBER.fullmatch(words[place]):
            return None
        found += [float(words[place])] * times
        place += 1
    if not found:
        return None
    return (found + [found[-1]] * (count - len(found)))[:count]


def collect(content: etree._Element, into: Objects, depth: int = 0) -> None:
    """Adds the visible objects of a Content, Layer or PageBlock element."""
    for element in content:
        name = tag(element)
        if element.get("Visible") in ("false", "0"):
            continue
        if name in ("Layer", "PageBlock") and depth < MAX_DEPTH:
            collect(element, into, depth + 1)
        elif name == "TextObject":
            _text(element, into)
        elif name == "PathObject":
            _path(element, into)
        elif name == "ImageObject":
            _image(element, into)
        elif name == "CompositeObject":
            into.composite += 1


def _matrix(element: etree._Element) -> Matrix:
    """From the object's own space to the page, in millimetres: CTM first, then the corner of the boundary."""
    a, b, c, d, e, f = numbers(element.get("CTM"), 6) or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    left, top, *_ = numbers(element.get("Boundary"), 4) or (0.0, 0.0)
    return a, b, c, d, e + left, f + top


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _is_unseen(element: etree._Element, *, fill_default: str, stroke_default: str) -> bool:
    """Neither filled nor stroked, or in a colour without any cover."""
    if element.get("Alpha") == "0":
        return True
    filled = element.get("Fill", fill_default) == "true" and not _is_clear(element, "FillColor")
    stroked = element.get("Stroke", stroke_default) == "true" and not _is_clear(element, "StrokeColor")
    return not (filled or stroked)


def _is_clear(element: etree._Element, name: str) -> bool:
    """Whether the colour covers nothing: without any alpha, or white as the paper."""
    return any(
        colour.get("Alpha") == "0" or (colour.get("Value") or "").split() == ["255", "255", "255"]
        for colour in children(element, name)
    )


def _text(element: etree._Element, into: Objects) -> None:
    size = numbers(element.get("Size"), 1)
    if size is None or size[0] <= 0:
        return
    if _is_unseen(element, fill_default="true", stroke_default="false"):
        into.hidden += sum(len((code.text or "").strip()) for code in children(element, "TextCode"))
        return
    matrix = _matrix(element)
    a, b, c, d = matrix[:4]
    turned = element.get("ReadDirection", "0") != "0" or element.get("CharDirection", "0") != "0"
    askew = turned or a <= 0 or d <= 0 or abs(b) > 0.1 * abs(a) or abs(c) > 0.4 * abs(d)
    wide = (numbers(element.get("HScale"), 1) or (1.0,))[0] * size[0]
    x = y = 0.0
    for code in children(element, "TextCode"):
        text = code.text or ""
        x = (numbers(code.get("X"), 1) or (x,))[0]
        y = (numbers(code.get("Y"), 1) or (y,))[0]
        if askew:
            into.askew += len(text.strip())
            continue
        across, down = offsets(code.get("DeltaX"), len(text) - 1), offsets(code.get("DeltaY"), len(text) - 1)
        for number, sign in enumerate(text):
            own = wide * (0.5 if sign.isascii() else 1.0)
            step = across[number] if across and number < len(across) else (0.0 if down else own)
            _character(sign, x, y, min(own, step) if step > 0 else own, size[0], matrix, into)
            x += step
            y += down[number] if down and number < len(down) else 0.0


def _character(sign: str, x: float, y: float, wide: float, size: float, matrix: Matrix, into: Objects) -> None:
    if len(into.runs) >= MAX_CHARACTERS:
        into.beyond = True
        return
    if _PRIVATE.match(sign):
        into.unknown += 1
        sign = "\ufffd"
    left, top = _at(matrix, x, y - _ASCENT * size)
    right, bottom = _at(matrix, x + wide, y + _DESCENT * size)
    if all(math.isfinite(edge) for edge in (left, top, right, bottom)):
        into.runs.append(Run(sign, left * POINTS, top * POINTS, right * POINTS, bottom * POINTS))


def _path(element: etree._Element, into: Objects) -> None:
    if _is_unseen(element, fill_default="false", stroke_default="true"):
        return
    matrix = _matrix(element)
    width = (numbers(element.get("LineWidth"), 1) or (_LINE_WIDTH,))[0]
    stroked = element.get("Stroke", "true") == "true" and not _is_clear(element, "StrokeColor")
    for data in children(element, "AbbreviatedData"):
        for figure in figures(data.text or ""):
            points = [_at(matrix, x, y) for x, y in figure]
            if not all(math.isfinite(edge) for point in points for edge in point):
                continue
            if stroked:
                for one, other in itertools.pairwise(points):
                    _line(one, other, width, into)
            elif len(points) > 2:
                _thin_area(points, into)


def figures(text: str) -> list[list[tuple[float, float]]]:
    """The figures of AbbreviatedData as their corners. Curves only move the point: no ruling line is bent."""
    found: list[list[tuple[float, float]]] = []
    words = text.split()
    place = 0
    while place < len(words):
        count = _OPERANDS.get(words[place])
        operator = words[place]
        if count is None:
            place += 1
            continue
        values = numbers(" ".join(words[place + 1 : place + 1 + count]), count)
        place += 1
        if values is None:
            continue
        place += count
        if operator == "C":
            if found and len(found[-1]) > 1:
                found[-1].append(found[-1][0])
        elif operator == "L" and found:
            found[-1].append((values[-2], values[-1]))
        else:
            found.append([(values[-2], values[-1])])
    return [figure for figure in found if len(figure) > 1]


def _line(one: tuple[float, float], other: tuple[float, float], width: float, into: Objects) -> None:
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    half = min(width, _THIN) / 2
    if bottom - top <= _STRAIGHT < right - left:
        _rule(left, top - half, right, bottom + half, into)
    elif right - left <= _STRAIGHT < bottom - top:
        _rule(left - half, top, right + half, bottom, into)


def _thin_area(points: list[tuple[float, float]], into: Objects) -> None:
    """Some writers draw a line as a filled rectangle."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if min(wide, high) <= _THIN < max(wide, high):
        _rule(min(xs), min(ys), max(xs), max(ys), into)


def _rule(left: float, top: float, right: float, bottom: float, into: Objects) -> None:
    if len(into.rules) >= MAX_RULES:
        into.beyond = True
        return
    into.rules.append(Rule(left * POINTS, top * POINTS, right * POINTS, bottom * POINTS))


def _image(element: etree._Element, into: Objects) -> None:
    matrix = _matrix(element)
    corners = [_at(matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
    if element.get("CTM") is None:
        box = numbers(element.get("Boundary"), 4)
        if box is None:
            return
        corners = [(box[0], box[1]), (box[0] + box[2], box[1] + box[3])]
    xs, ys = [x * POINTS for x, _ in corners], [y * POINTS for _, y in corners]
    if all(math.isfinite(edge) for edge in (*xs, *ys)):
        into.pictures.append(Picture(element.get("ResourceID", ""), (min(xs), min(ys), max(xs), max(ys))))
