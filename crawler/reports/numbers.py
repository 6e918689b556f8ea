"""One cell's text → state and exact number. Touches nothing.

Strict on purpose: what is not plainly one number is unreadable, never a near guess. A blank is no nought.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from crawler.model import CellState

_BLANK = frozenset(("", "无", "没有", "/", "\\", "空", "空白", "(空)", "(无)"))
_DASHES_ONLY = re.compile(r"[-–—―─－_~]+")
_SPACE_BETWEEN_DIGITS = re.compile(r"[\d.,]\s+[\d.,]")
_NUMBER = re.compile(
    r"""
    (?P<sign>[+\-–—−]|增加|增|新增|减少|减)?
    (?P<digits>\d+|\d{1,3}(?:,\d{3})+)
    (?P<fraction>\.\d+)?
    (?P<scale>亿|万|千)?
    (?P<unit>元|件|项|个|条|次|宗|份|人)?
    """,
    re.VERBOSE | re.ASCII,
)
_SCALES = {"亿": Decimal(10**8), "万": Decimal(10**4), "千": Decimal(1000), "": Decimal(1)}
_MINUS = frozenset(("-", "–", "—", "−", "减少", "减"))
MAX_DIGITS = 18  # what the store can keep exactly


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` is None unless `state` is NUMBER; `reason` (Chinese) says why nothing was read."""

    state: CellState
    value: Decimal | None = None
    reason: str = ""


def read(raw: str, *, unit: str, label_unit: str | None = None, signed: bool = False) -> Reading:
    """The number in a cell whose statutory unit is `unit`; money comes out in yuan.

    `label_unit`: the unit that the column's label states (万元 …); a unit in the cell itself goes before it.
    `signed`: whether the cell may carry a sign (本年增/减). OPEN: an amount of money without any unit.
    """
    if any(unicodedata.category(sign) == "No" for sign in raw):
        return Reading(CellState.UNREADABLE, reason="含上标或带圈数字")
    text = unicodedata.normalize("NFKC", raw).strip(" \t\r\n\u200b\ufeff")
    compact = re.sub(r"[\s\u200b\ufeff]+", "", text)
    if is_blank(raw):
        return Reading(CellState.BLANK)
    if _SPACE_BETWEEN_DIGITS.search(text):
        return Reading(CellState.UNREADABLE, reason="一格中有两个数")
    match = _NUMBER.fullmatch(re.sub(r"\((元|万元|亿元|千元|件|项|个)\)$", r"\1", compact))
    if match is None:
        return Reading(CellState.UNREADABLE, reason="不是数字")
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
    return _exact(value * _SCALES[match["scale"] or ""], whole=True)


def is_blank(raw: str) -> bool:
    """Whether a cell says nothing: empty, or one of the marks that people put into an empty cell."""
    compact = re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", raw))
    return compact in _BLANK or _DASHES_ONLY.fullmatch(compact) is not None


def _money(value: Decimal, scale: str, cell_unit: str, label_unit: str | None) -> Reading:
    if cell_unit not in ("", "元"):
        return Reading(CellState.UNREADABLE, reason=f"应为金额，却写着“{cell_unit}”")
    if scale or cell_unit:
        return _exact(value * _SCALES[scale], whole=False)
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
