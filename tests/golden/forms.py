"""The statutory forms as grids of squares with spans, and invented reports filled in from known values.

Every renderer (HTML, DOCX, PDF …) draws the same blocks, so that one expectation holds for all formats. Touches
nothing but the templates. All agencies and numbers are invented and say so (示例).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crawler.reports import templates
from crawler.reports.labels import normalise, unit_in
from crawler.reports.templates import Block, Column, Label, Row, Template

Value = str | Decimal | int | None

TWO_WIDTH = 4  # columns of table two
TITLES = {
    "一": "一、总体情况",
    "二": "二、主动公开政府信息情况",
    "三": "三、收到和处理政府信息公开申请情况",
    "四": "四、政府信息公开行政复议、行政诉讼情况",
    "五": "五、存在的主要问题及改进情况",
    "六": "六、其他需要报告的事项",
    "附": "附件：政府信息公开情况统计表",
}
# Lines of the annex whose parts add up in an invented report; the form itself asks it of three of them only.
ANNEX_SUMS: Mapping[str, tuple[str, ...]] = {
    "requests.received": ("in_person", "fax", "online", "letter"),
    "requests.completed": ("on_time", "extended"),
    "requests.answered": (
        "already_public",
        "granted",
        "partly_granted",
        "refused",
        "not_this_agency",
        "not_existing",
        "needs_correction",
        "other_way",
    ),
    "review": ("upheld", "corrected", "other"),
    "litigation": ("upheld", "corrected", "other"),
    "resources.staff": ("full_time", "part_time"),
}
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(frozen=True, slots=True)
class Square:
    """One cell as an editor makes it: its text (lines joined by newlines) and its span."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as HTML states it: each row holds the squares that begin in it."""

    rows: tuple[tuple[Square, ...], ...]

    def places(self) -> list[tuple[int, int, Square]]:
        """(row, column, square) of every square, counted from 0, where the spans of the others leave it."""
        taken: set[tuple[int, int]] = set()
        found: list[tuple[int, int, Square]] = []
        for row, squares in enumerate(self.rows):
            column = 0
            for square in squares:
                while (row, column) in taken:
                    column += 1
                found.append((row, column, square))
                taken |= {
                    (row + down, column + right) for down in range(square.rows) for right in range(square.columns)
                }
                column += square.columns
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `heading` for the title and the six section titles."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class InventedReport:
    """What a report says (`values`: code → number in the codebook's unit, None for a blank) and how it is laid out."""

    template: str
    year: int
    agency: str
    title: str
    signed_on: dt.date
    values: Mapping[str, Decimal | None]
    blocks: tuple[Line | Grid, ...]


def grids(template: Template, values: Mapping[str, Value]) -> list[Line | Grid]:
    """The form's tables with their titles. Values that are missing or None print as empty cells."""
    found: list[Line | Grid] = []
    for section in dict.fromkeys(block.section for block in template.blocks):
        blocks = [block for block in template.blocks if block.section == section]
        found += [Line(TITLES[section], heading=True), section_grid(blocks, values)]
    return found


def section_grid(blocks: Sequence[Block], values: Mapping[str, Value]) -> Grid:
    if blocks[0].section == "二":
        return Grid(tuple(row for block in blocks for row in two(block, values)))
    block = blocks[0]
    if block.layout == "tree":
        return Grid(tuple(annex(block, values)))
    if block.layout == "line":
        return Grid(tuple(four(block, [printed(block, row, column, values) for row, column in line_cells(block)])))
    body = [(row, [printed(block, row, column, values) for column in block.columns]) for row in block.rows]
    return Grid(tuple(three(block, body)))


def line_cells(block: Block) -> list[tuple[Row, Column]]:
    return [(row, column) for row in block.rows for column in block.columns]


def printed(block: Block, row: Row, column: Column, values: Mapping[str, Value]) -> str:
    """Decimal and int are in the codebook's unit and print in the unit that the column states; str as it is."""
    value = values.get(block.code(row, column))
    if value is None or isinstance(value, str):
        return value or ""
    if (row.unit or column.unit) != "元":
        return str(value)
    if block.layout == "tree" or unit_in(column.path[-1].text) == "万元":
        return format((Decimal(value) / 10000).normalize(), "f")
    return f"{value}元"


def two(block: Block, values: Mapping[str, Value]) -> list[tuple[Square, ...]]:
    assert block.label is not None
    last = TWO_WIDTH - len(block.columns)
    spans = [1] * (len(block.columns) - 1) + [last]
    head = [Square(column.path[-1].text, 1, span) for column, span in zip(block.columns, spans, strict=True)]
    rows = [(Square(block.label.text, 1, TWO_WIDTH),), (Square("信息内容"), *head)]
    for row in block.rows:
        cells = [
            Square(printed(block, row, column, values), 1, span)
            for column, span in zip(block.columns, spans, strict=True)
        ]
        rows.append((Square(row.path[-1].text), *cells))
    return rows


def three(
    block: Block,
    body: Sequence[tuple[Row, Sequence[str]]],
    head: Mapping[str, str] | None = None,
    side: Mapping[str, str] | None = None,
) -> list[tuple[Square, ...]]:
    """`head` and `side`: the labels above and beside the values as a document prints them, by compared form."""
    head, side = head or {}, side or {}
    first, last = block.columns[0].path[0], block.columns[-1].path[0]
    inner = [column for column in block.columns if len(column.path) == 2]
    rows: list[tuple[Square, ...]] = [
        (Square(head.get(normalise(CORNER), CORNER), 3, 3), Square("申请人情况", 1, len(block.columns))),
        (
            Square(_as_printed(first, head), 2, 1),
            Square(_as_printed(inner[0].path[0], head), 1, len(inner)),
            Square(_as_printed(last, head), 2, 1),
        ),
        tuple(Square(_as_printed(column.path[-1], head)) for column in inner),
    ]
    depth = max(len(row.path) for row in block.rows)
    open_path: tuple[str, ...] = ()
    for row, values in body:
        path = tuple(label.name for label in row.path)
        labels: list[Square] = []
        for level, label in enumerate(row.path):
            prefix = path[: level + 1]
            if open_path[: level + 1] == prefix:
                continue
            height = sum(tuple(other.name for other in leaf.path[: level + 1]) == prefix for leaf, _ in body)
            labels.append(Square(_as_printed(label, side), height, depth - level if level == len(path) - 1 else 1))
        open_path = path
        rows.append((*labels, *(Square(value) for value in values)))
    return rows


def four(block: Block, line: Sequence[str]) -> list[tuple[Square, ...]]:
    width = len(block.columns)
    review, *suits = block.rows
    outcomes = [column.path[-1].text for column in block.columns]
    return [
        (Square(review.path[0].text, 1, width), Square(suits[0].path[0].text, 1, width * len(suits))),
        (*(Square(text, 2, 1) for text in outcomes), *(Square(row.path[-1].text, 1, width) for row in suits)),
        tuple(Square(text) for _ in suits for text in outcomes),
        tuple(Square(text) for text in line),
    ]


def annex(block: Block, values: Mapping[str, Value]) -> list[tuple[Square, ...]]:
    """One line an indicator, its parts indented; the headings have no unit."""
    rows: list[tuple[Square, ...]] = [(Square("统计指标"), Square("单位"), Square("统计数"))]
    open_path: tuple[str, ...] = ()
    for row in block.rows:
        path = tuple(label.name for label in row.path)
        for level, label in enumerate(row.path[:-1]):
            if open_path[: level + 1] != path[: level + 1]:
                rows.append((Square("　" * level + label.text), Square("——"), Square("")))
        open_path = path
        unit = "万元" if row.unit == "元" else row.unit
        text = "　" * (len(path) - 1) + row.path[-1].text
        rows.append((Square(text), Square(unit), Square(printed(block, row, block.columns[0], values))))
    rows.append((Square("单位负责人：示例甲　　审核人：示例乙　　填报人：示例丙", 1, 3),))
    return rows


def invented(template: str, seed: int = 0) -> InventedReport:
    """A report of an invented agency, the same for the same arguments: its sums hold, some cells are blank."""
    chance = random.Random(f"{template}-{seed}")
    form = templates.load()[template]
    year = int(template) + 1
    agency = f"示例市第{'一二三四五六七八九十'[seed % 10]}行政服务局"
    title = f"{agency}{year}年政府信息公开工作年度报告"
    signed_on = dt.date(year + 1, 1, 10 + seed % 15)
    values = _values(form, chance)
    received = values.get("annex.requests.received" if form.is_annex else "requests.received.total")
    overall = f"{year}年，示例单位按照《中华人民共和国政府信息公开条例》要求开展工作，机关和数字均为虚构。"
    if received is not None:
        overall += f"全年共收到政府信息公开申请{received}件。"
    blocks: list[Line | Grid] = [
        Line(title, heading=True),
        Line(f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"),
        Line(TITLES["一"], heading=True),
        Line(overall),
        *([] if form.is_annex else grids(form, values)),
        Line(TITLES["五"], heading=True),
        Line("公开内容的及时性仍需提高，下一步将加强培训和检查。"),
        Line(TITLES["六"], heading=True),
        Line("没有其他需要报告的事项。"),
        Line(agency),
        Line(f"{signed_on.year}年{signed_on.month}月{signed_on.day}日"),
        *(grids(form, values) if form.is_annex else []),
    ]
    return InventedReport(template, year, agency, title, signed_on, values, tuple(blocks))


def _values(form: Template, chance: random.Random) -> dict[str, Decimal | None]:
    """Every cell of the form: small and large numbers, blanks where no sum needs the cell."""
    values: dict[str, Decimal | None] = {}
    for block in form.blocks:
        for row in block.rows:
            for column in block.columns:
                values[block.code(row, column)] = _free_value(row.unit or column.unit, column.signed, chance)
    for block in form.blocks:
        columns = {column.code: column for column in block.columns}
        for row in block.rows if block.section in ("三", "四") else ():
            for column in block.columns:
                values[block.code(row, column)] = Decimal(_count(chance))
        if block.section == "三":
            _balance(form, block, values)
        for identity in form.identities:
            if identity.per == "row" and identity.section == block.section:
                for row in block.rows:
                    parts = [values[block.code(row, columns[code])] or Decimal(0) for code in identity.left]
                    values[block.code(row, columns[identity.right[0]])] = sum(parts, Decimal(0))
        for total, names in ANNEX_SUMS.items() if form.is_annex else ():
            counts = {f"annex.{total}.{part}": Decimal(_count(chance)) for part in names}
            values.update(counts)
            values[f"annex.{total}" if f"annex.{total}" in values else f"annex.{total}.total"] = sum(
                counts.values(), Decimal(0)
            )
    return values


def _balance(form: Template, block: Block, values: dict[str, Decimal | None]) -> None:
    """In every column of table three: the outcomes make the total, and what came in is what went out."""
    outcomes = next(identity for identity in form.identities if identity.id == "requests.outcomes")
    rows = {row.code: row for row in block.rows}
    for column in block.columns:

        def cell(code: str, column: Column = column) -> str:
            return block.code(rows[code], column)

        processed = sum((values[cell(code)] or Decimal(0) for code in outcomes.left), Decimal(0))
        values[cell("processed_total")] = processed
        out = values[cell("carried_out")] or Decimal(0)
        carried_in = min(values[cell("carried_in")] or Decimal(0), processed + out)
        values[cell("carried_in")] = carried_in
        values[cell("received")] = processed + out - carried_in


def _free_value(unit: str, signed: bool, chance: random.Random) -> Decimal | None:
    if chance.random() < 0.2:
        return None
    if unit == "元":
        return Decimal(chance.randrange(0, 90_000_000)) * chance.choice((Decimal(1), Decimal(100)))
    value = Decimal(_count(chance))
    return -value if signed and chance.random() < 0.3 else value


def _count(chance: random.Random) -> int:
    return chance.choice((0, 0, 0, chance.randrange(1, 10), chance.randrange(10, 100), chance.randrange(100, 20_000)))


def _as_printed(label: Label, printed_labels: Mapping[str, str]) -> str:
    return next((printed_labels[name] for name in sorted(label.names) if name in printed_labels), label.text)
