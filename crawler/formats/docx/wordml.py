"""WordprocessingML: names of elements, styles, and the text of a paragraph as it is printed. Touches nothing.

What Word does not print is not read: hidden text (by itself or by its style), deleted text, instructions of
fields. What it prints and what is no text (a formula, a picture, a number that Word counts itself) leaves a
mark in brackets, so that a cell with it is never taken for a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

# Transitional and strict spelling of the same names (ECMA-376, ISO/IEC 29500).
_NAMESPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a:",
    "http://purl.oclc.org/ooxml/drawingml/main": "a:",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp:",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "urn:schemas-microsoft-com:vml": "v:",
    "urn:schemas-microsoft-com:office:office": "o:",
}
_OFF = ("0", "false", "off", "none")
# Wrappers whose content is printed as if they were not there.
OPEN_WRAPPERS = frozenset(("ins", "moveTo", "customXml", "smartTag", "sdt", "sdtContent", "hyperlink", "fldSimple"))
_OPEN_INLINE = OPEN_WRAPPERS | {"dir", "bdo", "rubyBase"}
STRUCK_WRAPPERS = frozenset(("del", "moveFrom"))
_DRAWN = frozenset(("drawing", "pict", "object"))
# Fields that print nothing: index entries, settings, links around nothing.
_SILENT_FIELDS = frozenset(
    ("XE", "TC", "TA", "RD", "SET", "PRIVATE", "ASK", "ADVANCE", "NEXT", "HYPERLINK", "MACROBUTTON")
)
_HEADING_STYLE = re.compile(r"title|heading \d|标题(?: ?\d)?", re.I)
_WORDS = re.compile(r"[^\W\d_]")
_LINE_PICTURE = 30.0  # points; a picture that is lower than this is a sign within a line
_WIDE_PICTURE = 220.0  # points; wider than any seal, as wide as a table
_EMU = 12_700  # per point
_HEIGHT = re.compile(r"(?<![\w-])height:\s*([\d.]+)pt")
_WIDTH = re.compile(r"(?<![\w-])width:\s*([\d.]+)pt")


class _Names(dict[object, str]):
    """Tag or attribute in full → its short name, found out once. Files may bring any names: it is kept small."""

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):  # comments and instructions
            return "?"
        namespace, _, name = tag[1:].rpartition("}")
        prefix = _NAMESPACES.get(namespace)
        if prefix is None:
            return "?"
        if len(self) < 4096:
            self[tag] = prefix + name
        return prefix + name


_NAMES = _Names()


def name_of(element: etree._Element) -> str:
    """`p`, `tbl`, `mc:Choice` …; "?" for names of other namespaces, comments and instructions."""
    return _NAMES[element.tag]


def attribute(element: etree._Element, name: str) -> str:
    """The attribute of that short name (`val`, `r:id`), "" where it is not there."""
    for key, value in element.items():
        if _NAMES[key] == name:
            return str(value)
    return ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is not None:
        for node in element:
            if _NAMES[node.tag] == name:
                return node
    return None


def whole(element: etree._Element | None, *, most: int, least: int = 0, otherwise: int = 0) -> int:
    """The element's `val` as a bounded number; what is no number counts as `otherwise`."""
    text = attribute(element, "val") if element is not None else ""
    if not re.fullmatch(r"\d{1,15}", text):
        return otherwise
    return min(max(int(text), least), most)


def is_on(element: etree._Element | None) -> bool | None:
    """A switch such as <w:vanish/>: None where it is not there."""
    return None if element is None else attribute(element, "val") not in _OFF


def alternative(element: etree._Element) -> etree._Element | None:
    """Of mc:AlternateContent the one branch that is shown: the first choice, the fallback where there is none."""
    branches = {name_of(node): node for node in reversed(element)}
    return branches.get("mc:Choice", branches.get("mc:Fallback"))


@dataclass(frozen=True, slots=True)
class Look:
    """What of a run's properties changes its text; None where nothing is said."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: str | None = None  # "superscript", "subscript", "baseline"
    style: str = ""


def look_of(properties: etree._Element | None) -> Look:
    """Of <w:rPr>, its own words only: w:rPrChange holds the former ones."""
    hidden: bool | None = None
    struck: bool | None = None
    raised: str | None = None
    style = ""
    for node in properties if properties is not None else ():
        name = name_of(node)
        if name == "vanish":
            hidden = is_on(node)
        elif name in ("strike", "dstrike"):
            struck = bool(struck) or is_on(node)
        elif name == "vertAlign":
            raised = attribute(node, "val")
        elif name == "rStyle":
            style = attribute(node, "val")
    return Look(hidden, struck, raised, style)


@dataclass(frozen=True, slots=True)
class Style:
    look: Look = field(default_factory=Look)
    heading: bool | None = None
    numbered: bool | None = None


class Styles:
    """The styles of a document with what they inherit. `part` is word/styles.xml, None where there is none."""

    def __init__(self, part: etree._Element | None) -> None:
        self._sources = {
            attribute(node, "styleId"): node for node in (part if part is not None else ()) if name_of(node) == "style"
        }
        self._known: dict[str, Style] = {}
        self.default = next(
            (
                key
                for key, node in self._sources.items()
                if attribute(node, "type") == "paragraph" and attribute(node, "default") in ("1", "true", "on")
            ),
            "",
        )

    def __getitem__(self, key: str) -> Style:
        if key not in self._known:
            self._known[key] = self._resolved(key)
        return self._known[key]

    def _resolved(self, key: str) -> Style:
        """Its own words before those of the styles it is based on; a circle of styles ends."""
        hidden = struck = heading = numbered = None
        raised: str | None = None
        met: set[str] = set()
        while key and key not in met:
            met.add(key)
            node = self._sources.get(key)
            if node is None:
                break
            look, paragraph = look_of(child(node, "rPr")), child(node, "pPr")
            hidden = look.hidden if hidden is None else hidden
            struck = look.struck if struck is None else struck
            raised = look.raised if raised is None else raised
            if heading is None:
                heading = heading_of(paragraph)
            name = child(node, "name")
            if heading is None and name is not None and _HEADING_STYLE.fullmatch(attribute(name, "val")):
                heading = True
            numbered = numbered_of(paragraph) if numbered is None else numbered
            base = child(node, "basedOn")
            key = attribute(base, "val") if base is not None else ""
        return Style(Look(hidden, struck, raised), heading, numbered)


def heading_of(properties: etree._Element | None) -> bool | None:
    """Whether <w:pPr> gives the paragraph a level in the outline; None where it says nothing."""
    level = child(properties, "outlineLvl")
    return None if level is None else whole(level, most=9, otherwise=9) < 9


def numbered_of(properties: etree._Element | None) -> bool | None:
    """Whether Word counts a number in front of the paragraph; None where <w:pPr> says nothing."""
    number = child(child(properties, "numPr"), "numId")
    return None if number is None else attribute(number, "val") != "0"


@dataclass
class _Field:
    instruction: list[str] = field(default_factory=list)
    has_result: bool = False

    @property
    def prints_unseen(self) -> bool:
        """Whether it prints something that stands nowhere as text: EQ draws, others have no result kept."""
        words = "".join(self.instruction).split()
        kind = words[0].upper() if words else ""
        return kind == "EQ" or (not self.has_result and bool(kind) and kind not in _SILENT_FIELDS)


@dataclass
class TextReader:
    """Reads paragraphs one after another; fields reach over paragraphs. What it met on the way, it counts."""

    styles: Styles
    inserted: int = 0
    deleted: int = 0
    pictures: int = 0  # higher than a line
    wide_pictures: int = 0  # as wide as a table may be
    objects: int = 0  # embedded tables and the like
    links: list[tuple[str, str]] = field(default_factory=list)  # (id of the relation, text)
    fields: list[_Field] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _boxes: list[etree._Element] = field(default_factory=list)
    _notes: int = 0
    _mark: str = ""
    _style: Style = field(default_factory=Style)
    _in_cell: bool = False

    def paragraph(self, element: etree._Element, *, in_cell: bool = False) -> tuple[str, list[etree._Element], bool]:
        """(text with line breaks, contents of the text boxes that hang on it, whether it is a heading)."""
        self._parts, self._boxes, self._mark, self._in_cell = [], [], "", in_cell
        properties = child(element, "pPr")
        style = child(properties, "pStyle")
        self._style = self.styles[attribute(style, "val") if style is not None else self.styles.default]
        self._inline(element)
        text = "".join(self._parts)
        numbered = numbered_of(properties)
        if in_cell and (self._style.numbered if numbered is None else numbered) and not _WORDS.search(text):
            text = f"［编号］{text}"
        heading = heading_of(properties)
        return text, self._boxes, bool(self._style.heading if heading is None else heading)

    def _inline(self, parent: etree._Element) -> None:
        for node in parent:
            name = name_of(node)
            if name == "r":
                self._run(node)
            elif name in _OPEN_INLINE:
                self.inserted += name in ("ins", "moveTo")
                start = len(self._parts)
                self._inline(node)
                if name == "hyperlink" and attribute(node, "r:id"):
                    self.links.append((attribute(node, "r:id"), "".join(self._parts[start:])))
            elif name in STRUCK_WRAPPERS:
                self.deleted += 1
            elif name == "mc:AlternateContent":
                branch = alternative(node)
                if branch is not None:
                    self._inline(branch)
            elif name in ("m:oMath", "m:oMathPara"):
                self._unseen("式")

    def _run(self, run: etree._Element) -> None:
        look = look_of(child(run, "rPr"))
        style = self.styles[look.style].look if look.style else Look()
        hidden = _switch(look.hidden, style.hidden, self._style.look.hidden)
        mark = ""
        if _switch(look.struck, style.struck, self._style.look.struck):
            mark = "~"
        else:
            raised = look.raised or style.raised or self._style.look.raised
            mark = {"superscript": "^", "subscript": "_"}.get(raised or "", "")
        self._content(run, hidden, mark)

    def _content(self, run: etree._Element, hidden: bool, mark: str) -> None:
        for node in run:
            name = name_of(node)
            if name == "fldChar":
                self._field(attribute(node, "fldCharType"))
            elif name == "instrText":
                if self.fields:
                    self.fields[-1].instruction.append(node.text or "")
            elif hidden or self._in_instruction:
                continue
            elif name == "t":
                self._write((node.text or "").replace("\n", " "), mark)
            elif name in ("tab", "ptab"):
                self._write("\t", "")
            elif name in ("br", "cr"):
                self._write("\n", "")
            elif name == "noBreakHyphen":
                self._write("-", mark)
            elif name == "sym":
                self._write(_symbol(attribute(node, "char")), mark)
            elif name in ("footnoteReference", "endnoteReference"):
                self._notes += 1
                self._write(str(self._notes), "^")
            elif name == "ruby":
                base = child(node, "rubyBase")
                if base is not None:
                    self._inline(base)
            elif name == "mc:AlternateContent":
                branch = alternative(node)
                if branch is not None:
                    self._content(branch, hidden, mark)
            elif name in _DRAWN:
                self._drawing(node, name)

    def _write(self, text: str, mark: str) -> None:
        if mark and mark != self._mark and text.strip():
            self._parts.append(mark)
        if text.strip():
            self._mark = mark
        self._parts.append(text)

    def _unseen(self, what: str) -> None:
        if self._in_cell and not self._in_instruction:
            self._parts.append(f"［{what}］")

    @property
    def _in_instruction(self) -> bool:
        return any(not open_field.has_result for open_field in self.fields)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].has_result = True
        elif kind == "end" and self.fields and self.fields.pop().prints_unseen:
            self._unseen("域")

    def _drawing(self, element: etree._Element, name: str) -> None:
        """Text boxes for later; a picture is counted, and in a cell it leaves its mark."""
        shown = False
        for kind, node in _drawn(element):
            if kind == "txbxContent":
                self._boxes.append(node)
            elif kind in ("a:blip", "v:imagedata"):
                shown = True
        if name == "object":
            self.objects += 1
            self._unseen("对象")
        elif shown:
            height, width = _size(element)
            self.pictures += height > _LINE_PICTURE
            self.wide_pictures += height > _LINE_PICTURE and width > _WIDE_PICTURE
            self._unseen("图")


def _switch(direct: bool | None, *styles: bool | None) -> bool:
    """Word's rule for switches: the run's own word counts; two styles that both switch it cancel out."""
    return direct if direct is not None else sum(bool(style) for style in styles) % 2 == 1


def _symbol(code: str) -> str:
    """Signs of symbol fonts lie in the private area: no digit, whatever the font draws there."""
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else 0
    return chr(number) if number >= 0x20 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _drawn(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """What a drawing holds, without what stands within its text boxes and without branches that are not shown."""
    for node in element:
        name = name_of(node)
        if name == "mc:AlternateContent":
            branch = alternative(node)
            if branch is not None:
                yield from _drawn(branch)
            continue
        yield name, node
        if name != "txbxContent":
            yield from _drawn(node)


def _size(element: etree._Element) -> tuple[float, float]:
    """(height, width) in points; nought where it is not said."""
    for kind, node in _drawn(element):
        if kind == "wp:extent":
            found = (str(node.get("cy") or ""), str(node.get("cx") or ""))
            if all(re.fullmatch(r"\d{1,12}", text) for text in found):
                return int(found[0]) / _EMU, int(found[1]) / _EMU
        style = str(node.get("style") or "") if kind.startswith("v:") else ""
        height, width = _HEIGHT.search(style), _WIDTH.search(style)
        if height and width:
            return float(height.group(1)), float(width.group(1))
    return 0.0, 0.0
