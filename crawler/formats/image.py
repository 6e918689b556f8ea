"""Pictures of pages (PNG, JPEG, GIF, BMP, TIFF, WebP) → Document, by OCR. Touches nothing but the bytes it is given.

How to recognise: the first bytes. A TIFF may hold several pages; of a moving picture the first frame counts. The
resolution is the file's where the page would have a likely size, else the page is taken for A4. OFD and PDF use
the helpers here for the pictures in them.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import Image, ImageOps

from crawler.errors import ReadError
from crawler.formats import layout
from crawler.formats.sheet import Sheet
from crawler.model import Document, Issue, Place

NAME = "image"

KINDS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")  # those that Pillow may try; it knows far more
MAX_PIXELS = 60_000_000  # of one picture; an A4 page at 800 dpi has 62 million
MAX_PAGES = 30

_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_BITMAP_HEADERS = (12, 40, 52, 56, 64, 108, 124)  # sizes of the header after the file's own
_A4 = (8.27, 11.69)  # inches
_LYING = (1.33, 1.5)  # width to height of a page on its side; A4 has 1.41
_LIKELY_WIDTH = (4.0, 18.0)  # inches: A6 to A3 across
# What Pillow raises over damaged data, besides its own errors (which are OSErrors).
_DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    NotImplementedError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    if data.startswith(_STARTS):
        return True
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return True
    return data[:2] == b"BM" and len(data) > 18 and int.from_bytes(data[14:18], "little") in _BITMAP_HEADERS


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: damaged, more than MAX_PIXELS, or the recognition is not installed."""
    del content_type
    issues: list[Issue] = []
    sheets: list[Sheet] = []
    for number, image in enumerate(_pages(data), start=1):
        if number > MAX_PAGES:
            message = f"图片超过 {MAX_PAGES} 页，从第 {number} 页起未识别。"
            issues.append(Issue("too_many_scans", message, Place(block=1, page=number)))
            break
        sheets.append(sheet(image, number=number, points_per_pixel=72 / resolution(image)))
    blocks, found = layout.arrange(sheets)
    issues.append(recognised_issue([each.number for each in sheets]))
    if not blocks:
        issues.append(Issue("no_text", "图片里没有识别到文字。"))
    return Document(format=NAME, blocks=blocks, issues=(*issues, *found), recognised=True)


def recognised_issue(numbers: Sequence[int]) -> Issue:
    """What a reader must know of a document with recognised pages."""
    pages = "、".join(str(number) for number in numbers)
    return Issue("recognised", f"第 {pages} 页是图片，文字由 OCR 识别，数字须与原图核对。")


def single(data: bytes) -> Image.Image:
    """The first page of a picture. Raises ReadError."""
    return next(_pages(data))


def sheet(image: Image.Image, *, number: int, points_per_pixel: float) -> Sheet:
    """The recognised page. Raises ReadError."""
    from crawler.formats import ocr  # loads the model's runtime: only for documents that need it

    return ocr.recognise(image, number=number, points_per_pixel=points_per_pixel)


def shifted(page: Sheet, across: float, down: float) -> Sheet:
    """The sheet with everything moved, in points; its size stays."""
    runs, rules = (
        tuple(
            replace(
                part,
                left=part.left + across,
                top=part.top + down,
                right=part.right + across,
                bottom=part.bottom + down,
            )
            for part in parts
        )
        for parts in (page.runs, page.rules)
    )
    return replace(page, runs=runs, rules=rules)  # type: ignore[arg-type] # mypy joins the two element types


def resolution(image: Image.Image) -> float:
    """Dots per inch: the file's own where the page is then as wide as paper is, else as if it were A4."""
    width, height = image.size
    stated = image.info.get("dpi", (0, 0))[0]
    try:
        dots = float(stated)
    except (TypeError, ValueError, ZeroDivisionError):
        dots = 0.0
    if dots > 0 and _LIKELY_WIDTH[0] <= width / dots <= _LIKELY_WIDTH[1]:
        return dots
    lying = _LYING[0] <= width / height <= _LYING[1]  # other wide pictures are parts of upright pages
    return width / (_A4[1] if lying else _A4[0])


def _pages(data: bytes) -> Iterator[Image.Image]:
    """Every page, upright as its camera says. Raises ReadError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # odd metadata harms nothing
            image = Image.open(io.BytesIO(data), formats=KINDS)
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            for number in range(count):
                image.seek(number)
                _bounded(image)
                image.load()
                turned = ImageOps.exif_transpose(image)
                turned.info.setdefault("dpi", image.info.get("dpi", (0, 0)))
                yield turned
    except _DAMAGED as error:
        raise ReadError(
            f"图片已损坏或不完整（{error}）。请重新下载。 / The picture is damaged or too large."
        ) from error


def _bounded(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ReadError(
            f"图片有 {width}×{height} 像素，超过上限。请以 150–300 dpi 重新扫描。 / The picture has too many pixels."
        )
