"""`gongkai changes`: how published reports changed, as recorded. Touches the store for reading, a file, the terminal."""

import datetime as dt
import json
from pathlib import Path

import click

from config.alerts import Severity
from config.changes import ChangeKind
from config.errors import GongkaiError
from crawler.store.reads import changes as reads
from crawler.store.reads.changes import ChangeRow
from monitor.agencies import agency_named
from monitor.change_list import as_csv, as_json, as_text
from monitor.commands.opening import open_context
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.reading.words import both

DEFAULT_LIMIT = 100


@click.command("changes")
@click.argument("agency", required=False, metavar="[AGENCY]")
@click.option("--year", type=click.IntRange(2007, 2100), help="报告年度。 Report year.")
@click.option(
    "--severity", type=click.Choice([one.value for one in Severity]),
    help="从此轻重起。 From this severity on.",
)  # fmt: skip
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([one.value for one in ChangeKind]),
    help="只要这些种类，可重复。 Only these kinds; may be repeated.",
)  # fmt: skip
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从此日（北京时间）起见到的。 Seen from this day on.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="也列出无须关注的，如版式变化。 Also what needs nobody's eyes, like layout.",
)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=DEFAULT_LIMIT, show_default=True, help="最多几条。 At most."
)
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "csv")), default="text", show_default=True,
    help="输出格式。 Form of the output.",
)  # fmt: skip
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False),
    help="写入文件（CSV 带 BOM，可用 Excel 打开）。 Write to a file (CSV with a BOM, for Excel).",
)  # fmt: skip
def changes(
    agency: str | None,
    year: int | None,
    severity: str | None,
    kinds: tuple[str, ...],
    since: dt.datetime | None,
    everything: bool,
    limit: int,
    form: str,
    output: Path | None,
) -> None:
    """公布后的改动，新的在前。 How published reports changed, newest first.

    由 evaluate 记录：数字、文字、附件、地址、撤下与恢复；AGENCY 是机构编号或名称，不给则列出所有机构。
    As recorded by evaluate: numbers, words, files, addresses, withdrawn and restored. AGENCY is an id or a name
    of the registry; without one all agencies are listed.

    \b
    例 Example:
      gongkai changes
      gongkai changes liaocheng-xzspj --year 2023 --all
      gongkai changes --severity high --since 2024-02-01 --format csv -o changes.csv
    """
    context = open_context()
    only = None if agency is None else [agency_named(context.configuration, agency, year).id]
    with context.sessions() as session:
        found = reads.newest(
            session,
            agencies=only,
            year=year,
            kinds=kinds,
            severities=_severities(severity, everything=everything),
            since=since.replace(tzinfo=SHANGHAI) if since else None,
            limit=limit + 1,
        )
    if len(found) > limit:
        click.echo(both("changes_command.more", " / ", count=limit), err=True)
    _put(_shown(found[:limit], form, context), form, output)


def _severities(least: str | None, *, everything: bool) -> tuple[str, ...]:
    """Empty for all of them; what weighs nothing is listed only with --all and without --severity."""
    if least is not None:
        return tuple(one.value for one in Severity if one.rank >= Severity(least).rank)
    return () if everything else tuple(one.value for one in Severity)


def _shown(found: list[ChangeRow], form: str, context: Context) -> str:
    agencies = context.configuration.agencies
    if form == "csv":
        return as_csv(found, agencies)
    if form == "json":
        return json.dumps([as_json(row, agencies) for row in found], ensure_ascii=False, indent=1) + "\n"
    lines = [line for row in found for line in as_text(row, agencies)] or [both("changes_command.none", " / ")]
    return "\n".join(lines) + "\n"


def _put(text: str, form: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")
    except OSError as error:
        raise GongkaiError(f"{output}: cannot be written: {error.strerror or error}") from error
