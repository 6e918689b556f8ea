"""Chinese numerals → exact whole numbers. Touches nothing.

Strict: a numeral counts only if it is written the way its number is written; 一二三 and 二百百 are none.
"""

from __future__ import annotations

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_SIZES = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
# Other ways to write the same sign; the formal ones are used where nobody may add a stroke.
_SAME = str.maketrans("〇○两壹贰叁肆伍陆柒捌玖拾佰仟貮弍弎", "零零二一二三四五六七八九十百千二二三")
SIGNS = frozenset("零一二三四五六七八九十百千万亿〇两壹贰叁肆伍陆柒捌玖拾佰仟")
_LONGEST = 24
_END = 10**12


def chinese(text: str) -> int | None:
    """一百零三 → 103, 一万二千 → 12000, 〇 → 0; None for what is no number written out in full."""
    if not text or len(text) > _LONGEST or not SIGNS.issuperset(text):
        return None
    plain = text.translate(_SAME)
    value = _value(plain)
    if value is None or value >= _END or plain not in (written(value), "一" + written(value)):
        return None
    return value


def _value(text: str) -> int | None:
    total = part = 0
    digit: int | None = None
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _SIZES:
            part += (1 if digit is None else digit) * _SIZES[sign]
            digit = None
        else:
            total = (
                (total + part + (digit or 0)) * _BIG[sign] if sign == "亿" else total + (part + (digit or 0)) * 10**4
            )
            part, digit = 0, None
    return total + part + (digit or 0)


def written(value: int) -> str:
    """The number as it is written out, without 一 before a leading 十. Below 10**12."""
    if value < 0 or value >= _END:
        raise ValueError(f"cannot be written out: {value}")
    if value == 0:
        return "零"
    text = ""
    for size, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, value = divmod(value, size)
        if group:
            text += ("零" if text and group < 1000 else "") + _group(group) + name
        elif text and value and not text.endswith("零"):
            text += "零"
    text = text.replace("零零", "零")
    return text.removeprefix("一") if text.startswith("一十") else text


def _group(value: int) -> str:
    """1 to 9999."""
    text = ""
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, size)
        if digit:
            text += "零一二三四五六七八九"[digit] + name
        elif text and value and not text.endswith("零"):
            text += "零"
    return text
