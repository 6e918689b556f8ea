"""`gongkai evidence`: everything a claim about a report rests on, in one file that others can verify.

Touches the store and the archive, for reading, the file that it writes, and the terminal.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from monitor.agencies import agency_named
from monitor.commands.archive import Hash
from monitor.commands.form import FORMAT
from monitor.commands.moment import HELP, Moment
from monitor.commands.opening import open_context
from monitor.evidence import verify as checks
from monitor.evidence.claim import claim_of
from monitor.evidence.pack import write_pack


class WithDefault(click.Group):
    """A group whose first command is meant where no command is named: `gongkai evidence AGENCY YEAR`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {*self.commands, *self.get_help_option_names(ctx)}
        if args and args[0] not in known:
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


@click.group("evidence", cls=WithDefault)
def evidence() -> None:
    """证据包：一项判断所依据的一切，任何人都能核验。 The evidence for what is said of a report, for others to verify.

    gongkai evidence AGENCY YEAR 即 gongkai evidence pack AGENCY YEAR。 The first is short for the second.

    \b
    例 Example:
      gongkai evidence shili-slj 2023 -o pack.zip
      gongkai evidence verify pack.zip
    """


@evidence.command("pack")
@click.argument("agency")
@click.argument("year", type=int)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="写入的文件。 The file to write.")
@click.option("--at", type=Moment(), help=HELP)
@click.option("--finding", default="", metavar="KEY", help="只就这一项发现。 This finding only, by its key.")
@click.option(
    "--screenshots", is_flag=True, help="附上截图（若有）。 With the pictures of the pages, if there are any."
)
@click.option(
    "--pdf/--no-pdf", default=True, show_default=True, help="摘要的 PDF，需要 Chromium。 The PDF needs Chromium."
)
@click.option("--force", is_flag=True, help="覆盖已有的文件。 Replace a file that is there.")
@FORMAT
def pack(
    agency: str,
    year: int,
    output: Path | None,
    at: dt.datetime | None,
    finding: str,
    screenshots: bool,
    pdf: bool,
    force: bool,
    form: str,
) -> None:
    """写出一个证据包。 Write the pack of an agency's report of a year.

    AGENCY 是登记表中的 id 或名称。不加 --at 用已记录的判断。
    AGENCY is an id or a name of the registry. Without --at it is the judgement as recorded.

    \b
    例 Example:
      gongkai evidence shili-slj 2023 -o pack.zip
      gongkai evidence shili-slj 2023 -o pack.zip --at 2024-02-05 --no-pdf
    """
    context = open_context()
    wanted = agency_named(context.configuration, agency, year)
    path = output or Path(f"gongkai-{wanted.id}-{year}.zip")
    with context.sessions() as session:
        claim = claim_of(session, context, wanted, year, at=at, finding=finding)
        packed = write_pack(session, context, claim, path, pdf=pdf, screenshots=screenshots, force=force)
    if form == "json":
        _echo_json({"path": str(packed.path), "captures": packed.captures, "looks": packed.looks,
                    "readings": packed.readings, "unsealed": packed.unsealed, "bytes": packed.size})  # fmt: skip
        return
    click.echo(f"{packed.path}：{packed.size} 字节 bytes")
    click.echo(
        f"{packed.captures} 份快照、{packed.looks} 次查看、{packed.readings} 份读数"
        f" / {packed.captures} captures, {packed.looks} looks, {packed.readings} readings"
    )
    if packed.unsealed:
        click.echo(
            f"{packed.unsealed} 条记录尚未加封：gongkai archive seal / {packed.unsealed} rows are not sealed yet"
        )


@evidence.command("verify")
@click.argument("file", metavar="PACK", type=click.Path(path_type=Path, exists=True))
@click.option("--head", "published", type=Hash(), help="别人保存的链头。 A head that somebody kept.")
@FORMAT
@click.pass_context
def verify(context: click.Context, file: Path, published: str | None, form: str) -> None:
    """核验证据包，与包中的 verify.py 相同。 Verify a pack or its unpacked folder, as the verify.py in it does.

    有问题时退出码为 1。 The exit code is 1 if anything is wrong.

    \b
    例 Example:
      gongkai evidence verify pack.zip
    """
    try:
        said, wrong = checks.check(file, published or ""), ""
    except checks.Wrong as error:
        said, wrong = [], str(error)
    if form == "json":
        _echo_json({"whole": not wrong, "checked": said, "wrong": wrong or None})
    else:
        for line in said:
            click.echo(line)
        click.echo(f"✗ 有问题 / wrong：{wrong}" if wrong else "✓ 完好 / whole")
    context.exit(1 if wrong else 0)


def _echo_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
