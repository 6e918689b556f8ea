"""What DOCX and XLSX have in common: relations between parts, the main part, the title. Touches nothing else.

(ECMA-376 part 2, Open Packaging Conventions.)
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from lxml import etree

from crawler.errors import ReadError
from crawler.formats.package import Package, is_package, parse_xml

MAX_PART = 24 * 1024 * 1024  # bytes of one part, unpacked; those of a report have some hundred thousand

_TYPES = "[Content_Types].xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Relation:
    """`kind`: the last word of its type (styles, worksheet …); `target`: a member's name, or an address outside."""

    kind: str
    target: str
    outside: bool


def declares(data: bytes, kinds: tuple[bytes, ...]) -> bool:
    """Whether `data` is a container that declares a part of one of these content types."""
    if not is_package(data):
        return False
    try:
        types = Package(data).read(_TYPES)
    except ReadError:
        return False
    return any(kind in types for kind in kinds)


def part(package: Package, name: str) -> etree._Element:
    """The part's XML. Raises ReadError: missing, damaged, no XML, or larger than MAX_PART."""
    raw = package.read(name)
    if len(raw) > MAX_PART:
        raise ReadError(f"{name} 解压后有 {len(raw)} 字节，不像一份报告。 / {name} is too large for a report.")
    return parse_xml(raw, name)


def relations(package: Package, name: str) -> dict[str, Relation]:
    """Id → relation of the part `name`; of the package itself with ""."""
    folder, base = posixpath.split(name)
    source = posixpath.join(folder, "_rels", f"{base}.rels")
    if not package.has(source):
        return {}
    found: dict[str, Relation] = {}
    for node in package.xml(source):
        kind, target = str(node.get("Type") or "").rpartition("/")[2], str(node.get("Target") or "")
        outside = node.get("TargetMode") == "External"
        if not outside:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[str(node.get("Id") or "")] = Relation(kind, target, outside)
    return found


def main_part(package: Package) -> str:
    """The name of the part that is the document. Raises ReadError where there is none."""
    for relation in relations(package, "").values():
        if relation.kind == "officeDocument" and package.has(relation.target):
            return relation.target
    raise ReadError("Office 容器里找不到正文部分。请重新保存后再试。 / The Office container has no main part.")


def title(package: Package) -> str:
    """The document property; "" where there is none."""
    if not package.has("docProps/core.xml"):
        return ""
    node = package.xml("docProps/core.xml").find(_TITLE)
    return _SPACES.sub(" ", node.text or "").strip() if node is not None else ""
