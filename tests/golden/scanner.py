"""Set pages as scanned pictures: drawn with installed fonts, then spoilt as paper, glass and JPEG spoil them.

Touches the fonts of the machine (only when pictures are made; made files are kept) and nothing else.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.golden.paper import WIDTH, Page, Text

_FONTS = Path("/usr/share/fonts")
_CJK = {
    "sans": "opentype/noto/NotoSansCJK-Regular.ttc",
    "serif": "opentype/noto/NotoSerifCJK-Regular.ttc",
    "bold": "opentype/noto/NotoSansCJK-Bold.ttc",
}
_SIMPLIFIED = 2  # the face of the Noto collections for simplified Chinese
FIGURES = {
    "": "",  # those of the Chinese font
    "times": "truetype/liberation/LiberationSerif-Regular.ttf",
    "arial": "truetype/liberation/LiberationSans-Regular.ttf",
    "courier": "truetype/liberation/LiberationMono-Regular.ttf",
    "narrow": "truetype/liberation/LiberationSansNarrow-Regular.ttf",
    "dejavu": "truetype/dejavu/DejaVuSans.ttf",
    "times-bold": "truetype/liberation/LiberationSerif-Bold.ttf",
}


@dataclass(frozen=True, slots=True)
class Scan:
    """How a page is printed and scanned. `dpi`: dots per inch; `line`: thickness of ruling lines in points."""

    dpi: int = 150
    font: str = "serif"
    figures: str = ""
    line: float = 0.5
    angle: float = 0.0  # degrees
    blur: float = 0.0  # pixels
    noise: float = 0.0  # grey levels, standard deviation
    specks: int = 0  # dust grains a page
    paper: int = 255  # grey of the paper
    ink: int = 0  # grey of the ink
    jpeg: int | None = None  # quality
    stamp: bool = False  # a red seal across the middle of the page
    colour: bool = False
    seed: int = 0


def drawn(page: Page, scan: Scan) -> Image.Image:
    """The page as a picture, grey (or in colours where `scan.colour` or a stamp asks for them)."""
    over = 2  # drawn larger and reduced: soft edges, as from a scanner
    scale = scan.dpi * over / 72
    size = (round(WIDTH * scale), round(page.height * scale))
    image = Image.new("RGB", size, (scan.paper,) * 3)
    draw = ImageDraw.Draw(image)
    black = (scan.ink,) * 3
    for stroke in page.strokes:
        ends = (stroke.left * scale, stroke.top * scale, stroke.right * scale, stroke.bottom * scale)
        draw.line(ends, fill=black, width=max(round(scan.line * scale), over))
    for text in page.texts:
        anchor = {"left": "lm", "middle": "mm", "right": "rm"}[text.anchor]
        font = _font(_file(text, scan), round(text.size * scale))
        draw.text((text.x * scale, text.y * scale), text.text, fill=black, font=font, anchor=anchor)
    if scan.stamp:
        middle, radius = (size[0] * 0.6, size[1] * 0.5), 60 * scale
        box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        draw.ellipse(box, outline=(215, 40, 45), width=round(3 * scale))
        draw.text(middle, "示例专用章", fill=(215, 40, 45), font=_font(_CJK["sans"], round(18 * scale)), anchor="mm")
    small = image.resize((size[0] // over, size[1] // over), Image.Resampling.BOX)
    return spoilt(small, scan)


def spoilt(image: Image.Image, scan: Scan) -> Image.Image:
    """The picture as a scanner would give it; needs no fonts."""
    chance = np.random.default_rng(scan.seed)
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32)
    if scan.angle:
        height, width = pixels.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), scan.angle, 1.0)
        turned = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=[scan.paper] * 3)
        pixels = np.asarray(turned, dtype=np.float32)
    for _ in range(scan.specks):
        x, y = int(chance.integers(pixels.shape[1] - 2)), int(chance.integers(pixels.shape[0] - 2))
        pixels[y : y + int(chance.integers(1, 3)), x : x + int(chance.integers(1, 3))] = chance.integers(0, 120)
    if scan.blur:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), scan.blur), dtype=np.float32)
    if scan.noise:
        pixels = pixels + chance.normal(0, scan.noise, pixels.shape[:2]).astype(np.float32)[:, :, None]
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if not (scan.colour or scan.stamp):
        picture = picture.convert("L")
    if scan.jpeg is not None:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=scan.jpeg)
        picture = Image.open(io.BytesIO(buffer.getvalue()))
        picture.load()
    return picture


def _file(text: Text, scan: Scan) -> str:
    if FIGURES[scan.figures] and text.text.isascii():
        return FIGURES[scan.figures]
    return _CJK["bold" if text.bold else scan.font]


@functools.lru_cache(maxsize=64)
def _font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    index = _SIMPLIFIED if name.endswith(".ttc") else 0
    return ImageFont.truetype(str(_FONTS / name), pixels, index=index)
