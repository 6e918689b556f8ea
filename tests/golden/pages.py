"""The golden reports and the statutory forms as HTML, for the reader's tests and for the simulated portals.

Made mechanically: from the Document of a text dump, or from a template and given values. Touches the golden
files only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import TypedDict

from crawler import formats
from crawler.model import Paragraph, Table
from crawler.reports import templates
from crawler.reports.labels import normalise, unit_in
from crawler.reports.templates import Block, Label, Row, Template

FOLDER = Path(__file__).parent


class Seed(TypedDict):
    agency: str
    year: int
    title: str
    signed_on: dt.date | None
    template: str


SEEDS: dict[str, Seed] = {
    "liaocheng-2020": {
        "agency": "聊城市行政审批服务局",
        "year": 2020,
        "title": "聊城市行政审批服务局2020年度政府信息公开工作年度报告",
        "signed_on": dt.date(2021, 1, 26),
        "template": "2019",
    },
    "zibo-2023": {
        "agency": "淄博市行政审批服务局",
        "year": 2023,
        "title": "淄博市行政审批服务局2023年政府信息公开工作年度报告",
        "signed_on": None,
        "template": "2021",
    },
    "zhifu-2020": {
        "agency": "芝罘区行政审批服务局",
        "year": 2020,
        "title": "芝罘区行政审批服务局2020年政府信息公开工作年度报告",
        "signed_on": dt.date(2021, 1, 28),
        "template": "2019",
    },
    "liaocheng-2017": {
        "agency": "聊城市政务服务中心管理办公室",
        "year": 2017,
        "title": "聊城市政务服务中心管理办公室2017年度政府信息公开工作年度报告",
        "signed_on": dt.date(2018, 1, 19),
        "template": "2008",
    },
    "langao-2021": {
        "agency": "岚皋县行政审批服务局",
        "year": 2021,
        "title": "岚皋县行政审批服务局2021年政府信息公开工作年度报告",
        "signed_on": None,
        "template": "2021",
    },
}

_WIDTH = 4  # columns of table two
_TITLES = {
    "二": "二、主动公开政府信息情况",
    "三": "三、收到和处理政府信息公开申请情况",
    "四": "四、政府信息公开行政复议、行政诉讼情况",
}
_CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def report_html(case: str) -> str:
    """The body of a golden report: everything below its title. Spans stand where the form has them."""
    seed = SEEDS[case]
    template = templates.load()[seed["template"]]
    document = formats.read((FOLDER / f"{case}.txt").read_bytes())
    title_lines = {normalise(seed["agency"]), normalise(seed["title"])}
    title_lines.add(normalise(seed["title"].removeprefix(seed["agency"])))
    parts: list[str] = []
    in_title = True
    for block in document.blocks:
        in_title = in_title and isinstance(block, Paragraph) and normalise(block.text) in title_lines
        if isinstance(block, Table):
            parts.append(_restored(block, template))
        elif not in_title:
            parts.append(f"<p>{escape(block.text)}</p>")
    return "\n".join(parts)


def form_html(template: str, values: Mapping[str, str | Decimal | int]) -> str:
    """The statutory tables of a form, filled from `values` (code → value); other cells stay empty.

    Decimal and int are in the units of config/indicators.csv (money in yuan) and are printed in the unit that
    the column states; a str is printed as it is.
    """
    form = templates.load()[template]
    parts: list[str] = []
    for section in dict.fromkeys(block.section for block in form.blocks):
        blocks = [block for block in form.blocks if block.section == section]
        parts.append(f"<p>{_TITLES[section]}</p>")
        if section == "二":
            parts.append(_table(_two(block, values) for block in blocks))
        elif section == "三":
            body = [
                (row, [_printed(blocks[0], row, number, values) for number in range(len(blocks[0].columns))])
                for row in blocks[0].rows
            ]
            parts.append(_three(blocks[0], body, {}, {}))
        else:
            line = [
                _printed(blocks[0], row, number, values)
                for row in blocks[0].rows
                for number in range(len(blocks[0].columns))
            ]
            parts.append(_four(blocks[0], line))
    return "\n".join(parts)


def _printed(block: Block, row: Row, number: int, values: Mapping[str, str | Decimal | int]) -> str:
    column = block.columns[number]
    value = values.get(block.code(row, column))
    if value is None or isinstance(value, str):
        return value or ""
    if column.unit != "元":
        return str(value)
    if unit_in(column.path[-1].text) == "万元":
        return format((Decimal(value) / 10000).normalize(), "f")
    return f"{value}元"


def _restored(table: Table, template: Template) -> str:
    """A dump's table with the spans of the form. What the dump lost stays lost."""
    rows = [[cell.text for cell in row] for row in table.rows]
    names = {normalise(text) for row in rows for text in row}
    section = "二" if normalise("信息内容") in names else "三" if normalise("科研机构") in names else "四"
    block = next(block for block in template.blocks if block.section == section)
    if section == "二":
        return _restored_two(rows)
    if section == "三":
        by_name = {name: row for row in block.rows for name in row.path[-1].names}
        parents = {name for row in block.rows for label in row.path[:-1] for name in label.names}
        body: list[tuple[Row, list[str]]] = []
        head: dict[str, str] = {}
        side: dict[str, str] = {}
        for texts in rows:
            labels = [place for place, text in enumerate(texts) if normalise(text) in by_name.keys() | parents]
            leaf = by_name.get(normalise(texts[labels[-1]])) if labels else None
            if leaf is not None and (body or leaf is block.rows[0]):
                body.append((leaf, texts[labels[-1] + 1 :]))
                side.update((normalise(texts[place]), texts[place]) for place in labels)
            elif not body:
                head.update((normalise(text), text) for text in texts)
        if any(len(values) > len(block.columns) for _, values in body):  # padded by the PDF's extraction
            body = [(leaf, _trimmed(values)) for leaf, values in body]
        return _three(block, body, head, side)
    return _four(block, rows[-1])


def _restored_two(rows: list[list[str]]) -> str:
    lines: list[str] = []
    columns = _WIDTH
    for texts in rows:
        if len(_trimmed(texts)) == 1:
            columns = 1
        elif normalise(texts[0]) == normalise("信息内容"):
            columns = len(_trimmed(texts))
        kept = texts[:columns]
        lines.append(_row([*((text, 1, 1) for text in kept[:-1]), (kept[-1], 1, _WIDTH - columns + 1)]))
    return _table([lines])


def _trimmed(texts: Sequence[str]) -> list[str]:
    filled = [place for place, text in enumerate(texts) if text]
    return list(texts[filled[0] : filled[-1] + 1]) if filled else []


def _two(block: Block, values: Mapping[str, str | Decimal | int]) -> list[str]:
    assert block.label is not None
    last = _WIDTH - len(block.columns)
    spans = [1] * (len(block.columns) - 1) + [last]
    lines = [_row([(block.label.text, 1, _WIDTH)])]
    head = [(column.path[-1].text, 1, span) for column, span in zip(block.columns, spans, strict=True)]
    lines.append(_row([("信息内容", 1, 1), *head]))
    for row in block.rows:
        cells = [(_printed(block, row, number, values), 1, span) for number, span in enumerate(spans)]
        lines.append(_row([(row.path[-1].text, 1, 1), *cells]))
    return lines


def _three(
    block: Block, body: Sequence[tuple[Row, Sequence[str]]], head: Mapping[str, str], side: Mapping[str, str]
) -> str:
    """`head` and `side`: the labels above and beside the values as a dump prints them, by compared form."""
    first, last = block.columns[0].path[0], block.columns[-1].path[0]
    inner = [column for column in block.columns if len(column.path) == 2]
    corner = head.get(normalise(_CORNER), _CORNER)
    lines = [
        _row([(corner, 3, 3), ("申请人情况", 1, len(block.columns))]),
        _row(
            [
                (_as_printed(first, head), 2, 1),
                (_as_printed(inner[0].path[0], head), 1, len(inner)),
                (_as_printed(last, head), 2, 1),
            ]
        ),
        _row([(_as_printed(column.path[-1], head), 1, 1) for column in inner]),
    ]
    depth = max(len(row.path) for row in block.rows)
    open_path: tuple[str, ...] = ()
    for row, values in body:
        path = tuple(label.name for label in row.path)
        cells: list[tuple[str, int, int]] = []
        for level, label in enumerate(row.path):
            prefix = path[: level + 1]
            if open_path[: level + 1] == prefix:
                continue
            height = sum(tuple(other.name for other in leaf.path[: level + 1]) == prefix for leaf, _ in body)
            width = depth - level if level == len(path) - 1 else 1
            cells.append((_as_printed(label, side), height, width))
        open_path = path
        lines.append(_row([*cells, *((value, 1, 1) for value in values)]))
    return _table([lines])


def _four(block: Block, line: Sequence[str]) -> str:
    width = len(block.columns)
    review, *suits = block.rows
    outcomes = [column.path[-1].text for column in block.columns]
    lines = [
        _row([(review.path[0].text, 1, width), (suits[0].path[0].text, 1, width * len(suits))]),
        _row([*((text, 2, 1) for text in outcomes), *((row.path[-1].text, 1, width) for row in suits)]),
        _row([(text, 1, 1) for _ in suits for text in outcomes]),
        _row([(text, 1, 1) for text in line]),
    ]
    return _table([lines])


def _as_printed(label: Label, printed: Mapping[str, str]) -> str:
    return next((printed[name] for name in sorted(label.names) if name in printed), label.text)


def _row(cells: Iterable[tuple[str, int, int]]) -> str:
    parts: list[str] = []
    for text, rows, columns in cells:
        spans = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")
        parts.append(f"<td{spans}>{'<br>'.join(escape(line) for line in text.splitlines())}</td>")
    return f"<tr>{''.join(parts)}</tr>"


def _table(groups: Iterable[Iterable[str]]) -> str:
    return "\n".join(["<table>", *(line for group in groups for line in group), "</table>"])
