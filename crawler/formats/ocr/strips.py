"""Ink of a straight page → its lines of text as boxes. Touches nothing but the mask of the ink.

Lines are found by the white between them, down and across by turns (an XY-cut): unlike a trained detector it
never overlooks a single "0" or "1".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]  # 0 or 1

_DEPTH = 6  # turns of cutting: columns within columns
_SPECK = 0.025  # inches: dust; the height of the smallest legible figure is twice as much
_APART = 1.6  # heights of a line: a wider gap begins another piece of text
_DASH = 0.35  # heights of a figure: the width of a hyphen is 0.45
_SMALLEST, _LARGEST = 0.03, 0.5  # inches: heights of what may be a sign


@dataclass(frozen=True, slots=True)
class Strip:
    """The box of one line's ink, in pixels; right and bottom are just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def without_specks(ink: Mask, dots: float) -> Mask:
    """The mask without dust, so small that no digit and no sign of a text is lost with it."""
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    longest = np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT])
    keep = longest >= max(_SPECK * dots, 2)
    keep[0] = False
    del count
    return np.asarray(keep[labels], dtype=np.uint8)


def height_of_signs(ink: Mask, dots: float) -> float:
    """The usual height of a sign on the page, in pixels."""
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights = boxes[1:, cv2.CC_STAT_HEIGHT]
    likely = heights[(heights >= _SMALLEST * dots) & (heights <= _LARGEST * dots)]
    return float(np.percentile(likely, 75)) if likely.size else 0.12 * dots


def find(ink: Mask, sign: float, *, left: int = 0, top: int = 0) -> list[Strip]:
    """The lines in a window whose corner is at (left, top) of the page, from top to bottom."""
    return [
        Strip(strip.left + left, strip.top + top, strip.right + left, strip.bottom + top)
        for strip in _cut(ink, Strip(0, 0, ink.shape[1], ink.shape[0]), sign, _DEPTH)
    ]


def tight(ink: Mask, box: Strip) -> Strip | None:
    """The box of the ink within the box; None where there is none."""
    window = ink[box.top : box.bottom, box.left : box.right]
    rows, columns = np.flatnonzero(window.any(axis=1)), np.flatnonzero(window.any(axis=0))
    if not rows.size:
        return None
    return Strip(
        box.left + int(columns[0]),
        box.top + int(rows[0]),
        box.left + int(columns[-1]) + 1,
        box.top + int(rows[-1]) + 1,
    )


def widened(strip: Strip, trace: Mask, within: Strip) -> Strip:
    """The strip with the traces at its sides that are as wide as a dash: dust is narrower."""
    columns = np.asarray(trace[strip.top : strip.bottom, within.left : within.right].any(axis=0))
    spans = [(start + within.left, end + within.left) for start, end in _spans(columns)]
    wide = [(start, end) for start, end in spans if end - start >= _DASH * strip.height]
    left, right = strip.left, strip.right
    for start, end in reversed(wide):
        if start < left and left - end <= strip.height:
            left = start
    for start, end in wide:
        if end > right and start - right <= strip.height:
            right = end
    return Strip(left, strip.top, right, strip.bottom)


def widest_gap(ink: Mask, strip: Strip) -> int:
    """Pixels of the widest white column within the strip."""
    columns = np.flatnonzero(ink[strip.top : strip.bottom, strip.left : strip.right].any(axis=0))
    return int(np.diff(columns).max()) - 1 if columns.size > 1 else 0


def _cut(ink: Mask, box: Strip, sign: float, depth: int) -> Iterator[Strip]:
    bands = _bands(ink, box, sign)
    for band in bands:
        pieces = _pieces(ink, band)
        if depth == 0 or (len(pieces) == 1 and len(bands) == 1):
            yield from pieces
        else:
            for piece in pieces:
                yield from _cut(ink, piece, sign, depth - 1)


def _bands(ink: Mask, box: Strip, sign: float) -> list[Strip]:
    """Lines of ink between empty rows; strokes of one sign (二, 三) that stand apart are joined again."""
    profile = ink[box.top : box.bottom, box.left : box.right].sum(axis=1, dtype=np.int64)
    spans: list[tuple[int, int]] = []
    for start, end in _spans(profile > 0):
        part = profile[start:end]
        if end - start > 1.8 * sign:  # lines that touch: cut them where the ink is thinnest
            spans += [(start + a, start + b) for a, b in _spans(np.asarray(part > 0.1 * part.max()))]
        else:
            spans.append((start, end))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined:
            before, last = joined[-1]
            low = min(end - start, last - before) < 0.5 * sign
            if low and start - last < 0.6 * sign and end - before <= 1.25 * sign:
                joined[-1] = (before, end)
                continue
        joined.append((start, end))
    boxes = (tight(ink, Strip(box.left, box.top + start, box.right, box.top + end)) for start, end in joined)
    return [found for found in boxes if found is not None]


def _pieces(ink: Mask, band: Strip) -> list[Strip]:
    """The band, cut where the white is wider than between two words."""
    columns = np.asarray(ink[band.top : band.bottom, band.left : band.right].any(axis=0))
    joined: list[tuple[int, int]] = []
    for start, end in _spans(columns):
        if joined and start - joined[-1][1] < _APART * band.height:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    boxes = (tight(ink, Strip(band.left + start, band.top, band.left + end, band.bottom)) for start, end in joined)
    return [found for found in boxes if found is not None]


def _spans(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(start, end) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
