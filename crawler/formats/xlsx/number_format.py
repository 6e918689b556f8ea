"""A spreadsheet's number and its number format → the text that the cell shows. Touches nothing.

What is shown is what an office published. Where the format rounds, hides, scales or replaces the number (12.3
shown as 12, 0 shown as nothing), neither is certain: the result then names both and is no number to any reader.
(ECMA-376 part 1, 18.8.31.)
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Context, Decimal

# The codes behind the numbers that every file may use without defining them. Where they differ between
# languages of Excel, the second section is one that shows no number, so that negatives are not believed.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "yyyy/m/d",
    31: 'yyyy"年"m"月"d"日"',
    37: '#,##0;"?"',
    38: '#,##0;"?"',
    39: '#,##0.00;"?"',
    40: '#,##0.00;"?"',
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    49: "@",
}

_PART = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|General|G/通用格式|[#0?.,]+|[eE][+-]|.', re.S)
_PATTERN = re.compile(r"(?P<whole>[#0?]*|[#0?]*,[#0?]{3})(?:\.(?P<fraction>[#0?]*))?")
_COLOUR = re.compile(r"\[(?:Black|Blue|Cyan|Green|Magenta|Red|Yellow|Color ?\d{1,2}|黑色|蓝色|绿色|红色|黄色)\]", re.I)
_CURRENCY = re.compile(r"\[\$([^\]\-]*)(?:-(?:804|409|0))?\]")
_GENERAL = ("General", "G/通用格式", "@")
_MISLEADING = re.compile(r"[\d.,+\-−–—]")  # literal signs that would make another number of it
_DATE_LETTERS = frozenset("yYmMdDhHsSaAbBgGeE年")
_ELEVEN_SIGNS = Context(prec=10)  # General shows eleven signs, the point is one of them
_NOISE = Decimal("1e-12")  # relative; what binary floating point adds to a decimal number
_LARGEST_GENERAL = Decimal(10**11)  # from here on General shows an exponent


def shown(raw: str, code: str, *, since_1904: bool = False) -> str:
    """`raw`: the number as the file holds it; `code`: its format. A text that is no number where in doubt."""
    try:
        value = Decimal(repr(float(raw)))
    except ValueError:
        return f"{raw}（不是数）"
    if not value.is_finite():
        return f"{raw}（不是数）"
    text = _by_section(value, code, since_1904)
    return text if text is not None else f"{float(value):.15g}（显示格式 {code[:40]}）"


def hides_text(code: str) -> bool:
    """Whether the format shows something else than the text that a cell holds: a fourth section without @."""
    sections = _sections(code)
    return len(sections) > 3 and "@" not in sections[3]


def _by_section(value: Decimal, code: str, since_1904: bool) -> str | None:
    sections = _sections(code)
    negative = value < 0
    if negative and len(sections) > 1:
        return _applied(-value, sections[1], own_sign=True)
    if not value and len(sections) > 2:
        return _applied(value, sections[2])
    if _is_date(sections[0]):
        return _date(value, sections, since_1904)
    text = _applied(abs(value), sections[0])
    return f"-{text}" if negative and text is not None else text


def _sections(code: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for sign in _PART.findall(code):
        if sign == ";":
            sections.append([])
        else:
            sections[-1].append(sign)
    return sections


def _applied(value: Decimal, parts: list[str], *, own_sign: bool = False) -> str | None:
    """The number within its literal signs; None where the section does not show it exactly."""
    before, number, after = "", "", ""
    for sign in parts:
        literal: str | None = None
        if sign[0] == '"':
            literal = sign.strip('"')
        elif sign[0] == "\\":
            literal = sign[1:]
        elif sign[0] in "_*" and len(sign) == 2:
            literal = " "
        elif sign[0] == "[":
            currency = _CURRENCY.fullmatch(sign)
            if currency is None and _COLOUR.fullmatch(sign) is None:
                return None
            literal = currency.group(1) if currency else ""
        elif sign in _GENERAL or _PATTERN.fullmatch(sign):
            if number:
                return None
            shown_number = _general(value) if sign in _GENERAL else _placed(value, sign)
            if shown_number is None:
                return None
            number = shown_number
            continue
        elif sign in " -()元件项个条次¥￥$":
            literal = sign
        if literal is None:
            return None
        if number:
            after += literal
        else:
            before += literal
    signs = before.strip() + after.strip()
    if own_sign and before.strip() == "-":
        signs = after.strip()
    elif own_sign and "(" not in before:
        return None
    if not number or _MISLEADING.search(signs):
        return None
    return f"{before.strip()}{number}{after.strip()}"


def _general(value: Decimal) -> str | None:
    if value == value.to_integral_value():
        return format(value.to_integral_value(), "f") if value < _LARGEST_GENERAL else None
    rounded = _ELEVEN_SIGNS.plus(value)
    exact = abs(rounded - value) <= value * _NOISE and value > Decimal("0.0001")
    return format(rounded.normalize(), "f") if exact else None


def _placed(value: Decimal, pattern: str) -> str | None:
    """By a pattern such as #,##0.00; None where that rounds the number or shows nothing of a nought."""
    match = _PATTERN.fullmatch(pattern)
    if match is None or ("0" not in pattern and not value):
        return None
    fraction = match["fraction"] or ""
    if len(fraction) > 15:
        return None
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP) if value < Decimal(10**15) else None
    if rounded is None or abs(rounded - value) > value * _NOISE:
        return None
    text = format(rounded, f"{',' if ',' in match['whole'] else ''}.{len(fraction)}f")
    dropped = len(fraction) - len(fraction.rstrip("#?"))
    for _ in range(dropped):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    whole, point, rest = text.partition(".")
    return whole.zfill(min(match["whole"].count("0"), 15)) + point + rest


def _is_date(parts: list[str]) -> bool:
    return not any(sign in _GENERAL for sign in parts) and any(
        sign[0] in _DATE_LETTERS and len(sign) == 1 for sign in parts
    )


def _date(value: Decimal, sections: list[list[str]], since_1904: bool) -> str | None:
    """A day in full; None for times, for parts of a date, and for days that Excel's calendar gets wrong."""
    letters = {sign.lower() for sign in sections[0] if len(sign) == 1 and sign.isascii() and sign.isalpha()}
    if letters != {"y", "m", "d"} or value != value.to_integral_value() or not 61 <= value < 100_000:
        return None
    first = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)
    day = first + dt.timedelta(days=int(value))
    return f"{day.year}年{day.month}月{day.day}日"
