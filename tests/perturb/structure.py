"""Damage to one table: its spans, its header, its rows and its columns. Each function says what it does to a page.

Long, because it is a list: one short function for each damage.
"""

from __future__ import annotations

import random
from decimal import Decimal

from crawler.reports.labels import normalise
from tests.perturb.page import UNREADABLE, Matrix, Page, Sheet, Spot
from tests.perturb.registry import DUMPS, EVERY, HTML, RENDERED, NotHere, Perturbation

GROUP = normalise("法人或其他组织")
INNER = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def sheet_of(page: Page, section: str) -> Sheet:
    """The section's table as the form has it. Raises NotHere where other damage took or turned it."""
    found = page.sheets(section)
    if section in page.doubled or len(found) != 1 or not found[0].value_rows() or found[0].matrix[0][0].code:
        raise NotHere
    sheet = found[0]
    if len({len(row) for row in sheet.matrix}) > 1:
        raise NotHere
    if section in "三四" and (sheet.head() > 4 or len(sheet.value_columns()) < 6):
        raise NotHere
    return sheet


def some_sheet(page: Page, chance: random.Random, sections: str = "二三四") -> Sheet:
    return sheet_of(page, chance.choice(sections))


def insert_row(matrix: Matrix, number: int, row: list[Spot]) -> None:
    """Cells that reach over this place go on over the new row."""
    if 0 < number < len(matrix):
        for place, spot in enumerate(matrix[number]):
            if place < len(matrix[number - 1]) and matrix[number - 1][place] is spot and place < len(row):
                row[place] = spot
    matrix.insert(number, row)


def forget(page: Page, spots: list[Spot]) -> None:
    for spot in spots:
        if spot.code:
            page.truth.pop(spot.code, None)


def header_rowspans_dropped(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance, "三四")
    for row in sheet.matrix[: sheet.head()]:
        for spot in row:
            spot.bare_rows = True


def label_rowspans_dropped(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    head = {id(spot) for row in sheet.matrix[: sheet.head()] for spot in row}
    for spot in sheet.spots():
        spot.bare_rows = spot.bare_rows or (not spot.code and id(spot) not in head)


def all_spans_dropped(page: Page, chance: random.Random) -> None:
    for spot in some_sheet(page, chance).spots():
        spot.bare_rows = spot.bare_columns = True


def rowspans_filled_up(page: Page, chance: random.Random) -> None:
    """Vertical merges lost on the way, as some converters lose them: short rows are filled with blanks at their end."""
    sheet = some_sheet(page, chance, "三四")
    lost = [
        len({id(spot) for spot in row} & {id(spot) for spot in above})
        for row, above in zip(sheet.matrix[1:], sheet.matrix, strict=False)
    ]
    for spot in sheet.spots():
        spot.bare_rows = True
    for row, count in zip(sheet.matrix[1:], lost, strict=True):
        row.extend(Spot("") for _ in range(count))


def one_span_dropped(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance)
    places = [spot for spot in sheet.spots() if sum(row.count(spot) for row in sheet.matrix) > 1]
    if not places:
        raise NotHere
    spot = chance.choice(places)
    spot.bare_rows = spot.bare_columns = True


def header_in_two_rows(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    if sheet.head() != 3:
        raise NotHere
    del sheet.matrix[0]


def header_in_one_row(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    if sheet.head() < 2:
        raise NotHere
    del sheet.matrix[: sheet.head() - 1]


def header_over_four_rows(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    if sheet.head() != 3:
        raise NotHere
    insert_row(sheet.matrix, 1, [Spot("") for _ in range(sheet.width)])


def group_label_missing(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    if not sheet.texts("法人或其他组织", ""):
        raise NotHere


def _leaf_rows(sheet: Sheet) -> list[int]:
    """Value rows that carry their own label and share the label of their group."""
    first = sheet.value_columns()[0] - 1
    numbers = sheet.value_rows()
    return [number for number in numbers if sheet.matrix[number].count(sheet.matrix[number][first]) == 1]


def rows_in_another_order(page: Page, chance: random.Random) -> None:
    """Rows of one group change places: the label goes with the values."""
    sheet = sheet_of(page, "三")
    groups: dict[int, list[int]] = {}
    for number in _leaf_rows(sheet):
        groups.setdefault(id(sheet.matrix[number][1]), []).append(number)
    for numbers in groups.values():
        rows = [sheet.matrix[number] for number in numbers]
        chance.shuffle(rows)
        for number, row in zip(numbers, rows, strict=True):
            sheet.matrix[number] = row


def row_missing(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance, "二三")
    number = chance.choice(sheet.value_rows())
    forget(page, sheet.matrix.pop(number))


def extra_row(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    number = chance.choice(sheet.value_rows())
    columns = sheet.value_columns()
    label = Spot(chance.choice(("（八）移送其他机关", "9.其他不予公开情形", "其中：网络申请")))
    row = [label] * columns[0] + [Spot(str(chance.randrange(50))) for _ in columns]
    insert_row(sheet.matrix, number, row)


def _insert_column(sheet: Sheet, head_at: int, rows_at: int, label: str, values: list[str], *, head_rows: int) -> None:
    """One column more: its label before column `head_at`, its values before column `rows_at`."""
    head = sheet.head()
    new = Spot(label)
    for number in range(head):
        row = sheet.matrix[number]
        spanning = 0 < head_at < len(row) and row[head_at] is row[head_at - 1]
        own = new if number >= head - head_rows else Spot("")
        row.insert(head_at, row[head_at] if spanning else own)
    numbers = iter(values)
    for row in sheet.matrix[head:]:
        row.insert(rows_at, Spot(next(numbers)))


def _sums(page: Page, sheet: Sheet, places: list[int]) -> list[str]:
    """For each row below the header the sum of these columns, as a report prints it."""
    found = []
    for row in sheet.matrix[sheet.head() :]:
        values = [page.truth.get(row[place].code) for place in places]
        numbers = [value for value in values if isinstance(value, Decimal)]
        found.append(str(sum(numbers, Decimal(0))) if len(numbers) == len(places) else "")
    return found


def _inner(page: Page, sheet: Sheet) -> list[int]:
    labels = sheet.matrix[sheet.head() - 1]
    found = [place for place, spot in enumerate(labels) if spot.text in INNER]
    if len(found) != len(INNER) or found[-1] - found[0] != len(INNER) - 1:
        raise NotHere
    return found


def subtotal_column(page: Page, chance: random.Random) -> None:
    """小计 under 法人或其他组织, first or last of the group."""
    sheet = sheet_of(page, "三")
    inner = _inner(page, sheet)
    values = _sums(page, sheet, inner)
    at = chance.choice((inner[0], inner[-1] + 1))
    group = sheet.matrix[sheet.head() - 2][inner[0]] if sheet.head() > 1 else None
    _insert_column(sheet, at, at, "小计", values, head_rows=1)
    if group is not None and normalise(group.text) == GROUP:
        sheet.matrix[sheet.head() - 2][at] = group
    if sheet.head() > 2:
        sheet.matrix[0][at] = sheet.matrix[0][inner[1]]


def subtotal_that_is_wrong(page: Page, chance: random.Random) -> None:
    subtotal_column(page, chance)
    sheet = page.sheets("三")[0]
    place = next(place for place, spot in enumerate(sheet.matrix[sheet.head() - 1]) if spot.text == "小计")
    for row in sheet.matrix[sheet.head() :]:
        if chance.random() < 0.3:
            row[place].text = str(chance.randrange(100))


def _whole_column(page: Page, chance: random.Random, label: str, values: list[str]) -> None:
    sheet = sheet_of(page, "三")
    at = chance.choice([*sheet.value_columns(), sheet.width])
    _insert_column(sheet, at, at, label, values, head_rows=2 if sheet.head() > 2 else 1)


def _figures(sheet: Sheet, chance: random.Random) -> list[str]:
    style = chance.choice(("noughts", "blanks", "numbers", "sparse"))
    texts = {"noughts": ("0",), "blanks": ("",), "numbers": tuple("1234567890"), "sparse": ("0", "0", "0", "7")}[style]
    return [chance.choice(texts) for _ in sheet.matrix]


def unknown_column(page: Page, chance: random.Random) -> None:
    label = chance.choice(("律师", "其中：外籍", "备注", "小计", "合计数", ""))
    _whole_column(page, chance, label, _figures(sheet_of(page, "三"), chance))


def uneven_column(page: Page, chance: random.Random) -> None:
    """One column more whose label stands elsewhere than its values."""
    sheet = sheet_of(page, "三")
    places = [*sheet.value_columns(), sheet.width]
    head_at, rows_at = chance.choice(places), chance.choice(places)
    label = chance.choice(("律师", "", "小计", "备注", "其他"))
    _insert_column(sheet, head_at, rows_at, label, _figures(sheet, chance), head_rows=chance.choice((1, 2, 3)))


def column_in_rows_only(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    at = chance.choice([*sheet.value_columns(), sheet.width])
    values = iter(_figures(sheet, chance))
    for row in sheet.matrix[sheet.head() :]:
        row.insert(at, Spot(next(values)))


def subtotal_in_rows_only(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    inner = _inner(page, sheet)
    values = iter(_sums(page, sheet, inner))
    for row in sheet.matrix[sheet.head() :]:
        row.insert(inner[-1] + 1, Spot(next(values)))


def column_in_header_only(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    at = chance.choice(sheet.value_columns())
    new = Spot(chance.choice(("小计", "律师", "")))
    for row in sheet.matrix[: sheet.head()]:
        row.insert(at, new)


def column_missing(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    at = chance.choice(sheet.value_columns())
    forget(page, [row[at] for row in sheet.matrix])
    for row in sheet.matrix:
        del row[at]


def column_lost_from_rows(page: Page, chance: random.Random) -> None:
    """The header keeps the label, the values are gone."""
    sheet = sheet_of(page, "三")
    at = chance.choice(sheet.value_columns())
    for row in sheet.matrix[sheet.head() :]:
        if row[at].code:
            page.truth[row[at].code] = UNREADABLE
        del row[at]


def one_cell_lost(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance)
    number = chance.choice(sheet.value_rows())
    spots = [spot for spot in sheet.matrix[number] if spot.code]
    lost = chance.choice(spots)
    page.truth[lost.code] = UNREADABLE
    sheet.matrix[number] = [spot for spot in sheet.matrix[number] if spot is not lost]


def one_cell_more(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance)
    number = chance.choice(sheet.value_rows())
    row = sheet.matrix[number]
    places = [place for place, spot in enumerate(row) if spot.code]
    row.insert(chance.choice(places), Spot(chance.choice(("", "0", "7"))))


def columns_swapped(page: Page, chance: random.Random) -> None:
    """Two applicants change places, labels and values together."""
    sheet = sheet_of(page, "三")
    one, other = chance.sample(_inner(page, sheet), 2)
    for row in sheet.matrix[sheet.head() - 1 :]:
        row[one], row[other] = row[other], row[one]


def labels_swapped(page: Page, chance: random.Random) -> None:
    """Two labels change places, the values stay: they now belong to the other label."""
    sheet = sheet_of(page, "三")
    one, other = chance.sample(_inner(page, sheet), 2)
    labels = sheet.matrix[sheet.head() - 1]
    labels[one], labels[other] = labels[other], labels[one]
    for row in sheet.matrix[sheet.head() :]:
        row[one].code, row[other].code = row[other].code, row[one].code
        first, second = row[one].code, row[other].code
        if first in page.truth and second in page.truth:
            page.truth[first], page.truth[second] = page.truth[second], page.truth[first]


def values_swapped(page: Page, chance: random.Random) -> None:
    """Two values of table three change places, as when two lines of a dump are swapped."""
    spots = [spot for spot in page.spots("三") if spot.text]
    if len(spots) < 2:
        raise NotHere
    one, other = chance.sample(spots, 2)
    one.text, other.text = other.text, one.text


def total_first(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    columns = sheet.value_columns()
    for row in sheet.matrix:
        row.insert(columns[0], row.pop(columns[-1]))
    top = sheet.matrix[0]
    if sheet.head() > 2:
        top[columns[0]] = top[columns[1]]


def spacer_column(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance, "三四")
    at = chance.choice(sheet.value_columns()[1:])
    for row in sheet.matrix:
        inside = row[at] is row[at - 1]
        row.insert(at, row[at] if inside else Spot(""))


def empty_rows(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance, "二三")
    for number in sorted(chance.sample(range(1, len(sheet.matrix)), 2), reverse=True):
        insert_row(sheet.matrix, number, [Spot("") for _ in range(sheet.width)])


def header_label_empty(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance)
    head = sheet.matrix[sheet.head() - 1]
    spot = head[chance.choice(sheet.value_columns())]
    if not spot.text:
        raise NotHere
    spot.text = ""


def merged_value_cells(page: Page, chance: random.Random) -> None:
    """One value over two rows or two columns belongs to neither cell."""
    sheet = sheet_of(page, "三")
    columns, numbers = sheet.value_columns(), sheet.value_rows()
    row, place = chance.choice(numbers[:-1]), chance.choice(columns[:-1])
    below = chance.random() < 0.5
    spot, other = sheet.matrix[row][place], sheet.matrix[row + below][place + (not below)]
    if not spot.code or not other.code:
        raise NotHere
    blank = not spot.text
    page.truth[spot.code] = page.truth[other.code] = None if blank else UNREADABLE
    sheet.matrix[row + below][place + (not below)] = spot


def totals_row_below(page: Page, chance: random.Random) -> None:
    sheet = some_sheet(page, chance, "二三")
    columns = sheet.value_columns()
    label = Spot(chance.choice(("合计", "总计", "小计", "总数")))
    new = [label] * columns[0] + [Spot(str(chance.randrange(900))) for _ in range(sheet.width - columns[0])]
    if normalise(label.text) in ("合计", "总计") and sheet.section == "三":
        for code in [code for code in page.truth if ".processed_total." in code]:
            page.truth[code] = UNREADABLE  # the label stands twice
    sheet.matrix.append(new)


def number_in_label(page: Page, chance: random.Random) -> None:
    sheet = sheet_of(page, "三")
    number = chance.choice(sheet.value_rows())
    place = sheet.value_columns()[0] - 1
    sheet.matrix[number][place].text += f"：{chance.randrange(1, 500)}"


STRUCTURE = (
    Perturbation("header_rowspans_dropped", header_rowspans_dropped, HTML),
    Perturbation("label_rowspans_dropped", label_rowspans_dropped, HTML),
    Perturbation("all_spans_dropped", all_spans_dropped, HTML),
    Perturbation("rowspans_filled_up", rowspans_filled_up, HTML, alone=True),
    Perturbation("one_span_dropped", one_span_dropped, HTML),
    Perturbation("header_in_two_rows", header_in_two_rows, EVERY, EVERY),
    Perturbation("header_in_one_row", header_in_one_row, EVERY, EVERY),
    Perturbation("header_over_four_rows", header_over_four_rows, HTML | DUMPS, HTML),
    Perturbation("group_label_missing", group_label_missing, EVERY, HTML),
    Perturbation("rows_in_another_order", rows_in_another_order, EVERY, EVERY),
    Perturbation("row_missing", row_missing, EVERY, EVERY),
    Perturbation("extra_row", extra_row, EVERY, EVERY),
    Perturbation("subtotal_column", subtotal_column, EVERY, EVERY),
    Perturbation("subtotal_that_is_wrong", subtotal_that_is_wrong, EVERY),
    Perturbation("unknown_column", unknown_column, EVERY),
    Perturbation("uneven_column", uneven_column, HTML | DUMPS),
    Perturbation("column_in_rows_only", column_in_rows_only, HTML | DUMPS),
    Perturbation("subtotal_in_rows_only", subtotal_in_rows_only, HTML | DUMPS),
    Perturbation("column_in_header_only", column_in_header_only, HTML | DUMPS),
    Perturbation("column_missing", column_missing, EVERY, HTML),
    Perturbation("column_lost_from_rows", column_lost_from_rows, HTML | DUMPS),
    Perturbation("one_cell_lost", one_cell_lost, HTML | DUMPS),
    Perturbation("one_cell_more", one_cell_more, HTML | DUMPS),
    Perturbation("columns_swapped", columns_swapped, EVERY, EVERY),
    Perturbation("labels_swapped", labels_swapped, EVERY, HTML | RENDERED),
    Perturbation("values_swapped", values_swapped, DUMPS, alone=True),
    Perturbation("total_first", total_first, EVERY, EVERY),
    Perturbation("spacer_column", spacer_column, EVERY, HTML),
    Perturbation("empty_rows", empty_rows, HTML | DUMPS, HTML),
    Perturbation("header_label_empty", header_label_empty, EVERY),
    Perturbation("merged_value_cells", merged_value_cells, HTML | RENDERED),
    Perturbation("totals_row_below", totals_row_below, EVERY),
    Perturbation("number_in_label", number_in_label, EVERY),
)
