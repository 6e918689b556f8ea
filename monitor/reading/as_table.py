"""Readings as tables for people: who and when, the form as it is printed, then what is doubtful. Touches nothing."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.model import CellState, Fact, Issue, ParsedReport
from crawler.reports import templates
from crawler.reports.templates import Block
from crawler.workers import Outcome
from monitor.reading.as_json import broken
from monitor.reading.plain import plain
from monitor.reading.words import both
from monitor.wording import keys, say

NAME = "table"
JOINT = ""
TAIL = ""
ENCODING = "utf-8"

NARROWEST = 120  # characters, where the output is no terminal: table three has eight columns


def head() -> str:
    return ""


def chunk(file: str, outcome: Outcome) -> str:
    """Nothing for a file that cannot be read: it is named on stderr."""
    if outcome.report is None:
        return ""
    console = new_console()
    with console.capture() as capture:
        _print(file, outcome, outcome.report, console)
    return capture.get()


def new_console() -> Console:
    """Plain text as wide as the terminal, for `capture`."""
    width = Console().width if sys.stdout.isatty() else NARROWEST
    return Console(file=io.StringIO(), width=width, markup=False, highlight=False, color_system=None)


def _print(file: str, outcome: Outcome, report: ParsedReport, console: Console) -> None:
    console.rule(Text(file))
    unknown, unstated = both("reading.unknown"), both("reading.unstated")
    for name, value in (
        ("agency", report.agency or unknown),
        ("year", str(report.year or unknown)),
        ("form", report.template or unknown),
        ("period", " 至 ".join(day.isoformat() for day in report.period) if report.period else unstated),
        ("signed", report.signed_on.isoformat() if report.signed_on else unstated),
        ("format", outcome.document_format),
        ("evidence", "；".join(f"{_ground(key)}：{why}" for key, why in report.evidence.items())),
    ):
        console.print(Text(f"{both(f'reading.{name}')}：{value}"), soft_wrap=True)
    if not report.is_report:
        console.print(Text(both("reading.no_report")))
    _print_form(report, console)
    print_list(console, "statements", [
        f"{one.key} = {both('reading.about') + ' ' if one.about else ''}{plain(one.value)}（{one.raw}，{one.place}）"
        for one in report.statements
    ])  # fmt: skip
    print_list(console, "issues", [issue_line(issue) for issue in report.issues])
    print_list(console, "proposals", [
        f"{one.code} = {plain(one.value)}（{'、'.join(one.identities)}）" for one in report.proposals
    ])  # fmt: skip
    print_list(console, "findings", [
        f"{one.description}：{plain(one.left)} ≠ {plain(one.right)}"
        + ("" if one.certain else both("reading.not_certain"))
        for one in broken(report)
    ])  # fmt: skip
    if outcome.attachments and not any(fact.value is not None for fact in report.facts):
        print_list(console, "attachments", [f"{link.text or '–'}　{link.url}" for link in outcome.attachments])
    console.print()


def _ground(key: str) -> str:
    return say(f"reading.ground.{key}", "zh") if f"reading.ground.{key}" in keys() else key


def _print_form(report: ParsedReport, console: Console) -> None:
    facts = {fact.code: fact for fact in report.facts}
    if report.template is None or not facts:
        return
    section = ""
    for block in templates.load()[report.template].blocks:
        if block.section != section:
            section = block.section
            console.print()
            console.print(Text(section_name(section), style="bold"))
        console.print(_block_table(block, facts))
    console.print(Text(both("reading.legend")))
    if not all(fact.certain for fact in report.facts):
        console.print(Text(both("reading.legend_uncertain")))


def section_name(section: str) -> str:
    return both(f"reading.section.{section}") if f"reading.section.{section}" in keys() else section


def _block_table(block: Block, facts: dict[str, Fact]) -> Table:
    table = Table(title=Text(block.label.text) if block.label else None, title_justify="left")
    table.add_column("", overflow="fold")
    for column in block.columns:
        label = column.path[-1].text.split("（")[0]
        money = f"（{both('reading.yuan')}）" if column.unit == "元" else ""
        table.add_column(Text(label + money), justify="right", overflow="fold")
    printed: set[tuple[str, ...]] = set()
    for row in block.rows:
        path = tuple(label.text for label in row.path)
        for depth in range(1, len(path)):
            if path[:depth] not in printed:
                printed.add(path[:depth])
                table.add_row(Text("  " * (depth - 1) + path[depth - 1]))
        printed.add(path)
        unit = f"（{row.unit}）" if row.unit else ""
        cells = [Text(shown(facts.get(block.code(row, column)))) for column in block.columns]
        table.add_row(Text("  " * (len(path) - 1) + path[-1] + unit), *cells)
    return table


def shown(fact: Fact | None) -> str:
    """The number, or the sign of its state; marked where it is not certain."""
    if fact is None:
        return ""
    if fact.state is not CellState.NUMBER:
        return say(f"reading.sign.{fact.state}", "zh")
    return plain(fact.value) + ("" if fact.certain else say("reading.uncertain_mark", "zh"))


def issue_line(issue: Issue) -> str:
    return f"[{issue.kind}] {issue.message}" + (f"（{issue.place}）" if issue.place else "")


def print_list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print()
        console.print(Text(f"{both(f'reading.{title}')}：{len(lines)}", style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"), soft_wrap=True)
