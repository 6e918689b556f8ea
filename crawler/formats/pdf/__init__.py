"""PDF files with text → Document, by pdfium. Touches nothing but the bytes it is given.

How to recognise: "%PDF-" within the first kilobyte. Pages come down to sheets (crawler.formats.pdf.pages), sheets to
blocks (crawler.formats.layout). A page that is only a picture, or whose fonts do not tell their characters, is
recognised by OCR; text that nobody sees is not read.

Known limits: a font that maps its characters to wrong ones is believed; digits that stand askew are not read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pypdfium2
import pypdfium2.raw as pdfium

from crawler.errors import ReadError
from crawler.formats import layout
from crawler.formats.image import recognised_issue
from crawler.formats.layout.lines import UNKNOWN
from crawler.formats.pdf import pages, streams
from crawler.formats.pdf.frame import Rectangle
from crawler.formats.pdf.pages import PageContent
from crawler.formats.sheet import Rule, Run, Sheet
from crawler.model import Document, Issue, Link, Place, Table

NAME = "pdf"

MAX_PAGES = 120
MAX_RECOGNISED = 30  # pages of one document; a scanned report has about ten
MAX_LINKS = 2_000
MAX_SIDE = 5_000.0  # points of a page that is read; an A0 sheet has 3,370

_SIGNATURE = b"%PDF-"
_END, _TAIL = b"%%EOF", 4_096  # bytes from the end within which the last line stands; servers append some
_RESOLUTION = 180  # dots per inch at which pages are recognised
_MAX_PIXELS = 12_000_000  # of one rendered page
_FEW = 25  # characters: a page number and a scanner's mark, no page of text
_OUTLINES = 150  # shapes on a page without text: its letters were drawn as curves
_SCAN = 0.5  # part of a page that its picture fills
_TABLE_PICTURE = (0.5, 0.08)  # parts of the page's width and height from which a picture may hold a table
_UNTOLD = 0.1  # part of a page's characters that the file does not tell, from which it is recognised instead
_FIELDS = frozenset((pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP))
_FLATTENED = 1  # FLATTEN_SUCCESS
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5  # FPDF_ERR_SECURITY


def sniff(data: bytes, name: str, content_type: str) -> bool:
    """Some bytes may stand before the signature; a page that speaks of PDF is no PDF."""
    del name, content_type
    return _SIGNATURE in data[:1024] and not data.lstrip().startswith(b"<")


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: encrypted with a password, damaged, without pages, more than MAX_PAGES."""
    del content_type
    if _END not in data[-_TAIL:]:
        raise ReadError("PDF 不完整（没有结尾标记），可能下载中断。请重新下载。 / The PDF is truncated.")
    streams.check(data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ReadError(_why(getattr(error, "err_code", None))) from error
    try:
        count = len(document)
        if count == 0:
            raise ReadError("PDF 里没有一页可以读取。请重新下载。 / The PDF has no readable page.")
        if count > MAX_PAGES:
            raise ReadError(
                f"PDF 有 {count} 页，超过上限 {MAX_PAGES} 页，不像一份年度报告。"
                f" / The PDF has {count} pages, more than the limit of {MAX_PAGES}."
            )
        reader = _Reader(document)
        sheets = [reader.sheet(number) for number in range(1, count + 1)]
        blocks, issues = layout.arrange(sheets)
        if not (blocks or issues or reader.issues):
            issues = (Issue("no_text", "PDF 里没有可以读取的文字。"),)
        pictures = [sheet.number for sheet in sheets if sheet.recognised]
        told = (recognised_issue(pictures),) if pictures else ()
        return Document(
            format=NAME,
            blocks=blocks,
            title=_title(document),
            links=tuple(reader.links),
            issues=(*told, *reader.issues, *issues),
            recognised=bool(pictures),
        )
    finally:
        document.close()


def _why(code: int | None) -> str:
    if code == _PASSWORD:
        return "PDF 已用密码加密，不能读取。请提供没有密码的文件。 / The PDF is encrypted with a password."
    if code == _SECURITY:
        return "PDF 使用了不支持的加密方式，不能读取。 / The PDF uses an unsupported encryption."
    return "PDF 已损坏或不完整，不能打开。请重新下载。 / The PDF is damaged or truncated."


def _title(document: pypdfium2.PdfDocument) -> str:
    """The document property, where it says something in Chinese and is no file name."""
    title = " ".join(document.get_metadata_value("Title").split()).removeprefix("Microsoft Word - ")
    is_words = any("\u4e00" <= sign <= "\u9fff" for sign in title)
    is_file = title.lower().endswith((".doc", ".docx", ".wps", ".pdf", ".xls", ".xlsx"))
    return title if is_words and not is_file and len(title) <= 200 else ""


@dataclass
class _Reader:
    """Makes a sheet of every page, with what must be said about it in `issues`."""

    document: pypdfium2.PdfDocument
    issues: list[Issue] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    _recognised: int = 0

    def sheet(self, number: int) -> Sheet:
        empty = Sheet(number, 0.0, 0.0, ())
        try:
            page = self.document[number - 1]
        except pypdfium2.PdfiumError:
            self._issue("page_unreadable", number, f"第 {number} 页已损坏，未读取。")
            return empty
        try:
            wide, high = page.get_size()
            if not (0 < wide <= MAX_SIDE and 0 < high <= MAX_SIDE):
                self._issue(
                    "page_too_big", number, f"第 {number} 页的尺寸（{wide:.0f}×{high:.0f} 磅）超过上限，未读取。"
                )
                return empty
            self.links += _links(self.document, page, MAX_LINKS - len(self.links))
            if _has_fields(page) and pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) == _FLATTENED:
                page.close()
                page = self.document[number - 1]
            content = pages.content(page.raw, number)
            return self._judged(page, content)
        finally:
            page.close()

    def _judged(self, page: pypdfium2.PdfPage, content: PageContent) -> Sheet:
        sheet, number = content.sheet, content.sheet.number
        if content.beyond:
            self._issue("page_too_big", number, f"第 {number} 页的内容超过上限，未读取。")
            return replace(sheet, runs=(), rules=())  # half of a page would have blank cells that are not blank
        seen = sum(not run.text.isspace() for run in sheet.runs)
        filled = sum(picture.area for picture in content.pictures)
        is_picture = filled >= _SCAN * sheet.width * sheet.height and (seen <= _FEW or content.hidden > seen)
        if is_picture or (seen <= _FEW and content.shapes > _OUTLINES):
            return self._recognise(page, content) or sheet
        if content.unmapped:
            message = f"第 {number} 页有 {content.unmapped} 个字的字体没有写明是什么字"
            self._issue("unmapped_characters", number, f"{message}，这些字不能读取。")
            if content.unmapped > _UNTOLD * seen:
                found = self._recognise(page, content)
                return sheet if found is None else replace(found, runs=(*found.runs, *_unseen(sheet, found)))
        if content.hidden:
            self._issue("hidden_text", number, f"第 {number} 页有 {content.hidden} 个看不见的字，未读取。")
        if content.turned:
            self._issue(
                "turned_text",
                number,
                f"第 {number} 页有 {content.turned} 个字不是正向排列（水印或侧排的数字），未读取。",
            )
        for picture in content.pictures:
            sheet = self._with_picture(page, content, sheet, picture)
        return sheet

    def _with_picture(self, page: pypdfium2.PdfPage, content: PageContent, sheet: Sheet, picture: Rectangle) -> Sheet:
        """The sheet, with the table that a picture on it shows."""
        wide, high = picture.right - picture.left, picture.bottom - picture.top
        if wide < _TABLE_PICTURE[0] * sheet.width or high < _TABLE_PICTURE[1] * sheet.height:
            return sheet
        if sum(picture.holds(run.left, run.top) for run in sheet.runs) > _FEW:
            return sheet  # a ground below the text
        found = self._recognise(page, content, picture)
        if found is None or not any(isinstance(block, Table) for block in layout.arrange([found])[0]):
            return sheet
        message = f"第 {sheet.number} 页的表格是一张图片，其中的数字由文字识别得到。"
        self._issue("table_is_picture", sheet.number, message)
        return replace(sheet, runs=(*sheet.runs, *found.runs), rules=(*sheet.rules, *found.rules), recognised=True)

    def _recognise(self, page: pypdfium2.PdfPage, content: PageContent, part: Rectangle | None = None) -> Sheet | None:
        """The page, or a part of it, by OCR; None beyond the bound."""
        from crawler.formats import ocr  # loads the models' runtime: only for documents that need it

        sheet = content.sheet
        self._recognised += 1
        if self._recognised > MAX_RECOGNISED:
            if self._recognised == MAX_RECOGNISED + 1:
                message = f"需要识别的页超过 {MAX_RECOGNISED} 页，从第 {sheet.number} 页起未识别。"
                self._issue("too_many_scans", sheet.number, message)
            return None
        scale = min(_RESOLUTION / 72, (_MAX_PIXELS / (sheet.width * sheet.height)) ** 0.5)
        turns = (content.turns - int(pdfium.FPDFPage_GetRotation(page.raw))) % 4
        image = page.render(scale=scale, rotation=turns * 90).to_pil().convert("RGB")
        if part is None:
            return replace(ocr.recognise(image, number=sheet.number, points_per_pixel=1 / scale), recognised=True)
        edges = (part.left, part.top, part.right, part.bottom)
        left, top, right, bottom = (int(edge * scale) for edge in edges)
        crop = image.crop((max(left, 0), max(top, 0), min(right, image.width), min(bottom, image.height)))
        found = ocr.recognise(crop, number=sheet.number, points_per_pixel=1 / scale)
        across, down = max(left, 0) / scale, max(top, 0) / scale
        return replace(
            found,
            runs=tuple(_shifted_run(run, across, down) for run in found.runs),
            rules=tuple(
                Rule(rule.left + across, rule.top + down, rule.right + across, rule.bottom + down)
                for rule in found.rules
            ),
        )

    def _issue(self, kind: str, number: int, message: str) -> None:
        self.issues.append(Issue(kind, message, Place(block=1, page=number)))


def _unseen(sheet: Sheet, found: Sheet) -> Iterator[Run]:
    """The characters that the file does not tell and that were not recognised either: they make no blank cell."""
    for run in sheet.runs:
        x, y = (run.left + run.right) / 2, (run.top + run.bottom) / 2
        if run.text == UNKNOWN and not any(
            other.left <= x <= other.right and other.top <= y <= other.bottom for other in found.runs
        ):
            yield run


def _shifted_run(run: Run, across: float, down: float) -> Run:
    return replace(run, left=run.left + across, top=run.top + down, right=run.right + across, bottom=run.bottom + down)


def _has_fields(page: pypdfium2.PdfPage) -> bool:
    """Whether words are laid over the page: filled-in form fields, text boxes, stamps. Flattening prints them."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MAX_LINKS)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in _FIELDS:
            return True
    return False


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, bound: int) -> Iterator[Link]:
    """Addresses that the page's link annotations lead to, with the words below them."""
    place, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    text = None
    try:
        while bound > 0 and pdfium.FPDFLink_Enumerate(page.raw, place, link):
            bound -= 1
            action = pdfium.FPDFLink_GetAction(link)
            size = pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0) if action else 0
            if not 1 < size <= 4_096:
                continue
            path = ctypes.create_string_buffer(size)
            pdfium.FPDFAction_GetURIPath(document.raw, action, path, size)
            box = pdfium.FS_RECTF()
            words = ""
            if pdfium.FPDFLink_GetAnnotRect(link, box):
                text = text or page.get_textpage()
                words = text.get_text_bounded(box.left, box.bottom, box.right, box.top)
            yield Link(path.value.decode("utf-8", errors="replace"), " ".join(words.split()))
    finally:
        if text is not None:
            text.close()
