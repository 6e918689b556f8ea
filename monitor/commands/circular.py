"""`gongkai circular`: the 通报 draft and its worksheet. Touches the store for reading, a folder, the clock, the terminal."""

import datetime as dt
from importlib import metadata
from pathlib import Path

import click

from config.errors import GongkaiError
from config.schema import AgencyKind, Level
from crawler.reports import EXTRACTOR
from crawler.store.reads.coverage import simulated_portals
from monitor.circular import files, judging, scope
from monitor.circular.model import CHECKED, Asked, Circular, Group
from monitor.circular.selection import select
from monitor.clock import SystemClock
from monitor.commands.bar import progress_bar
from monitor.commands.moment import HELP, Moment
from monitor.commands.opening import open_context
from monitor.context import Context
from monitor.wording import say

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("circular")
@click.option("--region", required=True, help="地区代码或名称，含其下各级。 Region code or name, with all below it.")
@click.option("--year", required=True, type=click.IntRange(2007, 2100), help="报告年度。 Report year.")
@click.option(
    "-o", "folder", type=FOLDER, default=Path(), help="文件放入的文件夹，默认当前文件夹。 Folder; default: this one."
)
@click.option("--at", type=Moment(), help=HELP)
@click.option(
    "--kinds", multiple=True, type=click.Choice([kind.value for kind in AgencyKind]),
    help="只要这些类别，可重复。 Only these kinds; may be repeated.",
)  # fmt: skip
@click.option(
    "--levels", multiple=True, type=click.Choice([level.value for level in Level]),
    help="只要这些层级，可重复。 Only these levels; may be repeated.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(("both", *files.FORMATS)), default="both", show_default=True,
    help="文稿、工作表或两者。 The draft, the worksheet or both.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="只统计，不写文件。 Count only, write no file.")
@click.option("--force", is_flag=True, help="覆盖已有文件。 Overwrite existing files.")
def circular(
    region: str,
    year: int,
    folder: Path,
    at: dt.datetime | None,
    kinds: tuple[str, ...],
    levels: tuple[str, ...],
    form: str,
    dry_run: bool,
    force: bool,
) -> None:
    """为主管部门起草通报（DOCX）和核查工作表（XLSX）。 Draft the circular and its worksheet for the supervising office.

    按该时刻重新判断，不取已记录的状态；无法判断和不适用的单位不计为问题。逐项人工核对后方可使用。
    Everything is judged anew at the moment; unknown and exempt offices are counted against nobody. Check every item by
    hand before it is used.

    \b
    例 Example:
      gongkai circular --region 9901 --year 2023 -o drafts
      gongkai circular --region 示例省示例市 --year 2023 --kinds department --at 2024-02-10 --dry-run
    """
    context = open_context(at)
    _refuse_the_future(context)
    prefix, name = scope.region_of(region, context.configuration)
    asked = Asked(prefix, name, year, context.now, kinds, levels)
    targets = files.paths(folder, asked, files.FORMATS if form == "both" else (form,))
    if not dry_run and not force:
        files.refuse_existing(list(targets.values()))
    made = _made(context, asked)
    _echo(made)
    if dry_run:
        click.echo("未写文件 / nothing was written")
        return
    files.save(made, targets)
    for path in targets.values():
        click.echo(f"已写 written：{path}")
    click.echo("草稿：逐项人工核对后方可使用 / a draft: check every item by hand before it is used")


def _refuse_the_future(context: Context) -> None:
    real = [portal.slug for portal in context.configuration.portals.values() if not portal.is_local]
    if real and context.now > SystemClock().now():
        raise GongkaiError("--at lies in the future: nothing has been seen of it yet")


def _made(context: Context, asked: Asked) -> Circular:
    """Judges the scope, with a progress bar. Raises GongkaiError: nobody in scope is watched for the year."""
    known = context.configuration
    kinds, levels = [AgencyKind(kind) for kind in asked.kinds], [Level(level) for level in asked.levels]
    agencies = scope.agencies_of(known.agencies.values(), asked.region, asked.year, kinds, levels)
    if not agencies:
        raise GongkaiError(f"no agency in scope is watched for {asked.year}: see watched_years in agencies.csv")
    with context.sessions() as session, progress_bar("判断 Judging") as progress:
        judged = judging.judge(session, known, agencies, asked.year, asked.at, progress)
        simulated = simulated_portals(session)
        seals = judging.head_of_the_chain(session, asked.at)
    portals = {portal for agency in agencies for portal, _ in known.columns_of(agency.id)}
    return select(
        judged,
        asked,
        extractor=EXTRACTOR,
        version=_version(),
        seals=seals,
        simulated=bool(simulated & portals),
    )


def _version() -> str:
    try:
        return metadata.version("gongkai-watch")
    except metadata.PackageNotFoundError:
        return "–"


def _echo(made: Circular) -> None:
    total, owed = len(made.cases), made.owed
    click.echo(f"列入范围 {total}，到期应公布 {owed} / {total} offices in scope, {owed} owe a report by now")
    for group in Group:
        if count := made.counts.get(group, 0):
            words = f"{say(f'circular.group.{group.value}', 'zh')} {say(f'circular.group.{group.value}', 'en')}"
            click.echo(f"  {'' if group in CHECKED else '（不计 not counted）'}{words}：{count}")
    for words, count in (
        ("仅晚于主管部门规定日 after the local day only", len(made.local_missing) + len(made.local_late)),
        ("公布后改动 changes", len(made.changed)),
        ("数据问题 matters of data", len(made.data)),
        ("未能再次确认 not confirmed now", len(made.unconfirmed)),
    ):
        if count:
            click.echo(f"  {words}：{count}")
