"""Counted things as sentences write them: Arabic and Chinese, with 万 and 亿, with the words for "about". Touches nothing.

A cell's number is read by crawler.reports.numbers; a sentence's is written more freely, so what is no single number
(三四件, 几十件, 10至15件) is no number here.
"""

from __future__ import annotations

import re
from decimal import Decimal

from crawler.reports.written import chinese

_ARABIC = r"\d{1,3}(?:,\d{3})+|\d{1,12}"
_CHINESE = r"[零〇○一二三四五六七八九十百千两]"
_BEFORE = r"约|大约|近|将近|接近|超过|超|逾|不足|不到|至少"
_AFTER = r"余|多|来|几"
_BEHIND = r"左右|上下|以上|以下|以内"
UNITS = r"(?:件|条|宗|份|项|例|起|个|次)"
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}

# One counted number: about-words, digits, scale, unit. No ordinal (第3件), no 数十 or 几十, no part of a range or of a
# longer number, no times (12次/月), no persons (人次).
COUNT = (
    r"(?:共计|共有|总计|合计|多达|达到|共|为|有|达|:)*(?<![\d.第数几上万亿千百十])(?<!\d,)(?<![\d件][\-~—至到])"
    rf"(?P<before>{_BEFORE})?"
    rf"(?P<digits>(?:{_ARABIC})(?:\.\d{{1,4}})?|{_CHINESE}+(?:万{_CHINESE}*)?)(?P<scale>[百千万亿]{{0,2}})"
    rf"(?P<after>{_AFTER})?(?P<scale_behind>[万亿]?){UNITS}(?![/\-~—至到])(?P<behind>{_BEHIND})?"
)


def value_of(match: re.Match[str]) -> tuple[Decimal, bool] | None:
    """(number, about) of a match of COUNT; None where the words are no single whole number.

    About: said so, or rounded: a 万 of Arabic digits, a Chinese number of hundreds and more without its lower places.
    """
    digits = match["digits"]
    number = Decimal(digits.replace(",", "")) if digits[0].isdecimal() else _chinese(digits)
    scale = _SCALES.get(match["scale"] + match["scale_behind"])
    if number is None or scale is None:
        return None
    value = number * scale
    if value != value.to_integral_value():
        return None
    said = bool(match["before"] or match["after"] or match["behind"])
    rounded = scale > 1 or (digits[-1] in "百千万" and not digits[0].isdecimal())
    return value.to_integral_value(), said or rounded


def _chinese(text: str) -> Decimal | None:
    value = chinese(text)
    return None if value is None else Decimal(value)
