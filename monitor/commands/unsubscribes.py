"""`gongkai unsubscribes`: who wants no more messages, and who wants them again. Touches the store and the terminal."""

import json

import click

from config.errors import GongkaiError
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_context
from monitor.days import iso_moment
from monitor.desk import unsubscribes as desk
from monitor.wording import show_moment

CHANNEL = click.option("--channel", default="email", show_default=True, help="渠道。 The channel.")
BY = click.option("--by", required=True, help="经手人。 Who does it.")
NOTE = click.option("--note", default="", help="备注。 A note.")


@click.group("unsubscribes", invoke_without_command=True)
@FORMAT
@click.pass_context
def unsubscribes(context: click.Context, form: str) -> None:
    """列出已退订的收件人。 List who has unsubscribed.

    \b
    例 Example:
      gongkai unsubscribes
      gongkai unsubscribes add office@example.org --by 张三 --note 来信要求
      gongkai unsubscribes end office@example.org --by 张三
    """
    if context.invoked_subcommand is not None:
        return
    with open_context().sessions() as session:
        found = desk.unsubscribed(session)
    if form == "json":
        rows = [
            {
                "recipient": act.recipient,
                "channel": act.channel,
                "at": iso_moment(act.at),
                "by": act.by,
                "note": act.note,
            }
            for act in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo("没有退订 / nobody has unsubscribed")
    for act in found:
        click.echo(f"{act.recipient}（{act.channel}）　{show_moment(act.at, 'zh')}　{act.by}　{act.note}")


@unsubscribes.command("add")
@click.argument("recipient")
@CHANNEL
@BY
@NOTE
def add(recipient: str, channel: str, by: str, note: str) -> None:
    """替收件人退订，例如来信要求的。 Unsubscribe a recipient, who wrote a mail for example.

    \b
    例 Example:
      gongkai unsubscribes add office@example.org --by 张三 --note 来信要求
    """
    opened = open_context()
    with opened.sessions.begin() as session:
        if not desk.unsubscribe(session, recipient=recipient, channel=channel, at=opened.now, by=by, note=note):
            raise GongkaiError(f"{recipient} ({channel}) has unsubscribed already")
    click.echo(f"已退订 unsubscribed：{recipient}（{channel}）")


@unsubscribes.command("end")
@click.argument("recipient")
@CHANNEL
@BY
@NOTE
def end(recipient: str, channel: str, by: str, note: str) -> None:
    """恢复发送。 Let a recipient have messages again.

    \b
    例 Example:
      gongkai unsubscribes end office@example.org --by 张三
    """
    opened = open_context()
    with opened.sessions.begin() as session:
        if not desk.resubscribe(session, recipient=recipient, channel=channel, at=opened.now, by=by, note=note):
            raise GongkaiError(f"{recipient} ({channel}) has not unsubscribed")
    click.echo(f"已恢复 gets messages again：{recipient}（{channel}）")
