"""`gongkai notify`: tells recipients what is new. Touches what monitor.alerts.notify touches, and the terminal."""

import datetime as dt

import click

from monitor import jobs
from monitor.alerts.message import NotifyResult, Told
from monitor.alerts.trial import trial
from monitor.channels import CHANNELS
from monitor.commands.moment import HELP, Moment
from monitor.commands.opening import open_context

STATUS = {
    "sent": "✓ 已送达 delivered",
    "waiting": "… 未送达，将重试 not delivered, will be tried again",
    "failed": "✗ 未送达，已放弃 not delivered, given up",
}


@click.command("notify")
@click.option("--at", type=Moment(), help=HELP)
@click.option("--dry-run", is_flag=True, help="只显示将发送的邮件。 Only print what would be sent.")
@click.option(
    "--retry-failed",
    is_flag=True,
    help="重新发送被拒收或暂停的邮件。 Also send at once what was given up or is resting.",
)
@click.option(
    "--test", "test", metavar="NAME", help="向一个订阅发送测试消息。 Send a test message to one subscription."
)
@click.pass_context
def notify(context: click.Context, at: dt.datetime | None, dry_run: bool, retry_failed: bool, test: str | None) -> None:
    """把新事件通知订阅者。 Tell the subscribers what is new.

    每位收件人每次一封；未送达的隔一段时间先发，五天后放弃（gongkai deliveries）。有未送达的，退出码为 1。
    One message for each recipient. What did not arrive is tried again after a pause, and given up after five days (see
    gongkai deliveries). The exit code is 1 if anything did not arrive.

    \b
    例 Example:
      gongkai notify --dry-run
      gongkai notify
      gongkai notify --test city-office
    """
    if test is not None:
        told = trial(open_context(at), test, dry_run=dry_run)
        if dry_run:
            echo_message(told)
        else:
            _echo_outcome(NotifyResult((told,)))
        context.exit(0 if told.status != "failed" else 1)
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
    """The message as the recipient would read it."""
    click.echo("─" * 72)
    if told.status == "waiting":
        click.echo("（上次未送达，将原样重发 claimed by an earlier run, will be sent again as it is）")
    click.echo(CHANNELS[told.channel].show(told.message))
