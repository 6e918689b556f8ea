"""One page as a picture → Sheet, offline. Touches the recognition model alone.

The ruled lattice is found first and every cell is read by itself, so that numbers of neighbouring cells never
join and an empty cell stays empty. What has ink and cannot be read for certain gets UNREADABLE in its text, which
makes it no number and no blank. Numbers are read twice, in two renderings, and must agree.

Coordinates are those of the page turned upright and straight.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from crawler.errors import ReadError
from crawler.formats.ocr import lattice, picture, recogniser, strips
from crawler.formats.ocr.lattice import Area, Lattice
from crawler.formats.ocr.picture import Grey, Page
from crawler.formats.ocr.recogniser import Reading
from crawler.formats.ocr.strips import Strip
from crawler.formats.sheet import Rule, Run, Sheet

UNREADABLE = "�"
CERTAIN = 0.80  # of the least certain character of a number; see tests/crawler/formats/test_ocr_errors.py
MAX_CELLS = 4_000  # of one page
MAX_LINES = 2_000  # lines of text of one page
MAX_INK = 600_000  # pixels of all strips of a page, side by side: about a minute

_NARROW, _WIDE = 0.45, 0.95  # heights of a figure from one to the next: 0.64 in the narrowest font, 0.87 in the widest
_FEW_PIXELS = 11  # height of figures that are looked at three times: 9 points at 120 dpi
_SURE = 0.999  # a picture is never as certain as the characters of a file
_LOW = 0.07  # inches: lines that are lower (a dash) are seen at this height
_SENSE = 0.9  # median confidence of lines below which a page is tried in other directions, and then doubted
_SAMPLE = 12  # lines
_FIGURE = re.compile(r"[0-9０-９]")
_IN_NUMBERS = re.compile(r"[亿万千元件项个条次宗份人增减加少新约余]")
_NUMBER = re.compile(r"[0-9.,+\-]+%?")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_BLANK_MARKS = frozenset("-–—―－_~/\\无空")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text. `cell`: it stands in a cell; `doubtful`: that cell's borders are, or ink crosses them."""

    strip: Strip
    cell: bool
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A page with its lattices and lines, not yet read."""

    page: Page
    lattices: list[Lattice]
    lines: list[_Line]

    @classmethod
    def on(cls, page: Page) -> _Found:
        lattices, ruled = lattice.find(page.trace, page.dots)
        return cls(page, lattices, _lines(page, lattices, ruled))

    def sense(self) -> float:
        """Median confidence of a sample of lines, if there are any of those with several signs; 1 for a blank page."""
        long = [line for line in self.lines if 3 <= line.strip.width / line.strip.height <= 15]
        sample = (long or self.lines)[:: len(long or self.lines) // _SAMPLE + 1]
        readings = recogniser.read([_first(self.page, line.strip) for line in sample])
        return float(np.median([reading.confidence for reading in readings])) if readings else 1.0


def recognise(image: Image.Image, *, number: int, points_per_pixel: float) -> Sheet:
    """The page as runs and rules. `number` counts pages from 1.

    Raises ReadError: too large, too small, damaged, too much on it, or the recognition is not installed.
    """
    found, legible = _upright(picture.prepare(image, 72.0 / points_per_pixel))
    points = 72.0 / found.page.dots
    height, width = found.page.grey.shape
    return Sheet(
        number=number,
        width=width * points,
        height=height * points,
        runs=tuple(_runs(found, points, legible)),
        rules=tuple(_rules(found.lattices, points)),
        recognised=True,
    )


def _upright(page: Page) -> tuple[_Found, bool]:
    """The page, turned by quarters where its lines make no sense as they stand; whether they then make sense."""
    best = _Found.on(page)
    sense = best.sense()
    for turns in (1, 3, 2):
        if sense >= _SENSE:
            break
        turned = _Found.on(picture.quarter_turned(page, turns))
        other = turned.sense()
        if other > sense:
            best, sense = turned, other
    return best, sense >= _SENSE


def _lines(page: Page, lattices: Sequence[Lattice], ruled: lattice.Mask) -> list[_Line]:
    """All lines of text, those of cells first. Raises ReadError where there are more than a page can hold."""
    if sum(len(found.areas) for found in lattices) > MAX_CELLS:
        raise ReadError(f"图片中的表格超过 {MAX_CELLS} 格，未读取。 / The picture has too many cells.")
    trace = strips.without_specks(page.trace & (1 - ruled), page.dots)
    ink = strips.without_specks(page.ink & (1 - ruled), page.dots)
    sign = strips.height_of_signs(ink, page.dots)
    found: list[_Line] = []
    rest = ink.copy()
    for each in lattices:
        for area in each.areas:
            rest[area.top : area.bottom, area.left : area.right] = 0
            found += _lines_of_cell(page, area, each.thickness, trace, ink, sign)
    for strip in strips.find(rest, sign):
        # What is higher than an inch is a picture; a page may end in the middle of a table.
        if strip.height <= page.dots and not any(_sticks_out(strip, each) for each in lattices):
            found.append(_Line(strip, cell=False))
    if (
        len(found) > MAX_LINES
        or sum(line.strip.width * recogniser.HEIGHT // line.strip.height for line in found) > MAX_INK
    ):
        raise ReadError(
            "图片中的文字或杂点太多，不像一页报告。 / There is too much on the picture for a page of a report."
        )
    return found


def _sticks_out(strip: Strip, found: Lattice) -> bool:
    """Whether the strip is the end of an upright line of the table."""
    near = found.thickness + 4  # pixels
    middle = (strip.left + strip.right) / 2
    return strip.width <= near and any(
        abs(x - middle) <= near and (abs(strip.top - bottom) <= near or abs(strip.bottom - top) <= near)
        for x, top, bottom in found.upright
    )


def _lines_of_cell(page: Page, area: Area, thickness: int, trace: Grey, ink: Grey, sign: float) -> Iterator[_Line]:
    """Nothing for a cell without a trace of ink; at least one line for any other.

    A line reaches as far as there is any trace beside it: a faint minus belongs to its number.
    """
    inset = (thickness + 1) // 2 + max(round(0.005 * page.dots), 1)
    box = Strip(area.left + inset, area.top + inset, area.right - inset, area.bottom - inset)
    if box.width < 3 or box.height < 3:
        return
    whole = strips.tight(trace, box)
    if whole is None:
        return
    window = np.s_[box.top : box.bottom, box.left : box.right]
    mask = ink[window] if ink[window].any() else trace[window]
    crossed = whole.left == box.left or whole.right == box.right or whole.top == box.top or whole.bottom == box.bottom
    for strip in strips.find(mask, sign, left=box.left, top=box.top):
        yield _Line(strips.widened(strip, page.trace, box), cell=True, doubtful=area.doubtful or crossed)


def _runs(found: _Found, points: float, legible: bool) -> Iterator[Run]:
    page, lines = found.page, found.lines
    first = recogniser.read([_first(page, line.strip) for line in lines])
    again = [number for number, line in enumerate(lines) if _matters(first[number].text, line)]
    readings = [[reading] for reading in first]
    for number, reading in zip(again, recogniser.read([_second(page, lines[n].strip) for n in again]), strict=True):
        readings[number].append(reading)
    unsure = [number for number in again if _is_unsure(readings[number], lines[number].strip)]
    for number, reading in zip(unsure, recogniser.read([_third(page, lines[n].strip) for n in unsure]), strict=True):
        readings[number].append(reading)
    for line, found_here in zip(lines, readings, strict=True):
        reading = _settled(page, line, found_here)
        if not reading.text and not line.cell:
            continue
        if not reading.text or line.doubtful or not legible:
            reading = Reading(reading.text.removesuffix(UNREADABLE) + UNREADABLE, reading.confidence)
        strip = line.strip
        left, top, right, bottom = (edge * points for edge in (strip.left, strip.top, strip.right, strip.bottom))
        yield Run(reading.text, left, top, right, bottom, min(reading.confidence, _SURE))


def _matters(text: str, line: _Line) -> bool:
    """Whether a wrong character here could become a wrong number or a wrong blank."""
    return not _is_words(text) or (not line.cell and _FIGURE.search(text) is not None)


def _is_words(text: str) -> bool:
    """Whether this is a label or a sentence; neither a number, with or without its unit, nor a mark for a blank."""
    return len(_IDEOGRAPH.findall(_IN_NUMBERS.sub("", text))) >= 2


def _is_unsure(readings: Sequence[Reading], strip: Strip) -> bool:
    """Whether a number was read alike, but not surely or from few pixels: a third look must confirm it."""
    first, second = readings
    if first.text != second.text or not _NUMBER.fullmatch(first.text):
        return False
    return strip.height < _FEW_PIXELS or not _are_sure(readings)


def _are_sure(readings: Sequence[Reading]) -> bool:
    """Whether two of them are certain."""
    return sorted(reading.confidence for reading in readings)[-2] >= CERTAIN


def _settled(page: Page, line: _Line, readings: Sequence[Reading]) -> Reading:
    """What all readings say; where they differ, or are not certain, UNREADABLE stands between or after them."""
    first = readings[0]
    if len(readings) == 1:
        return first
    confidence = min(reading.confidence for reading in readings)
    if _is_words(first.text):
        return Reading(_agreed(first.text, readings[1].text), confidence)
    texts = dict.fromkeys(reading.text for reading in readings)
    if len(texts) > 1:
        return Reading(UNREADABLE.join(texts), confidence)
    if first.text and not (_are_sure(readings) and _plausible(page, line.strip, first.text)):
        return Reading(first.text + UNREADABLE, confidence)
    return Reading(first.text, confidence)


def _plausible(page: Page, strip: Strip, text: str) -> bool:
    """Whether the ink has the shape of the text: two numbers side by side are not one, an upright bar is no dash."""
    if _NUMBER.fullmatch(text):
        figures = sum(sign.isdecimal() for sign in text)
        least = _NARROW * (figures - 1) * strip.height
        most = (_WIDE * len(text)) * strip.height + 2
        return least <= strip.width <= most and strips.widest_gap(page.ink, strip) <= 0.8 * strip.height
    if text in _BLANK_MARKS and text not in "/\\无空":
        return strip.height <= 0.5 * strip.width
    return True


def _agreed(first: str, second: str) -> str:
    """The first text with UNREADABLE for the figures that the second reads differently."""
    found: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        differs = kind != "equal" and (_FIGURE.search(first[a:b]) or _FIGURE.search(second[c:d]))
        found.append(UNREADABLE if differs else first[a:b])
    return "".join(found)


def _first(page: Page, strip: Strip) -> Grey:
    """The line as the model is used to it: a fifth of its height of paper around."""
    return _crop(page.grey, strip, page.dots, 0.2, 0.3)


def _second(page: Page, strip: Strip) -> Grey:
    """The same line in another size and place, without red ink."""
    return _crop(page.clean, strip, page.dots, 0.38, 0.4)


def _third(page: Page, strip: Strip) -> Grey:
    """The same line once more, narrower and softer."""
    crop = _crop(page.clean, strip, page.dots, 0.28, 0.6)
    height, width = crop.shape
    narrow = cv2.resize(cv2.GaussianBlur(crop, (3, 3), 0), (round(width * 0.85), height), interpolation=cv2.INTER_AREA)
    return np.asarray(narrow, dtype=np.uint8)


def _crop(grey: Grey, strip: Strip, dots: float, above: float, beside: float) -> Grey:
    """The strip with white paper around it, in parts of its height; nothing of its neighbours gets in."""
    soft = 1 + strip.height // 24  # the soft edge of the ink
    top, left = max(strip.top - soft, 0), max(strip.left - soft, 0)
    own = grey[top : strip.bottom + soft, left : strip.right + soft]
    seen = max(strip.height, round(_LOW * dots))
    vertical = round(above * seen) + (seen - strip.height) // 2
    level = round(beside * seen)
    return np.pad(own, ((vertical, vertical), (level, level)), constant_values=255)


def _rules(lattices: Sequence[Lattice], points: float) -> Iterator[Rule]:
    for found in lattices:
        for y, left, right in found.level:
            yield Rule(left * points, y * points, right * points, y * points)
        for x, top, bottom in found.upright:
            yield Rule(x * points, top * points, x * points, bottom * points)
