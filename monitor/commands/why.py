"""`gongkai why`: why a report is late, missing, unknown or in time. Touches the store for reading, and the terminal."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crawler.store.tables import AgencyState
from monitor.agencies import agency_named
from monitor.commands.form import FORMAT
from monitor.commands.moment import HELP, Moment
from monitor.commands.opening import open_context
from monitor.days import SHANGHAI, iso_moment
from monitor.model import State
from monitor.why.answer import Day, ShownStep, Why, Words, as_json
from monitor.why.explanation import differs, explained
from monitor.why.steps import Conclusion
from monitor.wording import Language, explain, say

WIDTH = 100  # characters, where the output is no terminal or a wider one
CAPTURES = 3  # numbers of list pages that are shown of a look; --format json has all
Shown = Literal["zh", "en", "both"]


@click.command("why")
@click.argument("agency")
@click.argument("year", type=int)
@click.option("--at", type=Moment(), help=HELP)
@FORMAT
@click.option(
    "--language",
    type=click.Choice(("zh", "en", "both")),
    default="both",
    show_default=True,
    help="文字的语言。 Language of the text.",
)
def why(agency: str, year: int, at: dt.datetime | None, form: str, language: Shown) -> None:
    """为什么是这个状态：规则、期限、步骤、查看记录和日期。 Why is this late? The answer for every state.

    AGENCY 是机构编号或名称。只计算，不写入；与记录不同时会说明。
    AGENCY is an id or a name. Nothing is written; where the recorded state is another one, that is said.

    \b
    例 Example:
      gongkai why shili-sw 2023
      gongkai why 示例市水务局 2023 --at 2024-02-05 --language en
      gongkai why shili-sw 2023 --format json
    """
    context = open_context(at)
    answer, recorded = explained(context, agency_named(context.configuration, agency, year), year)
    if form == "json":
        click.echo(json.dumps(_as_json(answer, recorded), ensure_ascii=False, indent=2))
    else:
        _echo(answer, recorded, ("zh", "en") if language == "both" else (language,))


def _as_json(answer: Why, recorded: AgencyState | None) -> dict[str, Any]:
    row = None
    if recorded is not None:
        row = {
            "state": recorded.state,
            "reason": recorded.details.get("reason"),
            "since": iso_moment(recorded.since),
            "differs": differs(answer, recorded),
        }
    found: dict[str, Any] = as_json(answer)
    return found | {"recorded": row}


class _Page:
    """Writes the answer section by section, the languages one below the other."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self.languages = languages
        self.console = Console(markup=False, highlight=False)
        self.console.width = min(self.console.width, WIDTH) if self.console.is_terminal else WIDTH

    def say(self, words: Words) -> str:
        return "\n".join(getattr(words, language) for language in self.languages)

    def look_up(self, key: str) -> str:
        """A short text: the languages beside each other."""
        return " ".join(say(key, language) for language in self.languages)

    def head(self, key: str) -> None:
        self.console.print()
        self.console.print(Text(self.look_up(f"why_head.{key}"), style="bold"))

    def lines(self, *texts: str) -> None:
        for text in texts:
            self.console.print(Padding(Text(text), (0, 0, 0, 2), expand=False))

    def table(self, headings: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=True, show_edge=False)
        for heading in headings:
            table.add_column(self.look_up(f"why_head.{heading}"), overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        self.console.print(table)


def _echo(answer: Why, recorded: AgencyState | None, languages: Sequence[Language]) -> None:
    page = _Page(languages)
    page.console.print(Text(f"{answer.agency}（{answer.agency_id}）{answer.year}", style="bold"))
    page.lines(*(explain("why_page.judged", {"now_at": iso_moment(answer.at)}, language) for language in languages))
    page.head("state")
    page.lines(page.say(answer.state_words), page.say(answer.reason_words))
    page.lines(*([page.say(answer.basis)] if answer.basis else []), *(page.say(note) for note in answer.notes))
    page.lines(*(_recorded(answer, recorded, language) for language in languages))
    page.head("rule")
    _echo_days(page, answer)
    page.head("steps")
    _echo_steps(page, answer.steps)
    if answer.local is not None and answer.local.steps:
        page.head("local_steps")
        _echo_steps(page, answer.local.steps)
    _echo_looks(page, answer)
    if answer.dates:
        page.head("dates")
        page.table(
            ("day", "source", "counts"),
            [
                (str(s.date.value), page.look_up(f"date_source.{s.date.source.value}"), page.say(s.words))
                for s in answer.dates
            ],
        )
    page.head("interval")
    page.lines(page.say(answer.interval_words))
    _echo_candidates(page, answer)


def _recorded(answer: Why, recorded: AgencyState | None, language: Language) -> str:
    if recorded is None:
        return say("why_page.not_recorded", language)
    key = "why_page.other_than_recorded" if differs(answer, recorded) else "why_page.same_as_recorded"
    details = recorded.details
    state = say(f"state.{State(recorded.state).value}", language)
    reason = explain(f"reason.{details['reason']}", details["parameters"], language)
    return explain(key, {"state": state, "reason": reason, "since_at": iso_moment(recorded.since)}, language)


def _echo_days(page: _Page, answer: Why) -> None:
    if answer.law is None:
        page.lines(*(say("why_page.no_rule", language) for language in page.languages))
    else:
        _echo_day(page, answer.law)
    if answer.local is not None:
        page.head("local")
        _echo_day(page, answer.local.day)
        page.lines(page.say(answer.local.state_words), page.say(answer.local.missed_words))


def _echo_day(page: _Page, day: Day) -> None:
    page.lines(day.rule_id, page.say(day.citation), page.say(day.words))


def _echo_steps(page: _Page, steps: Sequence[ShownStep]) -> None:
    page.table(
        ("number", "condition", "conclusion"),
        [(str(step.number), page.say(step.words), _concluded(page, step.leads_to)) for step in steps],
    )


def _concluded(page: _Page, found: Conclusion | None) -> str:
    return (
        "" if found is None else "\n".join(say(f"state.{found.state.value}", language) for language in page.languages)
    )


def _echo_looks(page: _Page, answer: Why) -> None:
    for column in answer.columns:
        page.head("looks")
        page.lines(column.name, column.url)
        page.table(
            ("begun", "look", "sight", "proves", "captures"),
            [
                (
                    f"{look.begun.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
                    str(look.id),
                    "\n".join(
                        filter(None, (*(say(f"sight.{look.sight.value}", to) for to in page.languages), look.reason))
                    ),
                    "\n".join(say(f"why_look.{look.proves}", to) for to in page.languages),
                    _numbers(look.captures),
                )
                for look in column.looks
            ],
        )
        if column.left_out:
            page.lines(*(say("why_page.left_out", language, count=column.left_out) for language in page.languages))


def _numbers(captures: Sequence[int]) -> str:
    shown = ", ".join(map(str, captures[:CAPTURES]))
    return shown if len(captures) <= CAPTURES else f"{shown} … ({len(captures)})"


def _echo_candidates(page: _Page, answer: Why) -> None:
    if not answer.candidates:
        return
    page.head("candidates")
    for one in answer.candidates:
        page.lines(f"{one.entry}　{one.title}", one.url, page.say(one.todo))
    if answer.more_candidates:
        page.lines(*(say("why_page.more_candidates", to, count=answer.more_candidates) for to in page.languages))
