"""One cell's text → state and exact number. Touches nothing.

Strict on purpose: what is not plainly one number is unreadable, never a near guess. A blank is no nought.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from crawler.model import CellState
from crawler.reports import written

_BLANK = frozenset(("", "无", "没有", "/", "\\", "空", "空白", "(空)", "(无)"))
_DASHES_ONLY = re.compile(r"[-–—―─－_~]+")
_SPACE_BETWEEN_DIGITS = re.compile(r"[\d.,]\s+[\d.,]")
_NUMBER = re.compile(
    r"""
    (?P<sign>[+\-–—−]|增加|增|新增|净增|减少|减|净减)?
    (?P<digits>\d+|\d{1,3}(?:,\d{3})+)
    (?P<fraction>\.\d+)?
    (?P<scale>亿|万|千)?
    (?P<unit>元|件|项|个|条|次|宗|份|人)?
    """,
    re.VERBOSE | re.ASCII,
)
_SCALES = {"亿": Decimal(10**8), "万": Decimal(10**4), "千": Decimal(1000), "": Decimal(1)}
_MINUS = frozenset(("-", "–", "—", "−", "减少", "减", "净减"))
# Marks of a note behind the number that can be no part of it. A raised digit can (10²), brackets can (12（3）).
_NOTE_MARK = re.compile(
    r"(?:[①-⑳]|[*＊※]{1,3}|[\[［〔【]\d{1,2}[\]］〕】]|注\d{0,2}|[(（]注\d{0,2}[)）])\s*$", re.ASCII
)
_NUMERAL = re.compile(
    rf"(?P<sign>[+\-–—−]|增加|增|新增|净增|减少|减|净减)?(?P<words>[{''.join(sorted(written.SIGNS))}]+)(?P<unit>元|件|项|个|条|次|宗|份|人)?"
)
# Alone in a cell these may be a dash, a plus or a circle that somebody drew.
_DOUBTFUL_ALONE = frozenset("一十○")
_UNIT_SIGNS = frozenset("元件项个条次宗份人万亿千")
_THREE_DECIMALS = len(".000")  # 5.0 and 5.00 come from spreadsheets; 5.000 may be five thousand
_LONGEST_CELL = 200
MAX_DIGITS = 18  # what the store can keep exactly


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` is None unless `state` is NUMBER; `reason` (Chinese) says why nothing was read.

    `remark` (Chinese): what a reader of the number should know, though it is certain.
    """

    state: CellState
    value: Decimal | None = None
    reason: str = ""
    remark: str = ""


def read(raw: str, *, unit: str, label_unit: str | None = None, signed: bool = False) -> Reading:
    """The number in a cell whose statutory unit is `unit`; money comes out in yuan.

    `label_unit`: the unit that the column's label states (万元 …); a unit in the cell itself goes before it.
    `signed`: whether the cell may carry a sign (本年增/减). OPEN: an amount of money without any unit.
    """
    if is_blank(raw):
        return Reading(CellState.BLANK)
    if len(raw) > _LONGEST_CELL:
        return Reading(CellState.UNREADABLE, reason="文字过长")
    mark = _NOTE_MARK.search(raw)
    number = raw[: mark.start()].rstrip() if mark else ""
    if mark is None or not number or not (number[-1].isdecimal() or number[-1] in _UNIT_SIGNS):
        return _unmarked(raw, unit, label_unit, signed)
    reading = _unmarked(number, unit, label_unit, signed)
    return replace(reading, remark=f"数字后有注释标记“{mark[0].strip()}”") if reading.value is not None else reading


def _unmarked(raw: str, unit: str, label_unit: str | None, signed: bool) -> Reading:
    if any(unicodedata.category(sign) == "No" for sign in raw):
        return Reading(CellState.UNREADABLE, reason="含上标或带圈数字")
    text = unicodedata.normalize("NFKC", raw).strip(" \t\r\n\u200b\ufeff")
    compact = re.sub(r"[\s\u200b\ufeff]+", "", text)
    if _SPACE_BETWEEN_DIGITS.search(text):
        return Reading(CellState.UNREADABLE, reason="一格中有两个数")
    compact = re.sub(r"\((元|万元|亿元|千元|件|项|个)\)$", r"\1", compact)
    match = _NUMBER.fullmatch(compact)
    if match is None:
        return _numeral(compact, unit=unit, signed=signed)
    if match["sign"] and not signed:
        return Reading(CellState.UNREADABLE, reason="此格不应有正负号")
    if len(match["digits"] + (match["fraction"] or "")) > MAX_DIGITS:
        return Reading(CellState.UNREADABLE, reason="数字过长")
    value = Decimal(match["digits"].replace(",", "") + (match["fraction"] or ""))
    if match["sign"] in _MINUS and value:
        value = -value
    if unit == "元":
        return _money(value, match["scale"] or "", match["unit"] or "", label_unit)
    if match["unit"] == "元":
        return Reading(CellState.UNREADABLE, reason=f"应为数量（{unit}），却写着金额")
    if len(match["fraction"] or "") == _THREE_DECIMALS and not match["scale"]:
        return Reading(CellState.UNREADABLE, reason="小数点可能是千位分隔符")
    return _exact(value * _SCALES[match["scale"] or ""], whole=True)


def _numeral(compact: str, *, unit: str, signed: bool) -> Reading:
    """A count written out in Chinese. Amounts of money are not written so in a table."""
    match = _NUMERAL.fullmatch(compact)
    value = written.chinese(match["words"]) if match else None
    if match is None or value is None or unit == "元" or match["unit"] == "元":
        return Reading(CellState.UNREADABLE, reason="不是数字")
    if match["sign"] and not signed:
        return Reading(CellState.UNREADABLE, reason="此格不应有正负号")
    if compact in _DOUBTFUL_ALONE:
        return Reading(CellState.UNREADABLE, reason="可能是汉字数字，也可能是符号")
    return _exact(Decimal(-value if match["sign"] in _MINUS else value), whole=True)


def is_blank(raw: str) -> bool:
    """Whether a cell says nothing: empty, or one of the marks that people put into an empty cell."""
    compact = re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", raw))
    return compact in _BLANK or _DASHES_ONLY.fullmatch(compact) is not None


def _money(value: Decimal, scale: str, cell_unit: str, label_unit: str | None) -> Reading:
    """The cell's own unit goes before the label's: 251000元 under 万元 is 251000 yuan."""
    if cell_unit not in ("", "元"):
        return Reading(CellState.UNREADABLE, reason=f"应为金额，却写着“{cell_unit}”")
    if scale and not cell_unit and scale != "亿" and label_unit not in (None, "元", f"{scale}元"):
        return Reading(CellState.OPEN, reason=f"“{scale}”与栏目的单位“{label_unit}”不能确定如何相乘")
    if scale or cell_unit:
        reading = _exact(value * _SCALES[scale], whole=False)
        differs = cell_unit and label_unit is not None and label_unit != f"{scale}元" and value
        return replace(reading, remark=f"栏目的单位是“{label_unit}”，以格内的单位为准") if differs else reading
    if label_unit in ("元", "千元", "万元", "亿元"):
        return _exact(value * _SCALES[label_unit.removesuffix("元")], whole=False)
    if not value:
        return Reading(CellState.NUMBER, Decimal(0))
    return Reading(CellState.OPEN, reason="金额没有写明单位（元或万元）")


def _exact(value: Decimal, *, whole: bool) -> Reading:
    if len(value.as_tuple().digits) > MAX_DIGITS:
        return Reading(CellState.UNREADABLE, reason="数字过长")
    if value == value.to_integral_value():
        return Reading(CellState.NUMBER, value.to_integral_value())
    if whole:
        return Reading(CellState.UNREADABLE, reason="数量不是整数")
    return Reading(CellState.NUMBER, value.normalize())
