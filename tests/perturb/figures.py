"""Damage to the cells of values: signs, units, numerals, marks, blanks. Each function says what it does to a page."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from crawler.reports.labels import unit_in
from tests.perturb.page import UNREADABLE, Page, Spot
from tests.perturb.registry import EVERY, HTML, NotHere, Perturbation

_DIGITS = "零一二三四五六七八九"


def numbers(page: Page, *, section: str = "", money: bool = False, least: int = 0) -> list[tuple[Spot, Decimal]]:
    """The cells that print a plain number, with it. Counts unless `money`."""
    found = []
    for spot in page.spots(section):
        value = page.truth.get(spot.code)
        if isinstance(value, Decimal) and abs(value) >= least and (page.code_of(spot.code)[1].unit == "元") is money:
            found.append((spot, value))
    if not found:
        raise NotHere
    return found


def rewrite(
    page: Page,
    chance: random.Random,
    way: Callable[[Decimal], str],
    *,
    section: str = "",
    least: int = 0,
    share: float = 0.3,
) -> None:
    """Prints some counts in another way that says the same."""
    for spot, value in numbers(page, section=section, least=least):
        if chance.random() < share and value >= 0:
            page.printed(spot, way(value), value)


def full_width(page: Page, chance: random.Random) -> None:
    rewrite(page, chance, lambda value: "".join(chr(ord(digit) + 0xFEE0) for digit in str(value)))


def thousands(page: Page, chance: random.Random) -> None:
    rewrite(page, chance, lambda value: f"{value:,}", least=1000, share=1)


def thousands_full_width(page: Page, chance: random.Random) -> None:
    rewrite(page, chance, lambda value: f"{value:,}".replace(",", "，"), least=1000, share=1)


def thousands_odd(page: Page, chance: random.Random) -> None:
    """Separators that also part two numbers: whatever is read must be the number."""
    sign = chance.choice(("、", " ", "'", "·", ".", "　", "\u00a0"))
    rewrite(page, chance, lambda value: f"{value:,}".replace(",", sign), least=1000, share=1)


def unit_behind(page: Page, chance: random.Random) -> None:
    rewrite(page, chance, lambda value: f"{value}{chance.choice(('件', ' 件', '（件）', '项', '个'))}")


def ten_thousands(page: Page, chance: random.Random) -> None:
    rewrite(page, chance, lambda value: f"{(value / 10000).normalize():f}万", least=1000, share=0.7)


def chinese_numeral(value: int) -> str:
    """一百零三, 一万二千, 十二: as people write them. Digits from 100,000 on."""
    if value == 0 or value >= 100_000:
        return "零" if value == 0 else str(value)
    text, pending = "", False
    for size, name in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, size)
        if digit:
            text += ("零" if pending and text else "") + _DIGITS[digit] + name
            pending = False
        elif text and value:
            pending = True
    return text.removeprefix("一") if text.startswith("一十") else text


def chinese_numerals(page: Page, chance: random.Random) -> None:
    rewrite(page, chance, lambda value: chinese_numeral(int(value)), share=0.5)


def footnote_marks(page: Page, chance: random.Random) -> None:
    marks = ("①", "*", "[1]", "注", "注1", "（注1）", "＊", "〔2〕", "※")
    rewrite(page, chance, lambda value: f"{value}{chance.choice(marks)}", share=0.1)


def superscripts(page: Page, chance: random.Random) -> None:
    for spot, value in numbers(page):
        if chance.random() < 0.1:
            page.printed(spot, f"{value}²", value, markup=f"{value}<sup>{chance.randrange(1, 9)}</sup>")


def inline_tags(page: Page, chance: random.Random) -> None:
    """A number cut by inline elements, as editors paste it."""
    for spot, value in numbers(page, least=10):
        text = spot.text
        if chance.random() < 0.4 and text.isdecimal():
            at = chance.randrange(1, len(text))
            page.printed(spot, text, value, markup=f"<p><span>{text[:at]}</span><b><span>{text[at:]}</span></b></p>")


def number_wrapped(page: Page, chance: random.Random) -> None:
    """A number over two lines of its cell: perhaps two numbers."""
    for spot, value in numbers(page, least=10):
        if chance.random() < 0.1 and spot.text.isdecimal():
            at = chance.randrange(1, len(spot.text))
            page.printed(spot, f"{spot.text[:at]}\n{spot.text[at:]}", value)


def two_numbers(page: Page, chance: random.Random) -> None:
    between = (" ", "/", "；", "\n", "（3）", "，", "、", "-", "(其中1)", "、其中", "—")
    for spot, value in numbers(page):
        if chance.random() < 0.1:
            page.printed(spot, f"{value}{chance.choice(between)}{chance.randrange(1, 99)}", UNREADABLE)


def words(page: Page, chance: random.Random) -> None:
    said = (
        "详见附件",
        "约12",
        "12余",
        "未统计",
        "同上",
        '"',
        "?",
        "12?",
        "1O",
        "l2",
        "#REF!",
        "＃",
        "××",
        "若干",
        "不适用",
    )
    for spot, _ in numbers(page):
        if chance.random() < 0.1:
            page.printed(spot, chance.choice(said), UNREADABLE)


def blanks(page: Page, chance: random.Random) -> None:
    """Noughts and blanks as one of the marks that people put into an empty cell."""
    for spot in page.spots():
        if page.truth.get(spot.code) in (None, Decimal(0)) and chance.random() < 0.4:
            page.printed(spot, chance.choice(("", "/", "—", "-", "无", "——", "空", "　", "\\", "－", "（无）")), None)


def letter_for_nought(page: Page, chance: random.Random) -> None:
    for spot, value in numbers(page):
        if not value and chance.random() < 0.2:
            page.printed(spot, chance.choice(("O", "o", "〇", "○", "Ｏ", "零")), value)


def leading_noughts(page: Page, chance: random.Random) -> None:
    rewrite(page, chance, lambda value: f"0{value}", share=0.1)


def decimals(page: Page, chance: random.Random) -> None:
    """Counts as a spreadsheet prints them."""
    rewrite(page, chance, lambda value: f"{value}.0{'0' * chance.randrange(2)}")


def signed_changes(page: Page, chance: random.Random) -> None:
    """本年增/减 with a word or a sign."""
    found = False
    for spot, value in numbers(page, section="二"):
        if page.code_of(spot.code)[1].signed and value:
            found = True
            ways = ("减{}", "减少{}", "-{}", "－{}", "−{}", "- {}", "—{}", "减少 {} 项")
            rises = ("增{}", "增加{}", "+{}", "＋{}", "增 {}", "新增{}", "增{}项", "增加{}")
            page.printed(spot, chance.choice(ways if value < 0 else rises).format(abs(value)), value)
    if not found:
        raise NotHere


def odd_signs(page: Page, chance: random.Random) -> None:
    """Signs that may mean something else."""
    for spot, value in numbers(page, section="二"):
        if page.code_of(spot.code)[1].signed and value:
            text = chance.choice(("（{}）", "增/减{}", "增-{}", "±{}", "{}增", "-+{}", "增减{}")).format(abs(value))
            page.printed(spot, text, UNREADABLE)


def signs_on_counts(page: Page, chance: random.Random) -> None:
    for spot, value in numbers(page, section="三"):
        if value and chance.random() < 0.05:
            page.printed(spot, chance.choice(("-{}", "+{}", "（{}）", "增{}")).format(value), UNREADABLE)


def money_in_cell(page: Page, chance: random.Random) -> None:
    """The amount with its unit in the cell, whatever the label says."""
    for spot, value in numbers(page, money=True):
        tens = format((value / 10000).normalize(), "f")
        text = chance.choice(
            (f"{value}元", f"{tens}万元", f"{tens} 万元", f"{tens}万", f"{value:,}元", f"{tens}（万元）")
        )
        page.printed(spot, text, value)


def money_bare(page: Page, chance: random.Random) -> None:
    """The amount without a unit: only the label can give it."""
    for spot, value in numbers(page, money=True):
        unit = unit_in(page.code_of(spot.code)[1].path[-1].text)
        text = format((value / 10000).normalize(), "f") if unit == "万元" else str(value)
        page.printed(spot, text, value if unit or not value else UNREADABLE)


def money_label(page: Page, chance: random.Random) -> None:
    """The label states 元 or nothing where the form has 万元, and the cell follows it."""
    for sheet in page.sheets("二"):
        for spot in sheet.spots():
            if spot.text.startswith("本年收费金额"):
                unit = chance.choice(("元", "", "亿元"))
                spot.text = f"本年收费金额（单位：{unit}）" if unit else "本年收费金额"
                for cell, value in numbers(page, money=True):
                    size = {"元": 1, "亿元": 10**8, "": 1}[unit]
                    text = format((value / size).normalize(), "f")
                    page.printed(cell, text, value if unit or not value else UNREADABLE)
                return
    raise NotHere


def sums_that_do_not_hold(page: Page, chance: random.Random) -> None:
    """Wrong sums must be read exactly as printed."""
    for spot, value in numbers(page, section=chance.choice(("三", "四"))):
        if chance.random() < 0.1:
            wrong = value + chance.choice((1, -1, 10, 9, -9, 100))
            if wrong >= 0:
                page.printed(spot, str(wrong), wrong)


def blank_totals(page: Page, chance: random.Random) -> None:
    for spot in page.spots("三"):
        if spot.code.endswith(".total"):
            page.printed(spot, "", None)


# In a PDF the narrow columns wrap full-width figures over two lines, which then may be two numbers.
FIGURES = (
    Perturbation("full_width", full_width, EVERY, EVERY - {"pdf"}),
    Perturbation("thousands", thousands, EVERY, EVERY),
    Perturbation("thousands_full_width", thousands_full_width, EVERY, EVERY - {"pdf"}),
    Perturbation("thousands_odd", thousands_odd),
    Perturbation("unit_behind", unit_behind, EVERY, EVERY),
    Perturbation("ten_thousands", ten_thousands, EVERY, EVERY),
    Perturbation("chinese_numerals", chinese_numerals),
    Perturbation("footnote_marks", footnote_marks),
    Perturbation("superscripts", superscripts),
    Perturbation("inline_tags", inline_tags, HTML, HTML),
    Perturbation("number_wrapped", number_wrapped),
    Perturbation("two_numbers", two_numbers),
    Perturbation("words", words),
    Perturbation("blanks", blanks, EVERY, HTML | {"word"}),
    Perturbation("letter_for_nought", letter_for_nought),
    Perturbation("leading_noughts", leading_noughts, EVERY, EVERY),
    Perturbation("decimals", decimals, EVERY, EVERY),
    Perturbation("signed_changes", signed_changes, EVERY, EVERY),
    Perturbation("odd_signs", odd_signs),
    Perturbation("signs_on_counts", signs_on_counts),
    Perturbation("money_in_cell", money_in_cell, EVERY, EVERY),
    Perturbation("money_bare", money_bare, EVERY, EVERY),
    Perturbation("money_label", money_label, EVERY, EVERY),
    Perturbation("sums_that_do_not_hold", sums_that_do_not_hold, EVERY, HTML),
    Perturbation("blank_totals", blank_totals, EVERY, HTML),
)
