"""`gongkai crawl`: visits portals once. Touches what monitor.jobs.crawl touches, and the terminal."""

from collections.abc import Iterable

import click

from config.schema import Portal
from monitor import jobs
from monitor.commands.bar import progress_bar
from monitor.commands.opening import open_context
from monitor.context import Context
from monitor.visits import DueColumn, Postponed, VisitPlan
from monitor.wording import LANGUAGES, Language, say, show_moment


@click.command("crawl")
@click.argument("slugs", nargs=-1, metavar="[PORTAL]…")
@click.option(
    "--due", is_flag=True, help="只访问按计划到期的栏目。 Only the columns that are due by the plan of visits."
)
@click.option("--dry-run", is_flag=True, help="只显示将访问哪些网站。 Only show what would be visited.")
@click.pass_context
def crawl(context: click.Context, slugs: tuple[str, ...], due: bool, dry_run: bool) -> None:
    """访问登记的网站，存档所见页面。 Visit the registered portals and archive what they show.

    不给名称则访问全部启用的网站；--due 只访问按计划（visits.yml）到期的栏目，中断后再次运行即可继续。
    一个网站失败不影响其他。有失败时退出码为 1。
    Without names all enabled portals are visited; with --due only the columns that are due by the plan (visits.yml), so
    that a crawl that was stopped goes on where it was. One that fails does not stop the others; the exit code is then 1.

    \b
    例 Example:
      gongkai crawl
      gongkai crawl --due --dry-run
    """
    opened = open_context()
    portals = jobs.chosen(opened, slugs)
    if not portals:
        click.echo("没有启用的网站 / no portal is enabled (docs/portals.md)")
    if dry_run and due:
        _echo_due(opened, jobs.plan_of(opened, slugs))
        return
    if dry_run:
        for portal in portals:
            _echo_portal(portal)
        return
    with progress_bar("访问网站 visiting") as progress:
        result = jobs.crawl(opened, slugs, due=due, progress=progress)
    for slug, run in result.finished.items():
        click.echo(f"✓ {slug}：{run.get('requests', 0)} 次请求 requests")
        for column, outcome in run.get("looks", {}).items():
            click.echo(f"    {column}：{say(f'look_outcome.{outcome}', 'zh')} / {say(f'look_outcome.{outcome}', 'en')}")
    for slug, reason in result.resting.items():
        click.echo(f"○ {slug}：{reason}")
    for slug, reason in result.failed.items():
        click.echo(f"✗ {slug}：{reason}")
    context.exit(1 if result.failed else 0)


def _echo_portal(portal: Portal) -> None:
    click.echo(f"{portal.slug}　{portal.name}")
    click.echo(
        f"    主机 hosts: {', '.join(portal.hosts)}；间隔 delay: {portal.delay:g} s；栏目类型 family: {portal.family}"
    )
    click.echo(f"    最多 at most: {portal.max_pages} 页 requests, {portal.max_seconds} s")
    if portal.hours:
        click.echo(f"    时段 hours: {portal.hours}")
    for host, exception in portal.tls.items():
        click.echo(f"    ! TLS 例外 exception: {host}: {exception.value}")
    for column in portal.columns:
        click.echo(f"    {column.key}: {column.url}（{', '.join(column.agencies)}）")


def _echo_due(context: Context, plan: VisitPlan) -> None:
    """The plan with its reasons, portal by portal, and how much of all it is."""
    for visit in plan.visits:
        click.echo(f"{visit.portal}　{context.configuration.portals[visit.portal].name}")
        for host, exception in context.configuration.portals[visit.portal].tls.items():
            click.echo(f"    ! TLS 例外 exception: {host}: {exception.value}")
        for column in visit.columns:
            click.echo(f"    {column.key}：{_both(_reason(column, language) for language in LANGUAGES)}")
    for postponed in plan.postponed:
        click.echo(f"○ {postponed.portal}：{_both(_obstacle(postponed, language) for language in LANGUAGES)}")
    columns = sum(len(visit.columns) for visit in plan.visits)
    click.echo(f"到期 due: {len(plan.visits)} 个网站 portals, {columns} 个栏目 columns")


def _reason(column: DueColumn, language: Language) -> str:
    if column.last is None:
        return say(f"visit_reason.{column.reason}", language)
    outcome = say(f"look_outcome.{column.last.outcome}", language)
    last = show_moment(column.last.at, language)
    return say(f"visit_reason.{column.reason}", language, last=last, outcome=outcome, every=column.every)


def _obstacle(postponed: Postponed, language: Language) -> str:
    until = "" if postponed.until is None else show_moment(postponed.until, language)
    return say(f"visit_obstacle.{postponed.obstacle}", language, reason=postponed.reason, until=until)


def _both(texts: Iterable[str]) -> str:
    return " / ".join(texts)
