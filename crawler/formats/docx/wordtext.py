"""The text of a Word document's paragraphs as it is printed. Touches nothing.

What Word does not print is not read: hidden text (by itself or by its style), deleted text, instructions of
fields. What it prints and what is no text (a formula, a picture, a number that Word counts itself) leaves a
mark in brackets, so that a cell with it is never taken for a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from crawler.formats.docx.wordml import OPEN_WRAPPERS, STRUCK_WRAPPERS, alternative, attribute, child, name_of
from crawler.formats.docx.wordstyles import Look, Style, Styles, heading_of, look_of, numbered_of

_OPEN_INLINE = OPEN_WRAPPERS | {"dir", "bdo", "rubyBase"}
_DRAWN = frozenset(("drawing", "pict", "object"))
# Fields that print nothing: index entries, settings, links around nothing.
_SILENT_FIELDS = frozenset(
    ("XE", "TC", "TA", "RD", "SET", "PRIVATE", "ASK", "ADVANCE", "NEXT", "HYPERLINK", "MACROBUTTON")
)
_WORDS = re.compile(r"[^\W\d_]")
_LINE_PICTURE = 30.0  # points; a picture that is lower than this is a sign within a line
_WIDE_PICTURE = 220.0  # points; wider than any seal, as wide as a table
_EMU = 12_700  # per point
_HEIGHT = re.compile(r"(?<![\w-])height:\s*([\d.]+)pt")
_WIDTH = re.compile(r"(?<![\w-])width:\s*([\d.]+)pt")


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
