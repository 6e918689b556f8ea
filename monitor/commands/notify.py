"""`gongkai notify`: tells recipients what is new. Touches what monitor.alerts.notify touches, and the terminal."""

import datetime as dt
from email import message_from_bytes, policy

import click

from monitor import jobs
from monitor.alerts.message import NotifyResult, Told
from monitor.commands.moment import HELP, Moment
from monitor.commands.opening import open_context

STATUS = {
    "sent": "✓ 已送达 delivered",
    "waiting": "… 未送达，将重试 not delivered, will be tried again",
    "failed": "✗ 被拒 refused",
}


@click.command("notify")
@click.option("--at", type=Moment(), help=HELP)
@click.option("--dry-run", is_flag=True, help="只显示将发送的邮件。 Only print what would be sent.")
@click.option(
    "--retry-failed", is_flag=True, help="重新发送曾被拒收的邮件。 Also send again what was refused for good."
)
@click.pass_context
def notify(context: click.Context, at: dt.datetime | None, dry_run: bool, retry_failed: bool) -> None:
    """把新事件通知订阅者。 Tell the subscribers what is new.

    每位收件人每次一封；未送达的下次先发。有未送达的，退出码为 1。
    One message for each recipient; what did not arrive goes first next time. The exit code is 1 if anything did not.

    \b
    例 Example:
      gongkai notify --dry-run
      gongkai notify
    """
    result = jobs.notify(open_context(at), dry_run=dry_run, retry_failed=retry_failed)
    if not result.told:
        click.echo("没有需要通知的事件 / nothing to tell")
    if dry_run:
        for message in result.told:
            echo_message(message)
        return
    _echo_outcome(result)
    context.exit(0 if result.all_sent else 1)


def _echo_outcome(result: NotifyResult) -> None:
    for one in result.told:
        click.echo(f"{STATUS[one.status]}：{one.recipient} {one.subject}" + (f"：{one.error}" if one.error else ""))


def echo_message(told: Told) -> None:
    """The headers that matter and the plain text, as the recipient would read them."""
    message = message_from_bytes(told.message, policy=policy.default)
    click.echo("─" * 72)
    if told.status == "waiting":
        click.echo("（上次未送达，将原样重发 claimed by an earlier run, will be sent again as it is）")
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        click.echo(f"{name}: {message[name]}")
    body = message.get_body(("plain",))
    click.echo(f"\n{body.get_content() if body is not None else ''}")
