"""What is drawn on a PDF page beside its text: ruling lines, pictures, coloured areas. Touches nothing.

Ruling lines are strokes, thin filled areas and thin images. Areas are kept with their place in the order of
drawing: what comes later covers what came before.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from crawler.formats.pdf.frame import IDENTITY, Frame, Matrix, Rectangle, moved, times
from crawler.formats.sheet import Rule

MAX_OBJECTS = 100_000  # of one page, with those in its forms
MAX_RULES = 60_000
_MAX_DEPTH = 6  # of forms within forms
_MAX_SEGMENTS = 200_000  # of all paths of one page
_MAX_AREAS = 1_000

_THIN = 4.0  # points: what is thicker is an area, as in crawler.formats.layout.ruling
_STRAIGHT = 1.0  # points that a level or upright line may rise or lean
_WHITE = 250
_FAINT = 10
_PAGE_FILLING = 0.5  # of the page: smaller images may be seals, whose ground is clear


@dataclass(frozen=True, slots=True)
class _Area:
    order: int
    place: Rectangle
    dark: bool
    covers: bool


@dataclass
class Drawing:
    """Filled by `walk`. `orders`: address of a text object → its place in the order of drawing."""

    frame: Frame
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Rectangle] = field(default_factory=list)
    orders: dict[int, int] = field(default_factory=dict)
    shapes: int = 0  # filled areas that are no lines
    beyond: bool = False
    _areas: list[_Area] = field(default_factory=list)
    _objects: int = 0
    _segments: int = 0

    def walk(self, page: pdfium.FPDF_PAGE) -> None:
        count = pdfium.FPDFPage_CountObjects(page)
        for index in range(count):
            if not self._take(pdfium.FPDFPage_GetObject(page, index), IDENTITY, 0):
                break

    def is_covered(self, order: int, x: float, y: float) -> bool:
        return any(area.covers and area.order > order and area.place.holds(x, y) for area in self._areas)

    def has_dark_ground(self, order: int, x: float, y: float) -> bool:
        """Whether the last area drawn there before `order` was coloured."""
        below = [area for area in self._areas if area.order < order and area.place.holds(x, y)]
        return bool(below) and max(below, key=lambda area: area.order).dark

    def _take(self, item: pdfium.FPDF_PAGEOBJECT, outer: Matrix, depth: int) -> bool:
        """False where a bound is reached."""
        self._objects += 1
        if self._objects > MAX_OBJECTS or len(self.rules) > MAX_RULES or self._segments > _MAX_SEGMENTS:
            self.beyond = True
            return False
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            address = ctypes.cast(item, ctypes.c_void_p).value
            if address is not None:
                self.orders[address] = self._objects
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._path(item, times(_matrix(item), outer))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self._image(times(_matrix(item), outer))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = times(_matrix(item), outer)
            for index in range(pdfium.FPDFFormObj_CountObjects(item)):
                if not self._take(pdfium.FPDFFormObj_GetObject(item, index), inner, depth + 1):
                    return False
        return True

    def _image(self, matrix: Matrix) -> None:
        place = self._hull([moved(matrix, x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))])
        if min(place.right - place.left, place.bottom - place.top) <= _THIN:
            self._rule(place)
            return
        self.pictures.append(place)
        wide, high = self.frame.size
        self._area(place, dark=True, covers=place.area >= _PAGE_FILLING * wide * high)

    def _path(self, item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        if stroke.value and _opacity(item, pdfium.FPDFPageObj_GetStrokeColor)[0] >= _FAINT:
            width = ctypes.c_float()
            pdfium.FPDFPageObj_GetStrokeWidth(item, width)
            thick = width.value * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
            for points in self._subpaths(item, matrix):
                self._stroke(points, thick)
        if fill.value:
            opacity, white = _opacity(item, pdfium.FPDFPageObj_GetFillColor)
            if opacity < _FAINT:
                return
            covers = opacity == 255 and not pdfium.FPDFPageObj_HasTransparency(item)
            for points in self._subpaths(item, matrix):
                place = self._hull(points)
                if min(place.right - place.left, place.bottom - place.top) <= _THIN:
                    self._rule(place)
                else:
                    self.shapes += 1
                    self._area(place, dark=not white, covers=covers and _is_level_box(points))

    def _subpaths(self, item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
        """The corners of each subpath in PDF units of the page; curves count by their ends."""
        points: list[tuple[float, float]] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(pdfium.FPDFPath_CountSegments(item)):
            self._segments += 1
            if self._segments > _MAX_SEGMENTS:
                break
            segment = pdfium.FPDFPath_GetPathSegment(item, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
                yield points
                points = []
            points.append(moved(matrix, x.value, y.value))
            if pdfium.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
                points.append(points[0])
        if points:
            yield points

    def _stroke(self, points: list[tuple[float, float]], thick: float) -> None:
        half = min(thick, _THIN) / 2
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            place = self.frame.rectangle(x0, y0, x1, y1)
            wide, high = place.right - place.left, place.bottom - place.top
            if high <= _STRAIGHT and wide > high:
                level = (place.top + place.bottom) / 2
                self._rule(Rectangle(place.left, level - half, place.right, level + half))
            elif wide <= _STRAIGHT:
                upright = (place.left + place.right) / 2
                self._rule(Rectangle(upright - half, place.top, upright + half, place.bottom))

    def _rule(self, place: Rectangle) -> None:
        wide, high = self.frame.size
        if place.right >= 0 and place.bottom >= 0 and place.left <= wide and place.top <= high:
            self.rules.append(Rule(place.left, place.top, place.right, place.bottom))

    def _area(self, place: Rectangle, *, dark: bool, covers: bool) -> None:
        if len(self._areas) < _MAX_AREAS:
            self._areas.append(_Area(self._objects, place, dark, covers))

    def _hull(self, points: list[tuple[float, float]]) -> Rectangle:
        found = [self.frame.point(x, y) for x, y in points]
        across, down = [x for x, _ in found], [y for _, y in found]
        return Rectangle(min(across), min(down), max(across), max(down))


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _opacity(item: pdfium.FPDF_PAGEOBJECT, colour: pdfium.FPDFPageObj_GetFillColor) -> tuple[int, bool]:
    """(opacity of 255, whether the colour is white); patterns and unknown colours count as drawn."""
    red, green, blue, opacity = (ctypes.c_uint(0) for _ in range(4))
    if not colour(item, red, green, blue, opacity):
        return 255, False
    return opacity.value, min(red.value, green.value, blue.value) >= _WHITE


def _is_level_box(points: list[tuple[float, float]]) -> bool:
    return len({round(x, 1) for x, _ in points}) == 2 and len({round(y, 1) for _, y in points}) == 2
