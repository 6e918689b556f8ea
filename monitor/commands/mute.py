"""`gongkai mute`, `unmute`, `mutes`: what is not told for a while, and why. Touches the store, the clock, the terminal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import click

from monitor.alerts.mutes import Mute
from monitor.commands.acting import ended
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_context
from monitor.days import SHANGHAI, day_of, iso_moment
from monitor.desk import mutes as desk

DRY_RUN = click.option("--dry-run", is_flag=True, help="只检查，不记录。 Check only, record nothing.")


def _targets(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name what is muted."""
    options = (
        click.option("--finding", metavar="KEY", help="一项发现。 One open finding, by its key."),
        click.option("--agency", metavar="AGENCY", help="一个单位（编号或名称）。 An agency, by its id or name."),
        click.option("--year", type=int, help="只限该报告年度（与 --agency 同用）。 Of one report year only."),
        click.option("--portal", metavar="SLUG", help="一个网站（仅网站本身的提醒）。 What is about a portal itself."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("mute")
@_targets
@click.option("--reason", required=True, help="理由。 Why.")
@click.option(
    "--until",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DAY",
    help="到哪一天为止（含当日），最长 400 天。 Until the end of this day, at most 400 days ahead.",
)
@click.option("--by", required=True, help="操作人。 Who does it.")
@DRY_RUN
def mute(
    finding: str | None,
    agency: str | None,
    year: int | None,
    portal: str | None,
    reason: str,
    until: dt.datetime,
    by: str,
    dry_run: bool,
) -> None:
    """暂不提醒：一项发现、一个单位（或其某年度）、一个网站。 Tell nothing about it for a while.

    照常判断、照常显示，只是暂不通知。到期后，仍然存在的按当时情况通知；静默期内出现又结束的不再通知。
    It is judged and shown as ever. When the mute ends, what still stands is told as of then; what began and ended
    meanwhile is not. Reason and expiry are required; the act is recorded for ever.

    \b
    例 Example:
      gongkai mute --agency shili-slj --year 2023 --reason 机构改革，正在移交 --until 2024-03-31 --by 张三
      gongkai mute --portal shili-slj --reason 网站迁移 --until 2024-02-15 --by 张三 --dry-run
    """
    opened = open_context()
    with opened.sessions() as session:
        about = desk.target(session, opened.configuration, finding=finding, agency=agency, year=year, portal=portal)
        made = desk.mute(session, about, reason=reason, until=until.date(), by=by, at=opened.now)
        done = ended(session, dry_run=dry_run)
    click.echo(f"{done}：静默 muted {desk.described(about)}，至 until {_last_day(made)}：{made.note}")


@click.command("unmute")
@_targets
@click.option("--note", default="", help="备注。 A note.")
@click.option("--by", required=True, help="操作人。 Who does it.")
@DRY_RUN
def unmute(
    finding: str | None,
    agency: str | None,
    year: int | None,
    portal: str | None,
    note: str,
    by: str,
    dry_run: bool,
) -> None:
    """提前结束静默。 End a mute before its day.

    \b
    例 Example:
      gongkai unmute --agency shili-slj --year 2023 --by 张三
    """
    opened = open_context()
    with opened.sessions() as session:
        about = desk.once(opened.configuration, finding=finding, agency=agency, year=year, portal=portal)
        over = desk.unmute(session, about, note=note, by=by, at=opened.now)
        done = ended(session, dry_run=dry_run)
    click.echo(f"{done}：结束静默 unmuted {desk.described(over.target)}（原定至 was until {_last_day(over)}）")


@click.command("mutes")
@click.option("--all", "everything", is_flag=True, help="包括已结束的。 Those that ended, too.")
@FORMAT
def mutes(everything: bool, form: str) -> None:
    """静默清单及到期日。 What is muted, until when, by whom and why.

    \b
    例 Example:
      gongkai mutes
      gongkai mutes --all --format json
    """
    opened = open_context()
    with opened.sessions() as session:
        found = desk.every(session) if everything else desk.standing(session, opened.now)
    if form == "json":
        click.echo(json.dumps([_as_json(one, opened.now) for one in found], ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo("没有静默 / nothing is muted")
    for one in found:
        state = f"至 until {_last_day(one)}" if one.stands(opened.now) else f"已结束 ended {_shown(one.end)}"
        click.echo(f"{desk.described(one.target)}　{state}　{one.by}：{one.note}")


def _as_json(one: Mute, at: dt.datetime) -> dict[str, Any]:
    return {
        "finding": one.target.finding,
        "agency": one.target.agency_id,
        "year": one.target.year,
        "portal": one.target.portal,
        "at": iso_moment(one.at),
        "until": _last_day(one),
        "ended_at": None if one.stands(at) else iso_moment(one.end),
        "by": one.by,
        "reason": one.note,
    }


def _last_day(one: Mute) -> str:
    return day_of(one.until - dt.timedelta(seconds=1)).isoformat()


def _shown(moment: dt.datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
