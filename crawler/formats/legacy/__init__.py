"""DOC, WPS, RTF, XLS, ET, XLSB, ODT, ODS and the XML of Excel 2003 → Document, by way of LibreOffice.

How to recognise: OLE2 files by the names at the top of their directory, RTF and XML by their first bytes, ODF and
XLSB by what their container declares. LibreOffice makes DOCX or XLSX of them (crawler.formats.legacy.soffice); the
Document's format is what the file was: doc, xls, rtf … The XML of Word 2003 is refused: LibreOffice loses its merged
cells (w:vmerge). Needs LibreOffice at run time and says so where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.errors import ReadError
from crawler.formats import docx, ooxml, xlsx
from crawler.formats.legacy import ole, soffice
from crawler.formats.package import Package, is_package, parse_xml
from crawler.model import Document

NAME = "legacy"

_RTF = b"{\\rtf"
_HEAD = 4096  # bytes
_WORD_2003 = re.compile(rb'progid="Word\.Document"|<(?:\w+:)?wordDocument\b')
_EXCEL_2003 = re.compile(
    rb'progid="Excel\.Sheet"|<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet'
)
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_SHEETS = ("xls", "xlsb", "ods", "xls.xml")
# Kind → the suffix by which LibreOffice finds its filter.
_SUFFIXES = {"xls.xml": "xml"}

_ENCRYPTED = "文件有密码保护，不能读取。请提供没有密码的文件。 / The file is encrypted."
_WORD_XML = (
    "这是 Word 2003 XML 文件：转换时会丢失合并单元格，数字可能错位，所以不读取。请另存为 DOCX。"
    " / Word 2003 XML loses its merged cells when it is converted; save it as DOCX."
)
_CUT_OFF = "文件不完整，后面缺了一部分。请重新下载。 / The file is cut off; fetch it again."
_OTHER = "这个 OLE2 文件不是 Word、WPS 文字或 Excel 文件，不能读取。 / An OLE2 file that is no Word or Excel file."
_SLIDES = "这是演示文稿（PPT），不是报告。 / These are slides, no report."


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    return is_legacy(data)


def is_legacy(data: bytes) -> bool:
    """Whether `data` is for LibreOffice. OLE2 files that it cannot read are refused by `read`, with the reason."""
    return data.startswith(ole.SIGNATURE) or _kind_without_ole(data) is not None


def kind_of(data: bytes) -> str:
    """doc, xls, wps, rtf, odt, ods, xlsb or xls.xml. Raises ReadError: encrypted, cut off, or none of these."""
    kind = _kind_without_ole(data)
    if kind is None:
        return _kind_of_ole(ole.Directory(data))
    if kind == "doc.xml":
        raise ReadError(_WORD_XML)
    if kind == "xls.xml":
        parse_xml(data, kind)
    if kind == "rtf" and not data.rstrip(b"\0 \t\r\n").endswith(b"}"):
        raise ReadError(_CUT_OFF)
    return kind


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: see `kind_of`; LibreOffice is not installed, failed or took too long."""
    del content_type
    (converted,) = convert([data])
    return read_converted(data, converted)


def convert(batch: Sequence[bytes]) -> tuple[bytes | ReadError, ...]:
    """Legacy files → DOCX or XLSX, in their order; one run of LibreOffice for all texts and one for all sheets.

    A file that fails has its ReadError and harms no other. Raises ReadError only where LibreOffice is missing.
    """
    kinds: list[str | ReadError] = []
    for data in batch:
        try:
            kinds.append(kind_of(data))
        except ReadError as error:
            kinds.append(error)
    jobs = [
        soffice.Job(data, _SUFFIXES.get(kind, kind), "xlsx" if kind in _SHEETS else "docx")
        for data, kind in zip(batch, kinds, strict=True)
        if isinstance(kind, str)
    ]
    converted = iter(soffice.convert(jobs))
    return tuple(next(converted) if isinstance(kind, str) else kind for kind in kinds)


def read_converted(data: bytes, converted: bytes | ReadError) -> Document:
    """The Document of the legacy file `data`, from what `convert` made of it. Raises that ReadError."""
    if isinstance(converted, ReadError):
        raise converted
    kind = kind_of(data)
    document = xlsx.read(converted, "") if kind in _SHEETS else docx.read(converted, "")
    return replace(document, format=kind)


def _kind_without_ole(data: bytes) -> str | None:
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(_RTF):
        return "rtf"
    if head.startswith((b"<?xml", b"<?mso")):
        if _WORD_2003.search(head):
            return "doc.xml"
        return "xls.xml" if _EXCEL_2003.search(head) else None
    if not is_package(data):
        return None
    if ooxml.declares(data, (b"ms-excel.sheet.binary",)):
        return "xlsb"
    try:
        package = Package(data)
        declared = package.read("mimetype").strip() if package.has("mimetype") else b""
    except ReadError:
        return None
    return _OPEN_DOCUMENT.get(declared)


def _kind_of_ole(directory: ole.Directory) -> str:
    if ole.is_encrypted(directory):
        raise ReadError(_ENCRYPTED)
    names = directory.names
    if not directory.is_whole:
        raise ReadError(_CUT_OFF)
    if "worddocument" in names:
        return "doc"
    if names & {"workbook", "book"}:
        return "xls"
    if "matost" in names:  # Microsoft Works
        return "wps"
    raise ReadError(_SLIDES if "powerpoint document" in names else _OTHER)
