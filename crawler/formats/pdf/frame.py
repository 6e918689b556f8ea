"""A PDF page's coordinates → points from the top left corner of the page as it is read. Touches nothing.

PDF counts upwards from the lower left of a box that may begin anywhere; a page may be shown turned.
"""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Points from the top left corner of the page, downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def area(self) -> float:
        return max(self.right - self.left, 0.0) * max(self.bottom - self.top, 0.0)

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible box of a page in PDF units, and by how many quarters it is turned, clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @staticmethod
    def of(page: pdfium.FPDF_PAGE, turns: int) -> Frame:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        return Frame(box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top), turns % 4)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as read."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turns % 2 else (wide, high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.turns:
            case 0:
                return x - self.left, self.top - y
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case _:
                return self.top - y, self.right - x

    def rectangle(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        one, other = self.point(left, bottom), self.point(right, top)
        return Rectangle(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))

    def holds(self, x: float, y: float) -> bool:
        wide, high = self.size
        return 0 <= x <= wide and 0 <= y <= high


def times(one: Matrix, other: Matrix) -> Matrix:
    """First `one`, then `other`, as PDF multiplies."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
