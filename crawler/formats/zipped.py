"""A plain ZIP that holds one document → that document, read by the registry. Touches nothing but the bytes.

How to recognise: a ZIP container that no other module knows; so it is asked after them. It also names what is
wrong with a damaged container. Where several documents are inside, none is chosen unless its name alone says that
it is the report: which one counts is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler import formats
from crawler.errors import ReadError
from crawler.formats.package import Package, is_package
from crawler.model import Document

NAME = "zip"

MAX_FILES = 50  # looked at, nested containers included
MAX_DEPTH = 2  # a ZIP in a ZIP, no deeper
MEMBER = "archive_member"  # name of the metadata that says which file was read

_EMPTY = b"PK\x05\x06"
_LESSER = ("text", "image")  # read-me files, pictures of seals: beside a document they are not the report
_JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    data: bytes
    kind: str  # NAME of the module that reads it


def sniff(data: bytes, name: str, content_type: str) -> bool:
    del name, content_type
    return is_package(data) or data.startswith(_EMPTY)


def read(data: bytes, content_type: str) -> Document:
    """Raises ReadError: damaged, encrypted, too large, no document, or several of which none is plainly the report."""
    del content_type
    found: list[_Found] = []
    for one in _documents(data, "", 1):
        found.append(one)
        if len(found) > MAX_FILES:
            raise ReadError(f"压缩包里的文件超过 {MAX_FILES} 个，请只提供报告。 / Too many files in the ZIP.")
    chosen = _chosen(found)
    document = formats.read(chosen.data, name=chosen.name)
    return replace(document, metadata=(*document.metadata, (MEMBER, chosen.name)))


def _documents(data: bytes, folder: str, depth: int) -> Iterator[_Found]:
    package = Package(data)
    if package.has("[Content_Types].xml"):
        raise ReadError(
            "这个 Office 容器不是 Word 或 Excel 文件（例如演示文稿），不能读取。 / An Office container that is no report."
        )
    for name in package.names:
        shown = folder + _decoded(name)
        if shown.lower().endswith(_JUNK[1:]) or _JUNK[0] in shown.lower() or shown.rpartition("/")[2].startswith("~$"):
            continue
        member = package.read(name)
        kind = _kind(member, shown)
        if kind == NAME and depth < MAX_DEPTH:
            yield from _documents(member, f"{shown}/", depth + 1)
        elif kind and kind != NAME:
            yield _Found(shown, member, kind)


def _kind(data: bytes, name: str) -> str:
    return next((module.NAME for module in formats.FORMATS if module.sniff(data, name, "")), "") if data.strip() else ""


def _chosen(found: list[_Found]) -> _Found:
    documents = [one for one in found if one.kind not in _LESSER] or found
    if len(documents) > 1:
        documents = [one for one in documents if "公开" in one.name and "报告" in one.name] or documents
    if not documents:
        raise ReadError("压缩包里没有能读的文件。请直接提供报告。 / The ZIP holds no readable document.")
    if len(documents) > 1:
        names = "、".join(one.name[-80:] for one in documents[:10])
        raise ReadError(
            f"压缩包里有 {len(documents)} 个文件，不能确定哪一个是报告：{names}。请单独提供报告。"
            " / The ZIP holds several documents; give the report alone."
        )
    return documents[0]


def _decoded(name: str) -> str:
    """Names without the UTF-8 flag come as code page 437; Chinese programs wrote them in GBK or UTF-8."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
