"""The look of a Chinese official document (GB/T 9704-2012, 5 and 7): page, fonts, sizes, as Word styles.

Sizes: 二号 22 pt, 三号 16 pt, 四号 14 pt, 小四 12 pt, 五号 10.5 pt. The page holds 22 lines of 28 signs in 156 × 225 mm.
Fonts are asked for by the names that Chinese Windows knows; FONT_TABLE names what else they are called and what comes near
them. Touches the document it is given.
"""

from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.run import Run
from lxml import etree

LATIN = "Times New Roman"
SONG, BIAO_SONG, HEI, KAI, FANG_SONG = "宋体", "方正小标宋简体", "黑体", "楷体", "仿宋"
# name → other names of the same font, then one that stands in for it
ALTERNATIVES = {
    BIAO_SONG: "FZXiaoBiaoSong-B05S,FZXiaoBiaoSong-B05,STZhongsong,SimSun,Noto Serif CJK SC",
    HEI: "SimHei,Noto Sans CJK SC",
    KAI: "KaiTi,楷体_GB2312,Noto Serif CJK SC",
    FANG_SONG: "FangSong,仿宋_GB2312,Noto Serif CJK SC",
    SONG: "SimSun,Noto Serif CJK SC",
}
LINE = Pt(28.9)  # 225 mm in 22 lines
BLACK = RGBColor(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style. `indent`: of the first line, in signs; `line` None: single spacing."""

    name: str
    font: str
    points: float
    line: Pt | None = LINE
    indent: int = 0
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT  # LibreOffice drops a comma that ends a justified line
    before: float = 0
    after: float = 0
    right: float = 0  # indent from the right, in millimetres
    keep_with_next: bool = False
    based_on: str = "Normal"


# The first five are styles that Word knows; their headings make its navigation.
NORMAL = Look("Normal", FANG_SONG, 16)
BODY = Look("Body Text", FANG_SONG, 16, indent=2)
TITLE = Look("Title", BIAO_SONG, 22, line=Pt(34), align=WD_ALIGN_PARAGRAPH.CENTER, after=8)
HEADING_1 = Look("Heading 1", HEI, 16, indent=2, keep_with_next=True)
HEADING_2 = Look("Heading 2", KAI, 16, indent=2, keep_with_next=True)
MARK = Look("草稿标记", KAI, 14, line=Pt(24), align=WD_ALIGN_PARAGRAPH.CENTER)
ADDRESSEE = Look("主送机关", FANG_SONG, 16, before=14)
SIGNATURE = Look("落款", FANG_SONG, 16, align=WD_ALIGN_PARAGRAPH.RIGHT, before=14, right=22)
SMALL = Look("本稿说明", FANG_SONG, 12, line=Pt(20), indent=2)
CELL = Look("表格文字", FANG_SONG, 10.5, line=Pt(14))
HEAD_CELL = Look("表头", HEI, 10.5, line=Pt(14), align=WD_ALIGN_PARAGRAPH.CENTER, keep_with_next=True)
PAGE_NUMBER = Look("页码", SONG, 14, line=None, align=WD_ALIGN_PARAGRAPH.RIGHT)
LOOKS = (
    NORMAL, BODY, TITLE, HEADING_1, HEADING_2, MARK, ADDRESSEE, SIGNATURE, SMALL, CELL, HEAD_CELL, PAGE_NUMBER,
)  # fmt: skip


def dress(document: Document) -> None:
    """Sets the page and all styles of LOOKS in a new document."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    _speak_chinese(document)
    for look in LOOKS:
        _set(document, look)


def font_of(run: Run, look: Look) -> None:
    """The fonts by name in the run itself: what is pasted elsewhere keeps them."""
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    _name(fonts, look)


def font_table() -> bytes:
    """word/fontTable.xml: each font with what stands in where it is not installed."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    root = etree.Element(f"{{{word}}}fonts", nsmap={"w": word})
    for name in (LATIN, *ALTERNATIVES):
        font = etree.SubElement(root, f"{{{word}}}font", {f"{{{word}}}name": name})
        if name in ALTERNATIVES:
            etree.SubElement(font, f"{{{word}}}altName", {f"{{{word}}}val": ALTERNATIVES[name]})
        charset = "00" if name == LATIN else "86"  # GB 2312
        etree.SubElement(font, f"{{{word}}}charset", {f"{{{word}}}val": charset})
        etree.SubElement(font, f"{{{word}}}family", {f"{{{word}}}val": "roman" if name != HEI else "swiss"})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set(document: Document, look: Look) -> None:
    styles = document.styles
    known = look.name in [style.name for style in styles]
    style = styles[look.name] if known else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{look.name} is no style of paragraphs")
    if look is not NORMAL:
        style.base_style = styles[look.based_on]
    if not known:
        style.quick_style = True
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)  # what the template says of colour, theme fonts and bold letters
    style.font.size, style.font.color.rgb, style.font.bold = Pt(look.points), BLACK, False
    _name(properties.get_or_add_rFonts(), look)
    old = style.element.find(qn("w:pPr"))
    if old is not None:
        outline = old.find(qn("w:outlineLvl"))
        for child in list(old):
            if child is not outline:
                old.remove(child)
    layout = style.paragraph_format
    layout.alignment = look.align
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.keep_with_next, layout.widow_control = look.keep_with_next, True
    if look.line is None:
        layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, look.line
    if look.right:
        layout.right_indent = Mm(look.right)
    if look.indent:
        layout.first_line_indent = Pt(look.points * look.indent)
        style.element.pPr.ind.set(qn("w:firstLineChars"), str(100 * look.indent))


def _name(fonts: etree._Element, look: Look) -> None:
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for slot, name in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", look.font)):
        fonts.set(qn(f"w:{slot}"), name)


def _speak_chinese(document: Document) -> None:
    """The language of the text, for hyphenation, spelling and the choice of glyphs."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
