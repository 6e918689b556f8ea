"""The 通报 as DOCX: blocks in Word styles, page numbers, tables whose head repeats. Touches nothing; bytes come out.

The same blocks and moment give the same bytes. There is no macro, no link, no field but the page number, no name of a
person in the properties.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run
from lxml import etree

from monitor.circular import styles
from monitor.circular.blocks import Block, Heading, Paragraph, Table
from monitor.circular.styles import Look

LOOK_OF: dict[str, Look] = {
    "body": styles.BODY,
    "title": styles.TITLE,
    "mark": styles.MARK,
    "addressee": styles.ADDRESSEE,
    "signature": styles.SIGNATURE,
    "small": styles.SMALL,
}
AIR = Pt(8)  # above and below a table
TWIPS = 1440 / 25.4  # of a millimetre
ZIP_DAY = (1980, 1, 1, 0, 0, 0)
APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>gongkai</Application></Properties>"
)


def letter(title: str, blocks: Iterable[Block], at: dt.datetime) -> bytes:
    """A DOCX file. `title` stands in its properties, `at` as the moment at which it was made."""
    document = docx.Document()
    styles.dress(document)
    _page_numbers(document)
    paragraph: WordParagraph | None = None
    was_table = False
    for block in blocks:
        if isinstance(block, Table):
            if paragraph is not None:
                paragraph.paragraph_format.space_after = AIR
                paragraph.paragraph_format.keep_with_next = True
            _add_table(document, block)
            was_table = True
            continue
        paragraph = _add_paragraph(document, block)
        if was_table:
            paragraph.paragraph_format.space_before = AIR
        was_table = False
    _properties(document, title, at)
    stream = io.BytesIO()
    document.save(stream)
    return _repacked(stream.getvalue())


def _add_paragraph(document: Document, block: Heading | Paragraph) -> WordParagraph:
    if isinstance(block, Heading):
        look = styles.HEADING_1 if block.level == 1 else styles.HEADING_2
    else:
        look = LOOK_OF[block.style]
    paragraph = document.add_paragraph(style=look.name)
    if isinstance(block, Heading) and block.new_page:
        paragraph.paragraph_format.page_break_before = True
    _say(paragraph, block.text, look)
    return paragraph


def _say(paragraph: WordParagraph, text: str, look: Look) -> None:
    styles.font_of(paragraph.add_run(text), look)


def _add_table(document: Document, block: Table) -> None:
    """Built element by element: python-docx looks the whole table through for each of its cells."""
    table = document.add_table(rows=0, cols=0)
    table.style = document.styles["Table Grid"]
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    element = table._tbl
    for width in block.widths:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(round(width * TWIPS)))
        element.tblGrid.append(column)
    element.append(_row(document, block.headings, block.widths, styles.HEAD_CELL, is_head=True))
    for cells in block.rows:
        element.append(_row(document, cells, block.widths, styles.CELL))


def _row(
    document: Document, cells: tuple[str, ...], widths: tuple[float, ...], look: Look, *, is_head: bool = False
) -> etree._Element:
    style_id = document.styles[look.name].style_id
    row = OxmlElement("w:tr")
    if is_head:
        properties = OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        properties.append(OxmlElement("w:tblHeader"))
        row.append(properties)
    for text, width in zip(cells, widths, strict=True):
        cell = OxmlElement("w:tc")
        properties, size, middle = OxmlElement("w:tcPr"), OxmlElement("w:tcW"), OxmlElement("w:vAlign")
        size.set(qn("w:w"), str(round(width * TWIPS)))
        size.set(qn("w:type"), "dxa")
        middle.set(qn("w:val"), "center" if is_head else "top")
        properties.append(size)
        properties.append(middle)
        cell.append(properties)
        for line in text.split("\n"):
            cell.append(_cell_line(line, style_id, look))
        row.append(cell)
    return row


def _cell_line(text: str, style_id: str, look: Look) -> etree._Element:
    paragraph = OxmlElement("w:p")
    properties, style = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
    style.set(qn("w:val"), style_id)
    properties.append(style)
    paragraph.append(properties)
    run = OxmlElement("w:r")
    paragraph.append(run)
    proxy = Run(run, None)  # type: ignore[arg-type]  # a proxy over the element alone; its parent is never asked for
    proxy.text = text
    styles.font_of(proxy, look)
    return paragraph


def _page_numbers(document: Document) -> None:
    """— 1 —, outside: right on odd pages, left on even ones (GB/T 9704, 7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles[styles.PAGE_NUMBER.name]
        paragraph.alignment = align
        layout = paragraph.paragraph_format
        layout.left_indent = layout.right_indent = Mm(5)
        _say(paragraph, "— ", styles.PAGE_NUMBER)
        for kind in ("begin", "instruction", "separate", "shown", "end"):
            _field_part(paragraph.add_run(), kind)
        _say(paragraph, " —", styles.PAGE_NUMBER)


def _field_part(run: Run, kind: str) -> None:
    styles.font_of(run, styles.PAGE_NUMBER)
    if kind == "shown":
        run.text = "1"
        return
    if kind == "instruction":
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = " PAGE "
    else:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
    run._r.append(part)


def _properties(document: Document, title: str, at: dt.datetime) -> None:
    """No person, no machine; the template's own thumbnail goes."""
    core, made = document.core_properties, at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    core.title, core.language, core.revision = title[:255], "zh-CN", 1
    core.author = core.last_modified_by = core.comments = core.keywords = core.subject = core.category = ""
    core.created = core.modified = made
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _repacked(data: bytes) -> bytes:
    """The same container with fixed times, our table of fonts, and nothing said of the program that made the template."""
    ours = {"word/fontTable.xml": styles.font_table(), "docProps/app.xml": APP.encode()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.infolist():
            made = zipfile.ZipInfo(entry.filename, ZIP_DAY)
            made.compress_type = zipfile.ZIP_DEFLATED
            made.external_attr = 0o600 << 16
            target.writestr(made, ours.get(entry.filename, source.read(entry)))
    return stream.getvalue()
