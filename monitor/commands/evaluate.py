"""`gongkai evaluate`: judges every watched agency and year. Touches the store and the terminal."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.errors import GongkaiError
from config.load import Configuration
from monitor import jobs
from monitor.clock import SystemClock
from monitor.commands.moment import HELP, Moment
from monitor.commands.opening import open_context
from monitor.context import Context
from monitor.details import assessment_json
from monitor.model import Assessment, EvaluateResult
from monitor.wording import LANGUAGES, explain, say, show_day, state_line

NARROWEST = 120  # characters, where the output is no terminal


@click.command("evaluate")
@click.option("--at", type=Moment(), help=HELP)
@click.option("--dry-run", is_flag=True, help="只计算，不写入。 Compute, write nothing.")
@click.option(
    "--format", "output_format", type=click.Choice(("table", "json")), default="table", show_default=True,
    help="输出格式。 Form of the output.",
)  # fmt: skip
def evaluate(at: dt.datetime | None, dry_run: bool, output_format: Literal["table", "json"]) -> None:
    """评估每个单位、每个年度。 Judge every watched agency and year.

    状态或发现有变化时记录事件；再次运行不再写入。 What is new is recorded as events; a second run writes nothing.

    \b
    例 Example:
      gongkai evaluate
      gongkai evaluate --at 2024-02-05 --dry-run
    """
    context = open_context(at)
    if not dry_run:
        _refuse_the_future(context)
    result = jobs.evaluate(context, record=not dry_run)
    if output_format == "json":
        click.echo(json.dumps(_as_json(result, context), ensure_ascii=False, indent=2))
    else:
        _echo_tables(result, context, recorded=not dry_run)


def _refuse_the_future(context: Context) -> None:
    """What is recorded of a real office rests on what was seen until then; of tomorrow nothing was."""
    real = [portal.slug for portal in context.configuration.portals.values() if not portal.is_local]
    if real and context.now > SystemClock().now():
        raise GongkaiError("--at lies in the future: with real portals it can be computed with --dry-run, not recorded")


def _as_json(result: EvaluateResult, context: Context) -> dict[str, Any]:
    return {
        "at": context.now.isoformat(),
        "changed_by_rules": changed_by_rules(result),
        "assessments": [
            {"agency_id": one.agency_id, "year": one.year, **_details(one, context)} for one in result.assessments
        ],
        "events": [
            {"kind": event.kind, "agency_id": event.agency_id, "year": event.year, "details": dict(event.details)}
            for event in result.events
        ],
    }


def changed_by_rules(result: EvaluateResult) -> int:
    """Of how many agencies and years something changed because another due day is judged by (monitor.judging.transitions)."""
    return len({(one.agency_id, one.year) for one in result.events if one.details.get("because") == "rules"})


def _details(one: Assessment, context: Context) -> dict[str, Any]:
    agency = context.configuration.agencies[one.agency_id]
    rule = context.configuration.deadlines.rule_for(agency, one.year)
    return assessment_json(one, agency, rule, context.now)


def _echo_tables(result: EvaluateResult, context: Context, *, recorded: bool) -> None:
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = NARROWEST
    table = Table(title=f"状态 States（{context.now:%Y-%m-%d %H:%M}）", title_justify="left", show_lines=True)
    for heading in ("单位 Agency", "年度 Year", "截止 Due", "状态 State", "说明 Grounds"):
        table.add_column(heading, overflow="fold")
    for one in result.assessments:
        table.add_row(*map(Text, _row(one, context)))
    console.print(table)
    _echo_events(console, result, context.configuration, recorded)


def _row(one: Assessment, context: Context) -> Sequence[str]:
    details = _details(one, context)
    grounds = []
    for language in LANGUAGES:
        grounds.append(explain(f"reason.{one.reason}", one.parameters, language))
        # Whose day it is, is always said.
        local = (note for note in one.notes if note.key.startswith("local_"))
        grounds += [explain(f"note.{note.key}", note.parameters, language) for note in local]
    states = [state_line(details, context.now, language) for language in LANGUAGES]
    due = show_day(one.due, "zh") if one.due else "–"
    name = f"{context.configuration.agencies[one.agency_id].name}\n{one.agency_id}"
    return name, str(one.year), due, "\n".join(states), "\n".join(grounds)


def _echo_events(console: Console, result: EvaluateResult, configuration: Configuration, recorded: bool) -> None:
    news = [event for event in result.events if event.kind != "quiet"]
    quiet = len(result.events) - len(news)
    title = "已记录的事件 Events recorded" if recorded else "将记录的事件（未写入） Events that would be recorded"
    console.print(
        Text(f"{title}：{len(news)}" + (f"（另有静默记录 {quiet} 条 and {quiet} quiet ones）" if quiet else ""))
    )
    if by_rules := changed_by_rules(result):
        console.print(
            Text(
                f"因期限规则变更而改变的单位年度 agencies and years changed by other rules for the due day：{by_rules}"
            )
        )
    for event in news:
        about = event.details.get("portal") or {"name": ""}
        name = f"{configuration.agencies[event.agency_id].name} {event.year}" if event.agency_id else about["name"]
        words = f"{say(f'event.{event.kind}', 'zh')} / {say(f'event.{event.kind}', 'en')}"
        console.print(Text(f"  {name}：{words}"), soft_wrap=True)
