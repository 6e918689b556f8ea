"""`gongkai crawl`: visits portals once. Touches what monitor.jobs.crawl touches, and the terminal."""

import click

from config.schema import Portal
from monitor import jobs
from monitor.commands.bar import progress_bar
from monitor.commands.opening import open_context
from monitor.wording import say


@click.command("crawl")
@click.argument("slugs", nargs=-1, metavar="[PORTAL]…")
@click.option("--dry-run", is_flag=True, help="只显示将访问哪些网站。 Only show what would be visited.")
@click.pass_context
def crawl(context: click.Context, slugs: tuple[str, ...], dry_run: bool) -> None:
    """访问登记的网站，存档所见页面。 Visit the registered portals and archive what they show.

    不给名称则访问全部启用的网站。一个网站失败不影响其他。有失败时退出码为 1。
    Without names all enabled portals are visited. One that fails does not stop the others; the exit code is then 1.

    \b
    例 Example:
      gongkai crawl
      gongkai crawl liaocheng --dry-run
    """
    opened = open_context()
    portals = jobs.chosen(opened, slugs)
    if not portals:
        click.echo("没有启用的网站 / no portal is enabled (docs/portals.md)")
    if dry_run:
        for portal in portals:
            _echo_plan(portal)
        return
    with progress_bar("访问网站 visiting") as progress:
        result = jobs.crawl(opened, slugs, progress=progress)
    for slug, run in result.finished.items():
        click.echo(f"✓ {slug}：{run.get('requests', 0)} 次请求 requests")
        for column, outcome in run.get("looks", {}).items():
            click.echo(f"    {column}：{say(f'look_outcome.{outcome}', 'zh')} / {say(f'look_outcome.{outcome}', 'en')}")
    for slug, reason in result.failed.items():
        click.echo(f"✗ {slug}：{reason}")
    context.exit(1 if result.failed else 0)


def _echo_plan(portal: Portal) -> None:
    click.echo(f"{portal.slug}　{portal.name}")
    click.echo(
        f"    主机 hosts: {', '.join(portal.hosts)}；间隔 delay: {portal.delay:g} s；栏目类型 family: {portal.family}"
    )
    click.echo(f"    最多 at most: {portal.max_pages} 页 requests, {portal.max_seconds} s")
    for column in portal.columns:
        click.echo(f"    {column.key}: {column.url}（{', '.join(column.agencies)}）")
