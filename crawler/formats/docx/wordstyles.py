"""The styles of a Word document, as far as they change its text: what is hidden, struck, raised, a heading, numbered. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from crawler.formats.docx.wordml import attribute, child, is_on, name_of, whole

_HEADING_STYLE = re.compile(r"title|heading \d|标题(?: ?\d)?", re.I)


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
