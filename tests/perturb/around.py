"""Damage to the page around the tables: split, nested, turned, doubled, beside others. Each function says what it does."""

from __future__ import annotations

import random
from copy import deepcopy
from decimal import Decimal

from tests.golden.forms import Line
from tests.perturb.page import UNREADABLE, Page, Sheet, Spot, fresh
from tests.perturb.registry import DUMPS, EVERY, HTML, NotHere, Perturbation
from tests.perturb.structure import sheet_of, some_sheet

LAYOUT = "<table width='100%'><tr><td>{}</td></tr></table>"
NAVIGATION = [["首页", "政务公开", "行政许可", "行政处罚"], ["规章", "规范性文件", "行政强制", "总计"]]
INDEX = [["索引号", "000014349/2022-00001", "主题分类", "其他"], ["发布机构", "示例市政府", "成文日期", "2022年1月5日"]]


def _plain(rows: list[list[str]]) -> Sheet:
    return Sheet("", [[Spot(text) for text in row] for row in rows])


def _halves(sheet: Sheet, chance: random.Random, *, header: bool) -> list[Sheet]:
    """Cut between two rows of values. The labels of groups that reach over the cut stand in both halves."""
    numbers = sheet.value_rows()
    head = sheet.head()
    cut = chance.choice([number for number in numbers[1:] if number > head])
    top, rest = sheet.matrix[:cut], sheet.matrix[cut:]
    again = chance.random() < 0.5
    copies: dict[int, Spot] = {}
    below = []
    for row in rest:
        line = []
        for spot in row:
            if any(spot in above for above in top):
                spot = copies.setdefault(id(spot), Spot(spot.text if again else "", spot.code))
            line.append(spot)
        below.append(line)
    repeated = deepcopy(sheet.matrix[:head]) if header else []
    return [Sheet(sheet.section, top), Sheet(sheet.section, repeated + below)]


def _split(page: Page, chance: random.Random, *, header: bool, between: Line) -> None:
    sheet = sheet_of(page, "三")
    halves = _halves(sheet, chance, header=header)
    at = page.blocks.index(sheet)
    page.blocks[at : at + 1] = [halves[0], between, halves[1]]


def split_with_header(page: Page, chance: random.Random) -> None:
    line = Line(chance.choice(("- 3 -", "第 4 页 共 7 页", "续表", "（续上表）")))
    _split(page, chance, header=True, between=line)


def split_without_header(page: Page, chance: random.Random) -> None:
    _split(page, chance, header=False, between=Line(chance.choice(("- 3 -", "续表", "—4—"))))


def header_repeated_inside(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    halves = _halves(sheet, chance, header=True)
    sheet.matrix = halves[0].matrix + halves[1].matrix


def header_half_repeated(page: Page, chance: random.Random) -> None:
    """Below the cut stands a header of less columns: it is no longer known what stands where."""
    sheet = sheet_of(page, "三")
    halves = _halves(sheet, chance, header=True)
    lost = chance.choice(halves[1].value_columns())
    for row in halves[1].matrix[: halves[1].head()]:
        del row[lost]
    at = page.blocks.index(sheet)
    page.blocks[at : at + 1] = [halves[0], Line("续表"), halves[1]]


def nested(page: Page, chance: random.Random) -> None:
    """Inside one to three layout tables."""
    for sheet in page.sheets():
        sheet.wraps += [LAYOUT] * chance.randrange(1, 4)


def one_outer_table(page: Page, chance: random.Random) -> None:
    page.one_table = True


def turned(page: Page, section: str) -> None:
    sheet = sheet_of(page, section)
    sheet.matrix = [list(line) for line in zip(*sheet.matrix, strict=True)]


def turned_three(page: Page, chance: random.Random) -> None:
    """The applicants as rows."""
    turned(page, "三")


def turned_four(page: Page, chance: random.Random) -> None:
    """The values downwards."""
    turned(page, "四")


def turned_two(page: Page, chance: random.Random) -> None:
    """Each part of table two with its columns as rows, as tables of their own or below each other."""
    sheet = sheet_of(page, "二")
    parts: list[list[list[Spot]]] = []
    for row in sheet.matrix:
        if len(set(map(id, row))) == 1:
            parts.append([])
        if not parts:
            raise NotHere
        parts[-1].append(row)
    if len(parts) < 4 or any(len(part) < 3 for part in parts):
        raise NotHere
    tables = []
    for part in parts:
        columns = [list(line) for line in zip(*part[1:], strict=True)]
        once = [
            column for number, column in enumerate(columns) if number == 0 or column[0] is not columns[number - 1][0]
        ]
        tables.append([[part[0][0]] * len(once[0]), *once])
    if chance.random() < 0.5:
        found = [Sheet("二", table) for table in tables]
    else:
        width = max(len(table[0]) for table in tables)
        found = [Sheet("二", [row + [Spot("") for _ in range(width - len(row))] for table in tables for row in table])]
    at = page.blocks.index(sheet)
    page.blocks[at : at + 1] = found


def _other(page: Page, chance: random.Random) -> Page:
    return fresh(page.template.template, chance.randrange(1000, 9999))


def _foreign(sheet: Sheet) -> Sheet:
    """A table that is not the report's: later damage leaves it alone."""
    sheet.section = ""
    for spot in sheet.spots():
        spot.code = ""
    return sheet


def hidden_old(page: Page, chance: random.Random) -> None:
    """Old tables in a comment or hidden by a style beside the right ones."""
    wrap = chance.choice(("<!-- {} -->", "<div style='display: none'>{}</div>", "<div hidden>{}</div>"))
    for sheet in page.sheets():
        for old in _other(page, chance).sheets(sheet.section)[:1]:
            old.seen, old.wraps = False, [wrap]
            page.blocks.insert(page.blocks.index(sheet) + chance.randrange(2), old)


def _unsure(page: Page, sheet: Sheet, other: Page) -> None:
    """Cells that two tables print with different values: nobody can say which counts."""
    for spot in sheet.spots():
        if spot.code and page.truth.get(spot.code, UNREADABLE) != other.truth.get(spot.code):
            page.truth[spot.code] = UNREADABLE


def last_year_beside(page: Page, chance: random.Random) -> None:
    """The same table with the figures of the year before, plainly named, after or before the right one."""
    sheet = some_sheet(page, chance)
    other = _other(page, chance)
    page.doubled.add(sheet.section)
    old = _foreign(other.sheets(sheet.section)[0])
    named = Line(
        chance.choice(("上年数据", f"{page.year - 1}年数据", "附：上一年度统计表", f"（{page.year - 1}年度）"))
    )
    at = page.blocks.index(sheet)
    if chance.random() < 0.5:
        page.blocks[at + 1 : at + 1] = [named, old]
    else:
        page.blocks[at:at] = [named, old, Line(f"{page.year}年数据")]


def only_last_year(page: Page, chance: random.Random) -> None:
    """In the place of a table stands that of the year before: nothing may be read from it."""
    sheet = some_sheet(page, chance)
    old = _foreign(_other(page, chance).sheets(sheet.section)[0])
    at = page.blocks.index(sheet)
    page.blocks[at : at + 1] = [Line(chance.choice(("上年数据", f"{page.year - 1}年数据：", "（上一年度）"))), old]
    for code in page.codes(sheet.section):
        page.truth.pop(code, None)


def unnamed_beside(page: Page, chance: random.Random) -> None:
    """A second table without any name: which of the two counts is not known."""
    sheet = some_sheet(page, chance)
    other = _other(page, chance)
    _unsure(page, sheet, other)
    page.doubled.add(sheet.section)
    page.blocks.insert(page.blocks.index(sheet) + chance.randrange(2), _foreign(other.sheets(sheet.section)[0]))


def same_twice(page: Page, chance: random.Random) -> None:
    """A table printed twice with the same figures."""
    sheet = some_sheet(page, chance)
    page.doubled.add(sheet.section)
    page.blocks.insert(page.blocks.index(sheet) + 1, _foreign(deepcopy(sheet)))


def twice_with_one_difference(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance)
    again = deepcopy(sheet)
    spot = chance.choice([spot for spot in again.spots() if spot.code])
    value = page.truth.get(spot.code)
    spot.text = str((value if isinstance(value, Decimal) else Decimal(0)) + 5)
    page.truth[spot.code] = UNREADABLE
    page.doubled.add(sheet.section)
    page.blocks.insert(page.blocks.index(sheet) + 1, _foreign(again))


def two_reports(page: Page, chance: random.Random) -> None:
    """A second office's whole report below the first one."""
    other = _other(page, chance)
    if other.agency == page.agency:
        raise NotHere
    for sheet in other.sheets():
        _foreign(sheet)
    page.blocks += other.blocks


def two_offices_in_one(page: Page, chance: random.Random) -> None:
    """Each table twice, with the office's name as the line above it."""
    other = _other(page, chance)
    if other.agency == page.agency:
        raise NotHere
    if page.doubled or len({sheet.section for sheet in page.sheets()}) < len(page.sheets()):
        raise NotHere
    for sheet in page.sheets():
        rival = _foreign(other.sheets(sheet.section)[0])
        page.doubled.add(sheet.section)
        at = page.blocks.index(sheet)
        page.blocks[at : at + 1] = [Line(page.agency), sheet, Line(other.agency), rival]


def navigation_and_index(page: Page, chance: random.Random) -> None:
    page.blocks.insert(0, _plain(NAVIGATION))
    page.blocks.insert(1, _plain(INDEX))
    page.blocks.append(_plain(NAVIGATION))


def lying_charset(page: Page, chance: random.Random) -> None:
    page.charset, page.claims = chance.choice((("gb18030", "utf-8"), ("utf-8", "gb2312"), ("gb18030", "iso-8859-1")))


def another_year(page: Page, chance: random.Random) -> None:
    """The form of one year filled in for another."""
    year = page.year
    page.year = chance.choice([2020, 2021, 2022, 2023, 2024])
    page.title = page.title.replace(str(year), str(page.year))
    page.blocks = [
        Line(block.text.replace(str(year), str(page.year)), block.heading) if isinstance(block, Line) else block
        for block in page.blocks
    ]


def table_missing(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance)
    page.blocks.remove(sheet)
    for code in page.codes(sheet.section):
        page.truth.pop(code, None)


def table_as_text(page: Page, chance: random.Random) -> None:
    """A table whose cells became paragraphs: nothing can be read from it."""
    sheet = some_sheet(page, chance, "三四")
    at = page.blocks.index(sheet)
    page.blocks[at : at + 1] = [Line(spot.text) for spot in sheet.spots() if spot.text]
    for spot in sheet.spots():
        if spot.code:
            page.truth[spot.code] = UNREADABLE


AROUND = (
    Perturbation("split_with_header", split_with_header, HTML | DUMPS | {"docx"}, HTML | DUMPS),
    Perturbation("split_without_header", split_without_header, HTML | DUMPS | {"docx"}),
    Perturbation("header_repeated_inside", header_repeated_inside, EVERY, HTML | DUMPS),
    Perturbation("header_half_repeated", header_half_repeated, HTML | DUMPS),
    Perturbation("nested", nested, HTML, HTML),
    Perturbation("one_outer_table", one_outer_table, HTML, HTML),
    Perturbation("turned_three", turned_three, EVERY, HTML),
    Perturbation("turned_four", turned_four, EVERY, HTML),
    Perturbation("turned_two", turned_two, EVERY, HTML),
    Perturbation("hidden_old", hidden_old, HTML, HTML),
    Perturbation("last_year_beside", last_year_beside),
    Perturbation("only_last_year", only_last_year),
    Perturbation("unnamed_beside", unnamed_beside),
    Perturbation("same_twice", same_twice, EVERY, HTML | {"word"}),
    Perturbation("twice_with_one_difference", twice_with_one_difference),
    Perturbation("two_reports", two_reports, EVERY, HTML | DUMPS),
    Perturbation("two_offices_in_one", two_offices_in_one),
    Perturbation("navigation_and_index", navigation_and_index, HTML | DUMPS, HTML | DUMPS),
    Perturbation("lying_charset", lying_charset, HTML, HTML),
    Perturbation("another_year", another_year, EVERY, HTML | DUMPS),
    Perturbation("table_missing", table_missing, EVERY, EVERY),
    Perturbation("table_as_text", table_as_text, HTML),
)
