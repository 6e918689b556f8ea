"""WordprocessingML: the names of elements and attributes, and the values that stand in them. Touches nothing."""

from __future__ import annotations

import re

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
STRUCK_WRAPPERS = frozenset(("del", "moveFrom"))


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
