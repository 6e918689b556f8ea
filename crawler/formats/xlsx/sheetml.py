"""SpreadsheetML: names, places, bounded numbers, texts with their marks, and what of a style changes a text. Touches nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from crawler.formats.xlsx import number_format

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
ON = ("1", "true")

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RAISED = {"superscript": "^", "subscript": "_"}


@dataclass(frozen=True, slots=True)
class Look:
    """What of a cell's style changes its text: the number format, and a mark for struck or raised text."""

    code: str = "General"
    mark: str = ""


def looks_of(part: list[etree._Element]) -> list[Look]:
    """By number of the cell format; at least one."""
    sections = {local(node): node for node in part}
    codes = dict(number_format.BUILT_IN)
    for node in children(sections.get("numFmts")):
        codes[bounded(node.get("numFmtId"), 1 << 30, -1)] = str(node.get("formatCode") or "General")
    marks = [_mark(node) for node in children(sections.get("fonts"))]
    looks: list[Look] = []
    for node in children(sections.get("cellXfs")):
        number, font = bounded(node.get("numFmtId"), 1 << 30, 0), bounded(node.get("fontId"), 1 << 30, 0)
        looks.append(Look(codes.get(number, f"内置格式 {number}"), marks[font] if font < len(marks) else ""))
    return looks or [Look()]


def _mark(font: etree._Element) -> str:
    """Raised, lowered and struck-out signs are no digits: a mark keeps them apart, as in HTML."""
    for node in font:
        if local(node) == "strike" and node.get("val") not in ("0", "false"):
            return "~"
    return next((_RAISED.get(str(node.get("val")), "") for node in font if local(node) == "vertAlign"), "")


def rich_text(element: etree._Element) -> str:
    """Of <si> or <is>: its runs with their marks, without phonetic guides."""
    parts: list[str] = []
    for node in element:
        if local(node) == "t":
            parts.append(unescaped(node.text or ""))
        elif local(node) == "r":
            text = "".join(unescaped(run.text or "") for run in node if local(run) == "t")
            mark = next((_mark(run) for run in node if local(run) == "rPr"), "")
            parts.append(mark + text if text.strip() else text)
    return "".join(parts)


def unescaped(text: str) -> str:
    """_x000D_ and its like stand for signs that XML does not hold (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def reference(text: str) -> tuple[int, int] | None:
    """A1 → (1, 1); None where it is no place of a sheet."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    row = int(match.group(2))
    return (row, column) if 1 <= row <= MAX_ROW and column <= MAX_COLUMN else None


def bounded(text: str | None, most: int, otherwise: int) -> int:
    return min(int(text), most) if text and re.fullmatch(r"\d{1,10}", text) else otherwise


def local(element: etree._Element) -> str:
    """The name without its namespace: transitional and strict files differ only there."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None) -> list[etree._Element]:
    return list(element) if element is not None else []


def child(element: etree._Element, name: str) -> etree._Element | None:
    return next((node for node in element if local(node) == name), None)
