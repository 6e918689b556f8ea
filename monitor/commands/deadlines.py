"""`gongkai deadlines`: the rules for due days, what is wrong with them, and what other rules would change.

Touches the configuration, the store for reading, and the terminal.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.agencies import load_agencies
from config.deadlines import DeadlineRule, Deadlines, LocalRule
from config.load import Configuration, load, load_deadlines, read_model
from config.rulebook import Fault, Problem, problems
from config.schema import YearSpan
from monitor import jobs
from monitor.commands.bar import progress_bar
from monitor.commands.form import FORMAT
from monitor.commands.moment import HELP, Moment
from monitor.commands.opening import open_context, read_settings
from monitor.context import Context
from monitor.model import Assessment
from monitor.wording import say

Form = Literal["text", "json"]
NARROWEST = 120  # characters, where the output is no terminal
FAULTS = {
    Fault.TOO_LATE: "本地日期晚于法定日期 a local day later than the law's",
    Fault.UNREACHABLE: "永远用不到的规则 a rule that never decides",
    Fault.STRANGER: "点名的机关未登记 names an agency that is not registered",
    Fault.OVERLAP: "多条规则重叠，第一条有效 rules overlap, the first one decides",
    Fault.GAP: "没有规则，不作判断 no rule, nothing is judged",
}


@click.group("deadlines")
def deadlines() -> None:
    """公布期限的规则。 The rules for due days (config/deadlines.yml).

    \b
    例 Example:
      gongkai deadlines list --year 2023
      gongkai deadlines diff new-deadlines.yml
    """


@deadlines.command("list")
@click.option("--year", type=click.IntRange(2007, 2100), help="报告年度。 Only the rules for this report year.")
@FORMAT
def list_(year: int | None, form: Form) -> None:
    """列出规则及其依据。 The rules: for whom, until when, by which article or notice.

    \b
    例 Example:
      gongkai deadlines list --year 2023
      gongkai deadlines list --format json
    """
    known = load(read_settings().config_dir).deadlines
    everything: tuple[DeadlineRule | LocalRule, ...] = (*known.rules, *known.local)
    rules = [rule for rule in everything if year is None or year in rule.years]
    if form == "json":
        _echo_json([_as_json(rule, year) for rule in rules])
        return
    table = _table("期限规则 Rules", "规则 Rule", "对象 For whom", "年度 Years", "截止 Due", "依据 Citation")
    for rule in rules:
        citation = f"{rule.citation_zh}\n{rule.citation_en}"
        table.add_row(*map(Text, (rule.id, _audience(rule), _years(rule.years), _due(rule, year), citation)))
    _console().print(table)


@deadlines.command("check")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@FORMAT
def check(file: Path | None, form: Form) -> None:
    """查找重叠、空缺和用不到的规则。 Overlaps, gaps, and rules that never decide.

    空缺不算错误：法律未作要求的年度和机关本无规则。 A gap is no error: the law asks for nothing there. Anything else ends
    with code 1.

    \b
    例 Example:
      gongkai deadlines check
      gongkai deadlines check new-deadlines.yml
    """
    folder = read_settings().config_dir
    known = read_model(Deadlines, file or folder / "deadlines.yml")  # not cross-checked: that is what is asked for
    found = problems(known, load_agencies(folder / "agencies.csv"))
    faults = [problem for problem in found if problem.fault is not Fault.GAP]
    if form == "json":
        _echo_json([_problem_json(problem) for problem in found])
    else:
        for line in _problem_lines(found):
            click.echo(line)
        click.echo(f"错误 errors: {len(faults)}")
    if faults:
        sys.exit(1)


@deadlines.command("diff")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--at", type=Moment(), help=HELP)
@FORMAT
def diff(file: Path, at: Any, form: Form) -> None:
    """换用另一份规则会改变什么（不写入）。 What another deadlines.yml would change; nothing is written.

    逐个单位、逐个年度重算。 Every agency and year is judged twice, by the present rules and by FILE. The code is 1 where
    anything differs, 0 where nothing does.

    \b
    例 Example:
      gongkai deadlines diff new-deadlines.yml
      gongkai deadlines diff new-deadlines.yml --format json
    """
    context = open_context(at)
    other = load_deadlines(file, context.configuration.agencies)
    with progress_bar("重算 Judging") as report:
        report(0, 2)
        before = jobs.evaluate(context, record=False).assessments
        report(1, 2)
        there = replace(context, configuration=replace(context.configuration, deadlines=other))
        after = jobs.evaluate(there, record=False).assessments
    found = differences(before, after)
    if form == "json":
        _echo_json([_difference_json(one) for one in found])
    else:
        _echo_differences(found, context)
    if found:
        sys.exit(1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One agency and year that two sets of rules judge differently."""

    before: Assessment
    after: Assessment


def differences(before: Iterable[Assessment], after: Iterable[Assessment]) -> list[Difference]:
    """Where state, due day or the local verdict differ. Both are of the same moment, so they hold the same years."""
    now = {(one.agency_id, one.year): one for one in after}
    pairs = ((one, now[one.agency_id, one.year]) for one in before)
    return [Difference(one, other) for one, other in pairs if _judged_by(one) != _judged_by(other)]


def _judged_by(one: Assessment) -> tuple[object, ...]:
    local = one.local
    return one.state, one.due, None if local is None else (local.due, local.state)


def _as_json(rule: DeadlineRule | LocalRule, year: int | None) -> dict[str, Any]:
    due = rule.due
    return {
        "id": rule.id,
        "set_by": "supervisor" if isinstance(rule, LocalRule) else "law",
        "years": {"first": rule.years.first, "last": rule.years.last},
        "kinds": [kind.value for kind in rule.kinds],
        "levels": [level.value for level in rule.levels],
        "regions": list(rule.regions),
        "agencies": list(rule.agencies) if isinstance(rule, LocalRule) else [],
        "due": None if due is None else {"month": due.month, "day": due.day},
        "due_on": None if due is None or year is None else due.of(year).isoformat(),
        "citation": {"zh": rule.citation_zh, "en": rule.citation_en},
    }


def _audience(rule: DeadlineRule | LocalRule) -> str:
    """Kinds, levels, regions, agencies, and whose rule it is; what the rule leaves open is not named."""
    said = ["主管部门 supervising office" if isinstance(rule, LocalRule) else "法规 law"]
    said += [f"{say(f'agency_kind.{kind.value}', 'zh')} {kind.value}" for kind in rule.kinds]
    said += [f"{say(f'level.{level.value}', 'zh')} {level.value}" for level in rule.levels]
    if rule.regions:
        said.append("地区 regions " + ", ".join(rule.regions))
    if isinstance(rule, LocalRule) and rule.agencies:
        said.append(", ".join(rule.agencies))
    return "\n".join(said)


def _years(years: YearSpan) -> str:
    if years.last is None:
        return f"{years.first}–"
    return str(years.first) if years.first == years.last else f"{years.first}–{years.last}"


def _due(rule: DeadlineRule | LocalRule, year: int | None) -> str:
    if rule.due is None:
        return "未规定日期\nno day"
    if year is not None:
        return rule.due.of(year).isoformat()
    return f"次年{rule.due.month}月{rule.due.day}日\n{rule.due.month:02}-{rule.due.day:02}"


def _problem_json(problem: Problem) -> dict[str, Any]:
    group, years = problem.group, problem.years
    return {
        "problem": problem.fault.value,
        "is_error": problem.fault is not Fault.GAP,
        "rules": list(problem.rules),
        "kind": None if group is None else group.kind.value,
        "level": None if group is None else group.level.value,
        "region": None if group is None else group.region,
        "years": None if years is None else {"first": years.first, "last": years.last},
    }


def _problem_lines(found: Sequence[Problem]) -> list[str]:
    """One line for each fault, its rules and years, with all groups that it concerns."""
    lines: dict[tuple[Fault, tuple[str, ...], str], list[str]] = {}
    for problem in found:
        group = problem.group
        years = "" if problem.years is None else _years(problem.years)
        concerned = lines.setdefault((problem.fault, problem.rules, years), [])
        if group is not None:
            name = group.kind.value if group.kind.value == group.level.value else f"{group.level} {group.kind}"
            concerned.append(name + (f" {group.region}…" if group.region else ""))
    return [
        " ".join(part for part in (f"{FAULTS[fault]}:", ", ".join(rules), years, ", ".join(concerned)) if part)
        for (fault, rules, years), concerned in lines.items()
    ]


def _difference_json(one: Difference) -> dict[str, Any]:
    return {
        "agency_id": one.before.agency_id,
        "year": one.before.year,
        "from": _side(one.before),
        "to": _side(one.after),
    }


def _side(one: Assessment) -> dict[str, Any]:
    local = one.local
    return {
        "state": one.state.value,
        "rule": one.rule_id,
        "due_on": None if one.due is None else one.due.isoformat(),
        "local": None
        if local is None
        else {"rule": local.rule_id, "due_on": local.due.isoformat(), "state": local.state.value},
    }


def _echo_differences(found: Sequence[Difference], context: Context) -> None:
    if found:
        table = _table(
            "规则不同之处 What would change",
            "单位 Agency", "年度 Year", "状态 State", "截止 Due", "本地日期 Local day",
        )  # fmt: skip
        for one in found:
            table.add_row(*map(Text, _difference_row(one, context.configuration)))
        _console().print(table)
    click.echo(f"有变化的 differences: {len(found)}")


def _difference_row(one: Difference, configuration: Configuration) -> tuple[str, ...]:
    before, after = one.before, one.after
    name = f"{configuration.agencies[before.agency_id].name}\n{before.agency_id}"
    return (
        name,
        str(before.year),
        _arrow(_state(before), _state(after)),
        _arrow(str(before.due or "–"), str(after.due or "–")),
        _arrow(_local(before), _local(after)),
    )


def _state(one: Assessment) -> str:
    return f"{say(f'state.{one.state.value}', 'zh')} {one.state.value}"


def _local(one: Assessment) -> str:
    return "–" if one.local is None else f"{one.local.due} {one.local.state.value}"


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before}\n→ {after}"


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _console() -> Console:
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = NARROWEST
    return console


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
