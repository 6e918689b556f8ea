"""`gongkai reread`: reads everything from the archive again. Touches the archive and the store, never a portal."""

import click

from monitor import jobs
from monitor.commands.bar import progress_bar
from monitor.commands.opening import open_context
from monitor.commands.summary import echo_reading


@click.command("reread")
@click.pass_context
def reread(context: click.Context) -> None:
    """从存档重新读取全部内容，不访问网站。 Read the whole archive again; no portal is visited.

    读取程序未变时，结果必须完全相同，否则报错；读取程序换了版本，则新旧两次读取分别保存。
    As long as the reader has not changed, the result must be the same, else it is an error. A new version of the
    reader makes readings of its own beside the old ones.

    \b
    例 Example:
      gongkai reread
    """
    with progress_bar("重读 reading again") as progress:
        summary = jobs.read(open_context(), again=True, progress=progress)
    echo_reading(summary)
    context.exit(1 if summary.failed else 0)
