"""Bytes → text, without believing what a page says about its own encoding. Touches nothing else.

Portals declare gb2312 and send UTF-8, and the reverse. A declaration is a witness; strict decoding is the
proof: Chinese text in GBK is practically never valid UTF-8.
"""

from __future__ import annotations

import codecs
import re

from crawler.model import Issue

_META = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,30})""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,30})""", re.I)
_META_WITHIN = 8192  # bytes; the standard says 1024, portals with long scripts in their head do not keep it
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# gb18030 is the superset of the two, and "gb2312" pages use signs of all three.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030"}
_ASCII = bytes(range(0x80))
# A text this short may be valid in both encodings by chance; then the declaration decides.
_SHORT = 12  # bytes outside ASCII


def decode(data: bytes, *, content_type: str = "") -> tuple[str, str, tuple[Issue, ...]]:
    """(text, name of the encoding, issues). Never raises: bytes that fit nowhere become U+FFFD and an issue."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data, encoding, ())
    declared = _declared(data, content_type)
    high = len(data[: 1 << 16].translate(None, _ASCII))
    candidates = ["utf-8", "gb18030"]
    if declared == "big5":
        candidates.insert(1, "big5")
    if declared in candidates and 0 < high < _SHORT:
        candidates.remove(declared)
        candidates.insert(0, declared)
    for encoding in candidates:
        if _fits(data, encoding):
            issues: tuple[Issue, ...] = ()
            if high and declared and declared != encoding:
                issues = (Issue("charset_lies", f"页面声明的编码为 {declared}，实际为 {encoding}，按实际编码读取。"),)
            return data.decode(encoding), encoding, issues
    damage = {encoding: data.decode(encoding, errors="replace").count("�") for encoding in candidates}
    best = min(candidates, key=lambda encoding: (damage[encoding], encoding != declared))
    issue = Issue("bad_bytes", f"有 {damage[best]} 处字节不符合编码 {best}，这些字已用“�”代替。")
    return _decode(data, best, (issue,))


def _decode(data: bytes, encoding: str, issues: tuple[Issue, ...]) -> tuple[str, str, tuple[Issue, ...]]:
    text = data.decode(encoding, errors="replace")
    if not issues and "�" in text:
        issues = (Issue("bad_bytes", f"有 {text.count('�')} 处字节不符合编码 {encoding}，这些字已用“�”代替。"),)
    return text, encoding, issues


def _declared(data: bytes, content_type: str) -> str:
    """The HTTP header goes before the meta tag (WHATWG); "" where neither says anything known."""
    header = _HEADER.search(content_type)
    meta = _META.search(data[:_META_WITHIN])
    names = (header.group(1) if header else "", meta.group(1).decode("ascii") if meta else "")
    for name in names:
        try:
            known = codecs.lookup(name).name if name else ""
        except LookupError:
            continue
        if known:
            return _SUPERSETS.get(known, known)
    return ""


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
