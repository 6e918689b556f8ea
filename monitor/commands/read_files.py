"""Reads report files and shows them as a table, CSV or JSON. Touches the given files and streams, no store.

CSV columns and codes as in config/indicators.csv; money in yuan, exact decimals. `value` is empty unless the
state is number: a blank, an open and an absent cell are no noughts.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler import formats, reports
from crawler.errors import ReadError
from crawler.model import CellState, Fact, IdentityResult, Issue, ParsedReport
from crawler.reports import templates
from crawler.reports.templates import Block

OutputFormat = Literal["table", "csv", "json"]

COLUMNS = ("file", "agency", "year", "template", "code", "value", "state", "raw", "place")

_UNREADABLE_FILES = 2  # exit code
_NARROWEST = 120  # characters, where the output is no terminal: table three has eight columns
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_SIGNS = {CellState.BLANK: "空", CellState.OPEN: "？", CellState.ABSENT: "无此格", CellState.UNREADABLE: "非数字"}
_GROUNDS = {"title": "标题", "agency": "机关", "year": "年度", "template": "格式", "signed_on": "落款"}
_SECTIONS = {
    "二": "主动公开政府信息情况  Proactive disclosure",
    "三": "收到和处理政府信息公开申请情况  Requests",
    "四": "政府信息公开行政复议、行政诉讼情况  Reviews and lawsuits",
    "附": "政府信息公开情况统计表  Statistics annex",
}


def read_path(path: Path) -> ParsedReport:
    """The report in a file. Raises ReadError, naming the file and what to do."""
    try:
        if path.stat().st_size > formats.MAX_BYTES:
            raise ReadError(f"文件超过上限 {formats.MAX_BYTES} 字节 / larger than the limit")
        data = path.read_bytes()
        return reports.parse(formats.read(data, name=path.name))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReadError(f"{path}: 打不开文件，请检查路径和权限 / cannot open the file: {reason}") from error
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error


def read_files(files: Sequence[Path], output_format: OutputFormat, out: TextIO, err: TextIO) -> int:
    """Reads every file, writes to `out`; files that cannot be read are named on `err`. Returns the exit code."""
    read: list[tuple[str, ParsedReport]] = []
    failed = False
    for path in files:
        try:
            read.append((str(path), read_path(path)))
        except ReadError as error:
            failed = True
            err.write(f"{error}\n")
    if output_format == "csv":
        write_csv((row for name, report in read for row in csv_rows(name, report)), out)
    elif output_format == "json":
        json.dump([as_json(name, report) for name, report in read], out, ensure_ascii=False, indent=2)
        out.write("\n")
    else:
        console = Console(file=out, markup=False, highlight=False)
        if not console.is_terminal:
            console.width = max(console.width, _NARROWEST)
        for name, report in read:
            as_table(name, report, console)
    return _UNREADABLE_FILES if failed else 0


def csv_rows(file: str, report: ParsedReport) -> Iterator[tuple[str, ...]]:
    """One row a fact, in the order of COLUMNS."""
    for fact in report.facts:
        yield (
            file,
            report.agency or "",
            str(report.year or ""),
            report.template or "",
            fact.code,
            plain(fact.value),
            fact.state.value,
            " ".join(fact.raw.split()),
            str(fact.place or ""),
        )


def write_csv(rows: Iterable[Sequence[str]], stream: TextIO) -> None:
    """With a header line; cells that a spreadsheet would run as a formula begin with an apostrophe."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutral(cell) for cell in row] for row in rows)


def neutral(cell: str) -> str:
    if cell.startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def plain(value: Decimal | None) -> str:
    """Exact digits without exponent; "" for None."""
    return "" if value is None else format(value, "f")


def as_json(file: str, report: ParsedReport) -> dict[str, Any]:
    """Everything that was read. Numbers are strings: JSON's own are not exact."""
    values = {fact.code: plain(fact.value) for fact in report.facts}
    return {
        "file": file,
        "extractor": reports.EXTRACTOR,
        "is_report": report.is_report,
        "agency": report.agency,
        "year": report.year,
        "template": report.template,
        "title": report.title,
        "period": [day.isoformat() for day in report.period] if report.period else None,
        "signed_on": report.signed_on.isoformat() if report.signed_on else None,
        "facts": [_fact_json(fact) for fact in report.facts],
        "findings": [_finding_json(identity, values) for identity in broken(report)],
        "statements": [statement.as_json() for statement in report.statements],
        "dates": [date.as_json() for date in report.dates],
        "issues": [issue.as_json() for issue in report.issues],
        "evidence": dict(report.evidence),
    }


def broken(report: ParsedReport) -> list[IdentityResult]:
    """The identities of the form that the report's own numbers contradict."""
    return [identity for identity in report.identities if identity.holds is False]


def _fact_json(fact: Fact) -> dict[str, Any]:
    return {
        "code": fact.code,
        "state": fact.state.value,
        "value": plain(fact.value) or None,
        "unit": fact.unit,
        "raw": fact.raw,
        "place": fact.place.as_json() if fact.place else None,
    }


def _finding_json(identity: IdentityResult, values: dict[str, str]) -> dict[str, Any]:
    return {
        "identity": identity.identity,
        "description": identity.description,
        "left": {"sum": plain(identity.left), "cells": {code: values[code] for code in identity.left_codes}},
        "right": {"sum": plain(identity.right), "cells": {code: values[code] for code in identity.right_codes}},
    }


def as_table(file: str, report: ParsedReport, console: Console) -> None:
    """For people: who and when, the form as it is printed, then what is doubtful and what does not add up."""
    console.rule(Text(file))
    period = " 至 ".join(day.isoformat() for day in report.period) if report.period else "未写明"
    for label, value in (
        ("机关 Agency", report.agency or "不明 unknown"),
        ("年度 Year", str(report.year or "不明 unknown")),
        ("格式 Form", report.template or "不明 unknown"),
        ("统计期限 Period", period),
        ("落款日期 Signed", report.signed_on.isoformat() if report.signed_on else "未写明 not stated"),
        ("依据 Evidence", "；".join(f"{_GROUNDS.get(key, key)}：{why}" for key, why in report.evidence.items())),
    ):
        console.print(Text(f"{label}：{value}"), soft_wrap=True)
    if not report.is_report:
        console.print(Text("这不像一份政府信息公开年度报告。 This does not look like an annual report."))
    facts = {fact.code: fact for fact in report.facts}
    if report.template is not None and facts:
        section = ""
        for block in templates.load()[report.template].blocks:
            if block.section != section:
                section = block.section
                console.print()
                console.print(Text(f"{section}、{_SECTIONS[section]}", style="bold"))
            console.print(_block_table(block, facts))
        console.print(Text("空＝空白 blank；？＝不能确定 open；无此格＝没有该行或列 absent；非数字＝unreadable"))
    _print_statements(report, console)
    _print_list(console, "不能确定之处 Issues", [_issue_line(issue) for issue in report.issues])
    findings = [
        f"{identity.description}：{plain(identity.left)} ≠ {plain(identity.right)}" for identity in broken(report)
    ]
    _print_list(console, "勾稽不符 Arithmetic that does not hold", findings)
    console.print()


def _block_table(block: Block, facts: dict[str, Fact]) -> Table:
    table = Table(title=Text(block.label.text) if block.label else None, title_justify="left")
    table.add_column("", overflow="fold")
    for column in block.columns:
        label = column.path[-1].text.split("（")[0]
        money = "（元 yuan）" if column.unit == "元" else ""
        table.add_column(Text(label + money), justify="right", overflow="fold")
    groups: tuple[str, ...] = ()
    for row in block.rows:
        path = tuple(label.text for label in row.path)
        for level, label in enumerate(path[:-1]):
            if groups[: level + 1] != path[: level + 1]:
                table.add_row(Text("  " * level + label))
        groups = path  # a row of a tree is the heading of its parts
        cells = [Text(_shown(facts[block.code(row, column)])) for column in block.columns]
        unit = f"（{row.unit}）" if row.unit else ""
        table.add_row(Text("  " * (len(path) - 1) + path[-1] + unit), *cells)
    return table


def _shown(fact: Fact) -> str:
    return plain(fact.value) if fact.state is CellState.NUMBER else _SIGNS[fact.state]


def _print_statements(report: ParsedReport, console: Console) -> None:
    lines = [
        f"{statement.key} = {'约 about ' if statement.about else ''}{plain(statement.value)}"
        f"（{statement.raw}，{statement.place}）"
        for statement in report.statements
    ]
    _print_list(console, "正文中的数字 Numbers in sentences", lines)


def _issue_line(issue: Issue) -> str:
    return f"[{issue.kind}] {issue.message}" + (f"（{issue.place}）" if issue.place else "")


def _print_list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print()
        console.print(Text(f"{title}：{len(lines)}", style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"), soft_wrap=True)
