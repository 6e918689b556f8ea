"""`gongkai ack`: somebody has taken note of a finding. Touches the store, the clock and the terminal."""

import click

from monitor.commands.acting import ended
from monitor.commands.opening import open_context
from monitor.desk import acks


@click.command("ack")
@click.argument("finding_key", metavar="FINDING_KEY")
@click.option("--by", required=True, help="知悉人。 Who has taken note.")
@click.option("--note", default="", help="备注。 A note.")
@click.option("--dry-run", is_flag=True, help="只检查，不记录。 Check only, record nothing.")
def ack(finding_key: str, by: str, note: str, dry_run: bool) -> None:
    """确认知悉一项发现。 Acknowledge a finding.

    知悉后不再列入催办提醒；判断和页面不变，情况结束时仍会通知。只增加记录，不删除任何内容。
    It is left out of reminders from now on. It is judged and shown as before, and its end is still told. The act is
    recorded for ever (gongkai alerts log).

    \b
    例 Example:
      gongkai ack missing:shili-slj:2023 --by 张三 --note 已电话提醒
    """
    opened = open_context()
    with opened.sessions() as session:
        acks.acknowledge(session, finding_key, by=by, note=note, at=opened.now)
        done = ended(session, dry_run=dry_run)
    click.echo(f"{done}：知悉 acknowledged {finding_key}")
