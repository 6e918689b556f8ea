"""What makes two printed labels the same label. Touches nothing.

Word, PDF and CMS editors change spaces, line breaks, widths, quotes, brackets and the numbering in front of a
label; the words stay. Variants in the words themselves live in the templates' YAML.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』〝〞\"'‘’`", ""))
_PUNCTUATION = re.compile(r"[、,;:。.·…]+")
_NUMBER = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
_NUMBERING = re.compile(rf"^(?:\({_NUMBER}\)|{_NUMBER}(?=[、.,:])[、.,:]|[①-⑳])+")
_UNIT = re.compile(r"[(\[]?单位[::]?(亿元|万元|千元|元|件|项|个)[)\]]?|\((亿元|万元|千元|元|件|项|个)\)")


@lru_cache(maxsize=4096)  # a document asks for the same few hundred labels and figures many times
def normalise(text: str) -> str:
    """The form in which labels are compared: no spaces, numbering, quotes, unit notes or inner punctuation."""
    plain = plain_text(text)
    plain = _NUMBERING.sub("", plain)
    plain = _UNIT.sub("", plain)
    return _PUNCTUATION.sub("", plain.translate(_QUOTES))


def plain_text(text: str) -> str:
    """Compatibility forms unified (full-width → ASCII), everything invisible removed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def unit_in(text: str) -> str | None:
    """The unit that a label states for its cells, e.g. 单位：万元 → 万元; None where it states none."""
    match = _UNIT.search(plain_text(text))
    return (match.group(1) or match.group(2)) if match else None
