"""`gongkai deliveries`: messages that have not arrived, and those that were given up. Touches the store and the terminal."""

import json
from typing import Any

import click

from config.errors import GongkaiError
from crawler.store.reads import deliveries as reads
from crawler.store.tables import Delivery
from crawler.store.writes import telling as writes
from monitor.clock import REAL
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_sessions, read_settings
from monitor.days import iso_moment
from monitor.wording import show_moment

STATUS = {"claimed": "… 等待重试 waiting", "failed": "✗ 已放弃 given up"}


@click.group("deliveries", invoke_without_command=True)
@click.option("--failed", is_flag=True, help="只列出已放弃的。 Only what was given up.")
@FORMAT
@click.pass_context
def deliveries(context: click.Context, failed: bool, form: str) -> None:
    """列出未送达的消息。 List the messages that have not arrived.

    \b
    例 Example:
      gongkai deliveries --failed
      gongkai deliveries retry 12 15
      gongkai deliveries retry --all
    """
    if context.invoked_subcommand is not None:
        return
    with open_sessions(read_settings())() as session:
        found = reads.unsent(session, ("failed",) if failed else ("claimed", "failed"))
    if form == "json":
        click.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo("没有未送达的消息 / everything has arrived")
    for one in found:
        click.echo(f"{one.id}　{STATUS[one.status]}　{one.recipient}（{one.channel}）　{one.subject}")
        since, tries = show_moment(one.claimed_at, "zh"), one.attempts
        after = f"，{show_moment(one.next_try_at, 'zh')}之后再试 not before" if one.next_try_at else ""
        click.echo(f"    自 since {since}，尝试 attempts {tries}{after}：{one.error or '—'}")


@deliveries.command("retry")
@click.argument("ids", nargs=-1, type=int, metavar="ID…")
@click.option("--all", "every", is_flag=True, help="全部未送达的。 Everything that has not arrived.")
def retry(ids: tuple[int, ...], every: bool) -> None:
    """让未送达的消息立即可发。 Let messages that have not arrived go out with the next `gongkai notify`.

    内容和 Message-ID 不变。 They are the same bytes, with the same Message-ID.

    \b
    例 Example:
      gongkai deliveries retry 12
    """
    if bool(ids) == every:
        raise GongkaiError("name the ids (see gongkai deliveries), or --all")
    with open_sessions(read_settings()).begin() as session:
        known = {one.id for one in reads.unsent(session, ("claimed", "failed"))}
        if unknown := sorted(set(ids) - known):
            raise GongkaiError(f"no message that has not arrived: {', '.join(map(str, unknown))}")
        count = writes.retry(session, REAL.now(), None if every else ids)
    click.echo(f"{count} 封将随下一次 gongkai notify 发出 / will go out with the next gongkai notify")


def _as_json(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "status": "failed" if one.status == "failed" else "waiting",
        "recipient": one.recipient,
        "channel": one.channel,
        "subscription": one.subscription,
        "edition": one.edition,
        "subject": one.subject,
        "message_id": one.message_id,
        "attempts": one.attempts,
        "error": one.error,
        "since": iso_moment(one.claimed_at),
        "next_try_at": iso_moment(one.next_try_at) if one.next_try_at else None,
    }
