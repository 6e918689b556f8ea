"""The golden reports and the statutory forms as HTML, for the reader's tests and for the simulated portals.

Made mechanically: from the Document of a text dump, or from a template and given values. Touches the golden
files only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TypedDict

from crawler import formats
from crawler.model import Paragraph, Table
from crawler.reports import templates
from crawler.reports.labels import normalise
from crawler.reports.templates import Row, Template
from tests.golden import forms
from tests.golden.forms import Grid, Line, Square

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


def form_html(template: str, values: Mapping[str, forms.Value]) -> str:
    """The statutory tables of a form, filled from `values` (code → value); other cells stay empty.

    Decimal and int are in the units of config/indicators.csv (money in yuan) and are printed in the unit that
    the column states; a str is printed as it is.
    """
    return "\n".join(block_html(block) for block in forms.grids(templates.load()[template], values))


def block_html(block: Line | Grid) -> str:
    if isinstance(block, Line):
        return f"<p>{escape(block.text)}</p>"
    return "\n".join(["<table>", *(_row(row) for row in block.rows), "</table>"])


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
        return block_html(Grid(tuple(forms.three(block, body, head, side))))
    return block_html(Grid(tuple(forms.four(block, rows[-1]))))


def _restored_two(rows: list[list[str]]) -> str:
    lines: list[tuple[Square, ...]] = []
    columns = forms.TWO_WIDTH
    for texts in rows:
        if len(_trimmed(texts)) == 1:
            columns = 1
        elif normalise(texts[0]) == normalise("信息内容"):
            columns = len(_trimmed(texts))
        kept = texts[:columns]
        last = Square(kept[-1], 1, forms.TWO_WIDTH - columns + 1)
        lines.append((*(Square(text) for text in kept[:-1]), last))
    return block_html(Grid(tuple(lines)))


def _trimmed(texts: Sequence[str]) -> list[str]:
    filled = [place for place, text in enumerate(texts) if text]
    return list(texts[filled[0] : filled[-1] + 1]) if filled else []


def _row(squares: Iterable[Square]) -> str:
    parts: list[str] = []
    for square in squares:
        spans = (f' rowspan="{square.rows}"' if square.rows > 1 else "") + (
            f' colspan="{square.columns}"' if square.columns > 1 else ""
        )
        parts.append(f"<td{spans}>{'<br>'.join(escape(line) for line in square.text.splitlines())}</td>")
    return f"<tr>{''.join(parts)}</tr>"
