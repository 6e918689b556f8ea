"""Bytes → text, without believing what a page says about its own encoding. Touches nothing else.

Portals declare gb2312 and send UTF-8, and the reverse. A declaration is a witness; strict decoding is the proof:
Chinese text in GBK is practically never valid UTF-8. Where bytes are damaged nothing fits strictly, and GB 18030
fits nearly anything: then the encoding whose text is made of characters in common use is the right one.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from crawler.model import Issue

_META = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,30})""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,30})""", re.I)
_META_WITHIN = 8192  # bytes; the standard says 1024, portals with long scripts in their head do not keep it
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),  # markup without a byte order mark
    (b"\0<", "utf-16-be"),
)
# gb18030 is the superset of the two, and "gb2312" pages use signs of all three.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030"}
_ASCII = bytes(range(0x80))
# A text this short may be valid in both encodings by chance; then the declaration decides.
_SHORT = 12  # bytes outside ASCII
_SAMPLE = 20_000  # characters outside ASCII from which an encoding is judged
_BEGINNING = 1_500  # characters that show whether a valid text was encoded twice
_DOUBTFUL = 0.75  # share of common characters; right texts have more than 0.9, wrongly decoded ones less than 0.6
_ENOUGH = 20  # characters
# Four Chinese characters in a row as UTF-8 writes them; in a GBK text they are no words.
_UTF8_WORDS = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){4,}")


def decode(data: bytes, *, content_type: str = "") -> tuple[str, str, tuple[Issue, ...]]:
    """(text, name of the encoding, issues). Never raises: bytes that fit nowhere become U+FFFD and an issue."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_damage(data, encoding)
    declared = _declared(data, content_type)
    high = len(data.translate(None, _ASCII))
    if not high:
        if declared == "hz" and b"~{" in data:
            return _with_damage(data, "hz")
        return data.decode("ascii"), "utf-8", ()
    if high < _SHORT and declared in ("gb18030", "big5") and (short := _strict(data, declared)) is not None:
        return short, declared, ()
    text = _strict(data, "utf-8")
    if text is not None:
        return text, "utf-8", _issues(text, "utf-8", declared, _share(text[:_BEGINNING]))
    return _best(data, declared)


def _best(data: bytes, declared: str) -> tuple[str, str, tuple[Issue, ...]]:
    """Of the encodings that Chinese pages have, the one that makes the most sense of the bytes."""
    texts = {encoding: data.decode(encoding, errors="replace") for encoding in ("gb18030", "utf-8", "big5")}
    shares = {encoding: _share(text) for encoding, text in texts.items()}
    best = max(texts, key=lambda encoding: (round(shares[encoding], 2), encoding == declared))
    issues = _issues(texts[best], best, declared, shares[best])
    if best == "gb18030" and _UTF8_WORDS.search(data):
        issues += (Issue("charset_mixed", "页面里混有 UTF-8 编码的片段，按 gb18030 读成了乱码。"),)
    return texts[best], best, issues


def _issues(text: str, encoding: str, declared: str, share: float) -> tuple[Issue, ...]:
    found: list[Issue] = []
    damage = text.count("\ufffd")
    if damage:
        found.append(Issue("bad_bytes", f"有 {damage} 处字节不符合编码 {encoding}，这些字已用“\ufffd”代替。"))
    elif declared and declared != encoding:
        found.append(Issue("charset_lies", f"页面声明的编码为 {declared}，实际为 {encoding}，按实际编码读取。"))
    if share < _DOUBTFUL:
        found.append(Issue("charset_doubtful", f"按编码 {encoding} 读出的文字不像中文，可能是乱码。"))
    return tuple(found)


def _with_damage(data: bytes, encoding: str) -> tuple[str, str, tuple[Issue, ...]]:
    text = data.decode(encoding, errors="replace")
    return text, encoding, _issues(text, encoding, "", 1.0)


def _share(text: str) -> float:
    """The share of characters in common use among those outside ASCII; 1 where there are too few to tell."""
    sample = re.sub(r"[\x00-\x7f\u00a0]+", "", text)[:_SAMPLE]
    if len(sample) < _ENOUGH:
        return 1.0 - sample.count("\ufffd") / _ENOUGH
    common = _common()
    return sum(sign in common for sign in sample) / len(sample)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The characters of GB 2312, those of Big5 in frequent use, and Chinese punctuation."""
    simplified = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    traditional = (bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    signs = {code.decode("gb2312", errors="ignore") for code in simplified}
    signs |= {code.decode("big5", errors="ignore") for code in traditional}
    signs |= {chr(code) for block in ((0x2010, 0x2028), (0x2460, 0x2500), (0x25A0, 0x2620)) for code in range(*block)}
    signs |= {chr(code) for block in ((0x3000, 0x3020), (0x3220, 0x3244), (0xFF01, 0xFF5F)) for code in range(*block)}
    return frozenset(signs - {"", "\ufffd"}) | frozenset("·×÷±§°©®²³¥￥")


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


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
