"""A line of a notice: a label, a text, an address. Pure; what comes from outside is made plain and bounded here."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from monitor.wording import Language, say, show_moment

LONGEST = 300  # characters of one value that comes from outside
LONGEST_LINE = 4000  # characters of a line made of such values
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\@]{1,2000}")  # without credentials, which would hide the host


@dataclass(frozen=True, slots=True)
class Line:
    """`address` stands behind the text; `link` is the same if a browser may be sent there, else empty."""

    label: str
    text: str
    address: str = ""
    link: str = ""


def plain(text: object, longest: int = LONGEST) -> str:
    """One line of at most `longest` characters without control or direction characters."""
    kept = "".join(" " if unicodedata.category(mark) in ("Cc", "Cf", "Zl", "Zp") else mark for mark in str(text))
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def moment(text: str, language: Language) -> str:
    return show_moment(dt.datetime.fromisoformat(text), language)


def line(name: str, language: Language, text: str, address: str = "") -> Line:
    link = address if WEB_ADDRESS.fullmatch(address) else ""
    return Line(say(f"mail.label.{name}", language), plain(text, LONGEST_LINE), plain(address, LONGEST_LINE), link)
