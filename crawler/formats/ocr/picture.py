"""A scanned page made ready for reading: grey, on even white paper, upright to a tenth of a degree.

Touches nothing but the picture. Everything is in pixels here; `dots` is the resolution (dots per inch).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from crawler.errors import ReadError

Grey = npt.NDArray[np.uint8]  # height × width, 255 is paper
Mask = npt.NDArray[np.uint8]  # 0 or 1

MAX_PIXELS = 60_000_000  # an A4 page at 800 dpi has 62 million
WORKED = 9_000_000  # pixels that are worked with; an A4 page at 300 dpi has 8.7 million
MIN_SIDE = 16
_MAX_SKEW = 5.0  # degrees
_PROBE = 900  # pixels of the longer side when the skew is measured


@dataclass(frozen=True, slots=True)
class Page:
    """One page in several renderings of the same size.

    `grey`: for reading; `clean`: the same without red (stamps), equal to `grey` where nothing is coloured;
    `ink`: what is plainly written; `trace`: everything darker than the paper's own noise.
    """

    grey: Grey
    clean: Grey
    ink: Mask
    trace: Mask
    dots: float


def prepare(image: Image.Image, dots: float) -> Page:
    """Raises ReadError: more than MAX_PIXELS, or too small to hold text."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ReadError(
            f"图片有 {width}×{height} 像素，超过上限。请以 150–300 dpi 重新扫描。 / The picture has too many pixels."
        )
    if min(width, height) < MIN_SIDE:
        raise ReadError(f"图片只有 {width}×{height} 像素，容不下文字。 / The picture is too small to hold text.")
    scale = min(1.0, (WORKED / (width * height)) ** 0.5)
    colours = _colours(image, scale)
    grey = _even(np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
    red = _even(np.ascontiguousarray(colours[:, :, 0]))
    angle = skew(grey)
    grey, red = turned(grey, angle), turned(red, angle)
    return page(grey, np.maximum(grey, red), dots * scale)


def page(grey: Grey, clean: Grey, dots: float) -> Page:
    """The page with what is ink on it. `clean` may only be lighter than `grey`."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    paper = smooth[smooth > 215].astype(np.float32)
    noise = float(1.48 * np.median(np.abs(paper - np.median(paper)))) if paper.size else 0.0
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    written = min(max(threshold, 110.0), 190.0)
    faint = min(255.0 - max(28.0, 4.0 * noise), 225.0)
    ink = (grey < written).astype(np.uint8)
    trace = (smooth < max(faint, written)).astype(np.uint8)
    return Page(grey, clean, ink, trace, dots)


def quarter_turned(page_: Page, turns: int) -> Page:
    """The page turned left by quarters."""
    grey, clean = (np.ascontiguousarray(np.rot90(part, turns)) for part in (page_.grey, page_.clean))
    return page(grey, clean, page_.dots)


def skew(grey: Grey) -> float:
    """Degrees by which the page must be turned left for its lines to be level; 0 where nothing tells."""
    scale = _PROBE / max(grey.shape)
    small = cv2.resize(255 - grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else 255 - grey
    probe = np.where(small > 60, small, 0).astype(np.uint8)
    best = 0.0
    for step, reach in ((0.5, _MAX_SKEW), (0.1, 0.5), (0.02, 0.1)):
        angles = [best + step * number for number in range(-round(reach / step), round(reach / step) + 1)]
        best = max(angles, key=lambda angle: (_levelness(probe, angle), -abs(angle)))
    return best if abs(best) >= 0.02 and abs(best) < _MAX_SKEW else 0.0


def turned(grey: Grey, angle: float) -> Grey:
    """Turned left about the middle, on white paper, in the same size."""
    if not angle:
        return grey
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    found = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(found, dtype=np.uint8)


def _levelness(probe: Grey, angle: float) -> float:
    """How sharply rows (or columns, for a page that lies on its side) of ink follow each other."""
    height, width = probe.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    tilted = cv2.warpAffine(probe, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=0).astype(np.float32)
    return max(float((np.diff(tilted.sum(axis=axis)) ** 2).sum()) for axis in (0, 1))


def _colours(image: Image.Image, scale: float) -> npt.NDArray[np.uint8]:
    """RGB on white paper. Raises ReadError where the picture's data is damaged."""
    try:
        if image.mode in ("I;16", "I;16B", "I;16L", "I"):
            wide = np.asarray(image, dtype=np.float32)
            image = Image.fromarray((wide * (255.0 / max(float(wide.max()), 1.0))).astype(np.uint8))
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            layer = image.convert("RGBA")
            image = Image.new("RGBA", layer.size, "white")
            image.alpha_composite(layer)
        colours = np.asarray(image.convert("RGB"), dtype=np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ReadError(f"图片数据已损坏（{error}）。请重新下载。 / The picture is damaged.") from error
    if scale < 1:
        colours = np.asarray(
            cv2.resize(colours, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8
        )
    return colours


def _even(grey: Grey) -> Grey:
    """Shadows and grey paper made white: every pixel against the brightest paper around it."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 9)
    wide = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(grey, np.maximum(wide, 48), scale=255)
    return np.asarray(even, dtype=np.uint8)
