"""`gongkai alerts`: what the subscriptions amount to, what would go out, what people did. Touches store and terminal.

Nothing here sends or writes anything.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click

from config.errors import GongkaiError
from crawler.store.reads.acts import newest_acts
from crawler.store.tables import Act
from monitor.alerts.errands import errands
from monitor.alerts.planning import plan
from monitor.alerts.survey import Surveyed, survey
from monitor.alerts.timing import next_slot
from monitor.commands.form import FORMAT
from monitor.commands.moment import HELP, Moment
from monitor.commands.notify import echo_message
from monitor.commands.opening import open_context
from monitor.days import SHANGHAI, iso_moment
from monitor.desk import unsubscribes
from monitor.wording import say


@click.group("alerts")
def alerts() -> None:
    """提醒的订阅、预览和记录。 Subscriptions, what would go out, and what people did.

    \b
    例 Example:
      gongkai alerts check
      gongkai alerts preview city-office --at 2024-02-01T08:30
      gongkai alerts log --format json
    """


@alerts.command("check")
@click.option("--at", type=Moment(), help=HELP)
@FORMAT
@click.pass_context
def check(context: click.Context, at: dt.datetime | None, form: str) -> None:
    """逐条说明订阅：覆盖多少单位、下次何时发。 Explain each subscription; the exit code is 1 if one needs mending.

    \b
    例 Example:
      gongkai alerts check
    """
    opened = open_context(at)
    with opened.sessions() as session:
        found = [survey(session, opened, one) for one in opened.configuration.alerts.subscriptions]
    if form == "json":
        click.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
    else:
        if not found:
            click.echo("alerts.yml 中没有订阅 / alerts.yml has no subscription")
        for one in found:
            _echo(one)
    context.exit(1 if any(one.warnings for one in found) else 0)


@alerts.command("preview")
@click.argument("name")
@click.option("--at", type=Moment(), help=HELP)
def preview(name: str, at: dt.datetime | None) -> None:
    """显示某订阅将收到的内容，不发送。 Show what would go out to a subscription's recipient; nothing is sent.

    \b
    例 Example:
      gongkai alerts preview city-office
      gongkai alerts preview city-office --at 2024-01-19T09:00
    """
    opened = open_context(at)
    if name not in {one.name for one in opened.configuration.alerts.subscriptions}:
        raise GongkaiError(f"no subscription {name!r} in alerts.yml")
    found = 0
    with opened.sessions() as session:
        for errand in errands(opened):
            if name not in {one.name for one in errand.subscriptions}:
                continue
            if unsubscribes.is_unsubscribed(session, errand.recipient, errand.subscriptions[0].channel):
                click.echo(f"{errand.recipient} 已退订 has unsubscribed")
                return
            told = errand.plan(session, opened)
            if told is None and errand.issue is None:
                told = plan(session, opened, errand.subscriptions, early=True)
                if told is not None:
                    coming = next_slot(errand.subscriptions[0], opened.now)
                    click.echo(f"未到时间，下次 not due yet, next at {_shown(coming)}")
            if told is not None:
                echo_message(told)
                found += 1
    if not found:
        click.echo("没有需要通知的内容 / nothing to tell")


@alerts.command("log")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="条数。 How many.")
@FORMAT
def log(limit: int, form: str) -> None:
    """人的操作记录，新的在前。 What people did, newest first: acknowledged, muted, unmuted, unsubscribed, answered.

    \b
    例 Example:
      gongkai alerts log --limit 20
    """
    opened = open_context()
    with opened.sessions() as session:
        acts = [_act_json(act) for act in newest_acts(session, limit)]
    if form == "json":
        click.echo(json.dumps(acts, ensure_ascii=False, indent=1))
        return
    if not acts:
        click.echo("没有记录 / nothing recorded")
    for act in acts:
        about = " ".join(str(act[name]) for name in ("finding", "agency", "year", "recipient", "channel") if act[name])
        until = f"　至 until {act['until']}" if act["until"] else ""
        kind = f"{say('act.' + act['kind'], 'zh')} {act['kind']}"
        click.echo(f"{act['at']}　{kind}　{about}{until}　{act['by']}：{act['note']}".rstrip("："))


def _echo(one: Surveyed) -> None:
    subscription = one.subscription
    click.echo(f"{subscription.name} → {subscription.to}（{subscription.channel}）")
    whom = "，并收网站本身的提醒 and what is about portals" if one.is_operator else ""
    click.echo(f"    覆盖单位 agencies covered：{one.covered}{whom}")
    next_digest = "随每次运行 with every run" if one.next_digest is None else _shown(one.next_digest)
    click.echo(f"    事件 events：{', '.join(subscription.events) or '–'}；下次摘要 next digest：{next_digest}")
    if subscription.editions:
        edition = "–" if one.next_edition is None else f"{one.next_edition.day}（{one.next_edition.name}）"
        click.echo(f"    日历期刊 editions：{', '.join(subscription.editions)}；下一期 next：{edition}")
    known = "尚未发送过 not written to yet" if one.known_since is None else _shown(one.known_since)
    click.echo(f"    收件人始于 recipient known since：{known}")
    for warning in one.warnings:
        click.echo(f"    ! {say(f'alerts.warning.{warning}', 'zh')} / {say(f'alerts.warning.{warning}', 'en')}")


def _as_json(one: Surveyed) -> dict[str, Any]:
    return {
        "name": one.subscription.name,
        "to": one.subscription.to,
        "channel": one.subscription.channel,
        "agencies": one.covered,
        "portals": one.is_operator,
        "when": one.subscription.when.value,
        "next_digest": None if one.next_digest is None else iso_moment(one.next_digest),
        "next_edition": None if one.next_edition is None else one.next_edition.name,
        "next_edition_on": None if one.next_edition is None else one.next_edition.day.isoformat(),
        "known_since": None if one.known_since is None else iso_moment(one.known_since),
        "warnings": list(one.warnings),
    }


def _act_json(act: Act) -> dict[str, Any]:
    return {
        "at": iso_moment(act.at),
        "kind": act.kind,
        "finding": act.finding_key,
        "agency": act.agency_id,
        "year": act.year,
        "recipient": act.recipient,
        "channel": act.channel,
        "until": None if act.until is None else iso_moment(act.until),
        "by": act.by,
        "note": act.note,
        "source": act.source,
    }


def _shown(moment: dt.datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
