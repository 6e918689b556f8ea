"""`gongkai review`: what waits for a person, and what the person says. Touches the store, the clock and the terminal."""

from __future__ import annotations

import json
from typing import Any

import click

from crawler import review as deciding
from crawler.identification import Identifier
from crawler.store.reads import review as reads
from crawler.store.reads.review import Waiting
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_context
from monitor.context import Context
from monitor.days import SHANGHAI

BY = click.option("--by", required=True, help="认定人。 Who decides.")
NOTE = click.option("--note", default="", help="理由。 Why.")


@click.group("review", invoke_without_command=True)
@FORMAT
@click.pass_context
def review(context: click.Context, form: str) -> None:
    """待人工认定的条目。 What waits for a person to decide.

    不能确定机构或年度的页面列在这里，附候选机构；认定后立即生效，重新读取也不丢失。
    Pages whose agency or year is not certain stand here, with candidates. A decision holds at once, and over rereading.

    \b
    例 Example:
      gongkai review
      gongkai review show 12
      gongkai review decide 12 --agency liaocheng-xzspj --year 2020 --by 张三
      gongkai review decide 12 --not-a-report --by 张三 --note 工作报表
      gongkai review undo 12 --by 张三
    """
    if context.invoked_subcommand is not None:
        return
    opened = open_context()
    with opened.sessions() as session:
        waiting = [_as_json(one, opened) for one in reads.waiting(session)]
    if form == "json":
        click.echo(json.dumps(waiting, ensure_ascii=False, indent=1))
        return
    click.echo(f"待人工认定 {len(waiting)} 条 / {len(waiting)} wait for a person")
    for one in waiting:
        _echo(one)


@review.command("show")
@click.argument("entry", type=int, metavar="ID")
@FORMAT
def show(entry: int, form: str) -> None:
    """一条的全部依据。 Everything that is known of one entry."""
    opened = open_context()
    with opened.sessions() as session:
        deciding.existing(session, entry)
        contents = [_as_json(one, opened) for one in reads.newest(session, entry)]
        rulings = [
            {
                "decision": one.decision,
                "agency": one.agency_id,
                "year": one.year,
                "by": one.by,
                "at": one.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
                "note": one.note,
            }
            for one in reads.rulings(session, entry)
        ]
    if form == "json":
        click.echo(json.dumps({"contents": contents, "rulings": rulings}, ensure_ascii=False, indent=1))
        return
    for content in contents:
        _echo(content)
        for said in content["said"]:
            click.echo(f"      {said['about']} ← {said['source']}：{said['text']} → {said['value'] or '–'}")
        for conflict in content["conflicts"]:
            click.echo(f"      不一致 conflict：{conflict}")
    for ruling in rulings:
        what = " ".join(str(ruling[name]) for name in ("decision", "agency", "year") if ruling[name])
        click.echo(f"  认定 ruling：{what}，{ruling['by']} {ruling['at']} {ruling['note']}".rstrip())


@review.command("decide")
@click.argument("entry", type=int, metavar="ID")
@click.option("--agency", help="机构编号。 Id of the agency.")
@click.option("--year", type=int, help="报告年度。 Year of the report.")
@click.option("--not-a-report", is_flag=True, help="不是年度报告。 It is no annual report.")
@BY
@NOTE
def decide(entry: int, agency: str | None, year: int | None, not_a_report: bool, by: str, note: str) -> None:
    """认定一条。 Decide one entry: whose report of which year, or none."""
    if not_a_report == (agency is not None or year is not None) or (agency is None) != (year is None):
        raise click.UsageError("either --agency and --year, or --not-a-report")
    opened = open_context()
    with opened.sessions.begin() as session:
        identifier = Identifier(opened.configuration)
        if agency is not None and year is not None:
            deciding.file_as(session, identifier, entry, agency_id=agency, year=year, by=by, note=note, at=opened.now)
        else:
            deciding.refuse(session, identifier, entry, by=by, note=note, at=opened.now)
        _echo_now(entry, [_as_json(one, opened) for one in reads.newest(session, entry)])


@review.command("undo")
@click.argument("entry", type=int, metavar="ID")
@BY
@NOTE
def undo(entry: int, by: str, note: str) -> None:
    """撤销人工认定。 Take a decision back; the program decides by itself again."""
    opened = open_context()
    with opened.sessions.begin() as session:
        deciding.undo(session, Identifier(opened.configuration), entry, by=by, note=note, at=opened.now)
        _echo_now(entry, [_as_json(one, opened) for one in reads.newest(session, entry)])


def _as_json(one: Waiting, context: Context) -> dict[str, Any]:
    evidence, agencies = one.filing.evidence, context.configuration.agencies
    candidates = [
        {"id": id_, "name": agencies[id_].name if id_ in agencies else ""} for id_ in evidence.get("candidates", ())
    ]
    return {
        "entry": one.content.entry_id,
        "portal": one.content.portal,
        "column": one.content.column,
        "title": one.content.title,
        "url": one.content.url,
        "first_seen": one.since.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "decision": one.filing.decision,
        "agency": one.filing.agency_id,
        "year": one.filing.year,
        "why": evidence.get("why", ""),
        "ruling": evidence.get("ruling", ""),
        "candidates": candidates,
        "years": evidence.get("years", []),
        "said": evidence.get("said", []),
        "conflicts": evidence.get("conflicts", []),
    }


def _echo(one: dict[str, Any]) -> None:
    click.echo(f"{one['entry']}　{one['title'] or '–'}　{one['portal']}/{one['column']}")
    click.echo(f"    {one['url']}")
    click.echo(
        f"    首次采集 first seen {one['first_seen']}；{one['decision']} {one['agency'] or ''} {one['year'] or ''}".rstrip()
    )
    if one["why"]:
        click.echo(f"    原因 why：{one['why']}")
    named = [f"{candidate['name']}（{candidate['id']}）" for candidate in one["candidates"][:8]]
    more = f" … {len(one['candidates'])}" if len(one["candidates"]) > 8 else ""
    if named:
        click.echo(f"    候选 candidates：{'、'.join(named)}{more}")
    if one["years"]:
        click.echo(f"    年度 years：{'、'.join(str(year) for year in one['years'])}")


def _echo_now(entry: int, contents: list[dict[str, Any]]) -> None:
    if not contents:
        click.echo(f"{entry}：尚未采集，读取后生效 nothing was captured yet; it will hold when it is read")
    for one in contents:
        _echo(one)
