"""One page of a PDF → a Sheet, by pdfium's raw interface. Touches nothing but the page that it is given.

Characters come with their own boxes: the width is what the font says they advance, the height is measured from
the base line, so that all fonts of one line agree. What nobody sees is told apart: invisible, fully transparent,
white on no ground, covered by something drawn later, too small to be read.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from crawler.formats.layout.lines import UNKNOWN
from crawler.formats.pdf.drawing import Drawing
from crawler.formats.pdf.frame import Frame, Rectangle
from crawler.formats.sheet import Run, Sheet

MAX_CHARACTERS = 100_000  # of one page

_ASCENT, _DESCENT = 0.88, 0.12  # of the em, as East Asian fonts are drawn
_SMALLEST, _LARGEST = 1.5, 300.0  # points: sizes that can be true
_OBLIQUE = 0.1  # of a quarter turn
_WHITE = 250  # of 255, all three colours
_FAINT = 10  # of 255, opacity
_INVISIBLE = frozenset((pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP))
_HYPHEN = 2  # pdfium's sign for a hyphen at the end of a line

# Fonts may map to a radical instead of the character that it is (Unicode: EquivalentUnifiedIdeograph).
_RADICALS = dict(
    zip(
        "⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻮⻰⻳",
        "母虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟黄齐齿龙龟",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class PageContent:
    """`sheet` holds what is seen; `pictures` the images, in points from the top left corner.

    `hidden`, `unmapped`, `turned`: numbers of characters that are unseen, that the file does not tell, that stand
    askew (oblique ones, mostly watermarks, are left out; digits on their side are UNKNOWN). `shapes`: filled areas
    that are no lines, among them letters that were drawn as curves. `turns`: by how many quarters, clockwise, the page was turned so that its text is upright. `beyond`: a
    bound was reached, the rest was left out.
    """

    sheet: Sheet
    pictures: tuple[Rectangle, ...]
    hidden: int
    unmapped: int
    turned: int
    shapes: int
    turns: int
    beyond: bool


def content(page: pdfium.FPDF_PAGE, number: int) -> PageContent:
    """The page's characters, lines and pictures, upright."""
    text = pdfium.FPDFText_LoadPage(page)
    try:
        turns = _turns(page, text)
        frame = Frame.of(page, turns)
        drawing = Drawing(frame)
        drawing.walk(page)
        reader = _Characters(text, frame, drawing)
        runs = tuple(reader.runs())
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)
    return PageContent(
        sheet=Sheet(number, *frame.size, runs, tuple(drawing.rules)),
        pictures=tuple(drawing.pictures),
        hidden=reader.hidden,
        unmapped=reader.unmapped,
        turned=reader.turned,
        shapes=drawing.shapes,
        turns=turns,
        beyond=drawing.beyond or reader.beyond or not text,
    )


def _turns(page: pdfium.FPDF_PAGE, text: pdfium.FPDF_TEXTPAGE) -> int:
    """The direction in which most characters stand; without characters the page's own /Rotate."""
    counts = [0, 0, 0, 0]
    count = min(pdfium.FPDFText_CountChars(text), MAX_CHARACTERS) if text else 0
    for index in range(0, count, max(count // 500, 1)):  # some hundred characters tell the direction
        if pdfium.FPDFText_IsGenerated(text, index) == 0:
            matrix = pdfium.FS_MATRIX()
            pdfium.FPDFText_GetMatrix(text, index, matrix)
            if not _is_oblique(matrix):
                counts[_quarter(matrix)] += 1
    return counts.index(max(counts)) if any(counts) else int(pdfium.FPDFPage_GetRotation(page)) % 4


def _quarter(matrix: pdfium.FS_MATRIX) -> int:
    """By how many quarters, against the clock, a character is turned."""
    return round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4


def _is_oblique(matrix: pdfium.FS_MATRIX) -> bool:
    quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    return abs(quarters - round(quarters)) > _OBLIQUE


@dataclass(slots=True)
class _Style:
    """What all characters of one text object share."""

    size: float
    oblique: bool
    askew: bool
    invisible: bool
    white: bool
    order: int


@dataclass
class _Characters:
    text: pdfium.FPDF_TEXTPAGE
    frame: Frame
    drawing: Drawing
    hidden: int = 0
    unmapped: int = 0
    turned: int = 0
    beyond: bool = False
    _styles: dict[int | None, _Style] = field(default_factory=dict)

    def runs(self) -> Iterator[Run]:
        text = self.text
        count = pdfium.FPDFText_CountChars(text) if text else 0
        self.beyond = count > MAX_CHARACTERS
        x, y = ctypes.c_double(), ctypes.c_double()
        loose = pdfium.FS_RECTF()
        for index in range(min(count, MAX_CHARACTERS)):
            if pdfium.FPDFText_IsGenerated(text, index) != 0:
                continue  # spaces and line ends that pdfium adds by its own judgement
            style = self._style(index)
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            pdfium.FPDFText_GetLooseCharBox(text, index, loose)
            box = self._box(style, x.value, y.value, loose)
            if not self.frame.holds(*box.middle):
                continue
            if self._is_unseen(style, box):
                self.hidden += 1
                continue
            if style.oblique:
                self.turned += 1
                continue
            sign = self._sign(index)
            if style.askew and sign.isdecimal():
                sign = UNKNOWN  # the order in which askew digits are to be read is not known
                self.turned += 1
            yield Run(sign, box.left, box.top, box.right, box.bottom)

    def _sign(self, index: int) -> str:
        code = pdfium.FPDFText_GetUnicode(self.text, index)
        if code == _HYPHEN:
            return "-"
        sign = chr(code) if 0 < code <= 0x10FFFF else UNKNOWN
        if (
            unicodedata.category(sign) in ("Co", "Cs", "Cn")
            or pdfium.FPDFText_HasUnicodeMapError(self.text, index) == 1
        ):
            sign = UNKNOWN
        if sign == UNKNOWN:
            self.unmapped += 1
            return sign
        if "\u2e80" <= sign <= "\u2fdf" or "\uf900" <= sign <= "\ufaff":
            return _RADICALS.get(sign) or unicodedata.normalize("NFKC", sign)
        return " " if unicodedata.category(sign) in ("Cc", "Zs") else sign

    def _style(self, index: int) -> _Style:
        handle = pdfium.FPDFText_GetTextObject(self.text, index)
        address = ctypes.cast(handle, ctypes.c_void_p).value if handle else None
        style = self._styles.get(address)
        if style is None or address is None:
            style = self._styles[address] = self._measured(index, handle, address)
        return style

    def _measured(self, index: int, handle: pdfium.FPDF_PAGEOBJECT, address: int | None) -> _Style:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self.text, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self.text, index) * math.hypot(matrix.c, matrix.d)
        red, green, blue, opacity = (ctypes.c_uint(0) for _ in range(4))
        coloured = pdfium.FPDFText_GetFillColor(self.text, index, red, green, blue, opacity)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(handle) if handle else pdfium.FPDF_TEXTRENDERMODE_FILL
        return _Style(
            size=abs(size),
            oblique=_is_oblique(matrix),
            askew=_quarter(matrix) != self.frame.turns or matrix.a * matrix.d - matrix.b * matrix.c < 0,
            invisible=mode in _INVISIBLE or (bool(coloured) and opacity.value < _FAINT),
            white=bool(coloured) and min(red.value, green.value, blue.value) >= _WHITE,
            order=self.drawing.orders.get(address, 0) if address is not None else 0,
        )

    def _box(self, style: _Style, x: float, y: float, loose: pdfium.FS_RECTF) -> Rectangle:
        box = self.frame.rectangle(loose.left, loose.bottom, loose.right, loose.top)
        size = style.size
        if style.askew or not _SMALLEST <= size <= _LARGEST:
            return box
        _, base = self.frame.point(x, y)
        upright = Rectangle(box.left, base - _ASCENT * size, box.right, base + _DESCENT * size)
        # Vertical writing has its origin elsewhere, a Type 3 font may have any size.
        is_elsewhere = abs(upright.middle[1] - box.middle[1]) > size * 0.6 or box.bottom - box.top > 2.5 * size
        return box if is_elsewhere else upright

    def _is_unseen(self, style: _Style, box: Rectangle) -> bool:
        if style.invisible or (style.size < _SMALLEST and box.bottom - box.top < _SMALLEST):
            return True
        middle = box.middle
        if self.drawing.is_covered(style.order, *middle):
            return True
        return style.white and not self.drawing.has_dark_ground(style.order, *middle)
