"""`gongkai portal`: look at a new portal, check registered ones live, list all. Touches what these do, and the terminal."""

import json
import re
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.errors import ConfigError, GongkaiError
from config.load import load_portal
from monitor import jobs, portals, probing
from monitor.commands.bar import progress_bar
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_context
from monitor.context import Context
from monitor.days import SHANGHAI
from monitor.portals import ColumnHealth, PortalHealth
from monitor.wording import say

SHOWN = 12  # entries of a column on the terminal; --format json has all
NEVER = "从未实地核对 never verified live"


@click.group("portal")
def portal() -> None:
    """查看、核对、列出门户。 Look at a new portal, check the registered ones, list all.

    \b
    例 Example:
      gongkai portal probe https://www.example.org/
      gongkai portal check shili --mark
      gongkai portal list
    """


@portal.command("probe")
@click.argument("url")
@click.option("--write", "slug", metavar="SLUG", help="写入 portals/SLUG.yml。 Write the entry to this file.")
@click.option("--force", is_flag=True, help="覆盖已有文件。 Overwrite a file that exists.")
@click.option(
    "--agency",
    "agencies",
    multiple=True,
    metavar="ID",
    help="登记机构编号，用于认不出机构的栏目。 Agency of a column whose entries do not tell it; may be repeated.",
)
@FORMAT
def probe(url: str, slug: str | None, force: bool, agencies: tuple[str, ...], form: str) -> None:
    """查看一个尚未登记的门户。 Look at a portal that is not registered yet.

    礼貌地访问少量页面（遵守 robots.txt，只访问该主机），说明建站系统及依据、年报栏目、其中会列出什么，并给出登记条目。
    Fetches a few pages politely (robots.txt is obeyed, no other host is asked), tells the family and by what signs, the
    annual-report columns and what they would list, and gives the entry that registers them.

    \b
    例 Example:
      gongkai portal probe https://www.example.org/zwgk/zfxxgknb/ --write shili
    """
    context = open_context()
    unknown = [id_ for id_ in agencies if id_ not in context.configuration.agencies]
    if unknown:
        raise GongkaiError(f"no agency {', '.join(unknown)} in agencies.csv")
    path = _path(context, slug) if slug else None
    if path is not None and path.exists() and not force:
        raise GongkaiError(f"{path} exists; --force overwrites it")
    probed = probing.probe(context, url)
    if form == "json":
        click.echo(json.dumps(probed.as_json(), ensure_ascii=False, indent=1))
    else:
        _echo_probed(probed, context)
    if path is None and (form == "json" or not probed.usable()):
        return
    text = probing.as_yaml(probed, agencies)
    if path is None:
        click.echo("\n登记条目（--write SLUG 写入文件） the entry, --write SLUG writes it:\n")
        click.echo(text, nl=False)
        return
    _write(path, text, context)
    click.echo(f"已写入 written: {path}", err=form == "json")


@portal.command("check")
@click.argument("slugs", nargs=-1, metavar="[PORTAL]…")
@click.option(
    "--mark", is_flag=True, help="看到全部栏目的门户写入 verified: 日期。 Write `verified` where all was seen."
)
@FORMAT
@click.pass_context
def check(context: click.Context, slugs: tuple[str, ...], mark: bool, form: str) -> None:
    """实地访问门户，报告各栏目的状况。 Visit portals now and tell how each column was seen.

    不给名称则检查全部启用的门户；停用的门户可以点名检查。有栏目看不到时退出码为 1。
    Without names all enabled portals; one that is switched off is checked when it is named. The exit code is 1 if a
    column could not be seen. Nothing is written to the portals' files without --mark.

    \b
    例 Example:
      gongkai portal check shili --mark
    """
    opened = open_context()
    chosen = [one.slug for one in jobs.chosen(opened, slugs)]
    if not chosen:
        click.echo("没有启用的网站 / no portal is enabled (docs/portals.md)", err=True)
        return
    with progress_bar("访问网站 visiting") as progress:
        result = jobs.crawl(opened, chosen, also_off=True, progress=progress)
    not_visited = result.failed | result.resting
    found = portals.health(opened, chosen, newest=True)
    today = opened.now.astimezone(SHANGHAI).date()
    seen = [one for one in found if one.seen and one.portal.slug in result.finished]
    if mark:
        for one in seen:
            portals.mark(_path(opened, one.portal.slug), today)
    if form == "json":
        answer = [one.as_json() | {"failed": not_visited.get(one.portal.slug)} for one in found]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for one in found:
            _echo_health(one, not_visited.get(one.portal.slug))
            if one in seen:
                line = f"verified: {today}"
                click.echo(f"    已写入 written: {line}" if mark else f"    可以写入 to be set: {line}（--mark）")
    context.exit(0 if len(seen) == len(found) else 1)


@portal.command("list")
@FORMAT
def list_portals(form: str) -> None:
    """列出全部门户：建站系统、栏目、核对日期、最近一次查看。 All portals: family, columns, verified, last look."""
    found = portals.health(open_context())
    if form == "json":
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo("没有登记任何网站 / no portal is registered (docs/portals.md)")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("网站 portal", "系统 family", "栏目 columns", "核对 verified", "最近查看 last look", "备注 notes"):
        table.add_column(title, overflow="fold")
    for one in found:
        table.add_row(*(escape(cell) for cell in _row(one)))
    console = Console()
    console = console if console.is_terminal else Console(width=200)
    console.print(table)
    off = sum(not one.portal.enabled for one in found)
    unverified = sum(one.portal.verified is None for one in found)
    console.print(f"共 {len(found)} 个，停用 {off} 个，{NEVER}：{unverified} 个", style="dim", highlight=False)


def _row(one: PortalHealth) -> tuple[str, ...]:
    entry = one.portal
    looks = dict.fromkeys(portals.last_look(column) for column in one.columns)
    notes = [] if entry.enabled else ["停用 switched off"]
    notes += [f"时段 hours {entry.hours}"] if entry.hours else []
    notes += [f"TLS 例外 exception {host}: {exception.value}" for host, exception in entry.tls.items()]
    verified = entry.verified.isoformat() if entry.verified else NEVER
    return (
        f"{entry.slug}\n{entry.name}",
        entry.family,
        "\n".join(column.column.key for column in one.columns),
        verified,
        "\n".join(looks),
        "\n".join(notes),
    )


def _echo_health(one: PortalHealth, why: str | None) -> None:
    click.echo(
        f"{'✓' if one.seen and why is None else '✗'} {one.portal.slug}　{one.portal.name}（{one.portal.family}）"
    )
    if why is not None:
        click.echo(f"    本次没有访问 not visited: {why}")
        return
    for column in one.columns:
        click.echo(f"    {'✓' if column.seen else '✗'} {_health(column)}")


def _health(column: ColumnHealth) -> str:
    look = column.look
    if look is None:
        return f"{column.column.key}：{portals.last_look(column)}"
    how = _both(f"look_outcome.{look.outcome.value}" if column.seen else f"sight.{column.sight}")
    newest = f"；最新 newest {column.newest.listed} {column.newest.title}" if column.newest else ""
    reason = f"：{look.reason}" if look.reason else ""
    return f"{column.column.key}：{how}{reason}；{look.entries} 条 entries，{look.pages} 页 pages{newest}"


def _echo_probed(probed: probing.Probed, context: Context) -> None:
    found = probed.found
    page = found["page"]
    outcome = _both(f"look_outcome.{page['outcome']}")
    click.echo(f"{found['url']}　{outcome}　{page['reason']}（{found['requests']} 次请求 requests）")
    site = found["site"]
    if any(site.values()):
        click.echo(f"网站 site: {site.get('name') or '?'}　网站标识码 {site.get('id_code') or '?'}")
    click.echo(f"建站系统 family: {found['family'] or '认不出 not recognised'}")
    for sign in found["signs"]:
        click.echo(f"    {sign['family']} {sign['points']}：{'；'.join(sign['seen'])}（{sign['page']}）")
    if not found["columns"]:
        click.echo("没有找到年报栏目 / no annual-report column was found")
    for column in probed.columns:
        _echo_column(column, probed, context)


def _echo_column(column: Any, probed: probing.Probed, context: Context) -> None:
    outcome = column["outcome"]
    words = _both(f"look_outcome.{outcome}")
    click.echo(f"\n栏目 column: {column['name']}　{column['url']}")
    click.echo(f"    依据 by: {'；'.join(column['evidence'])}")
    below = f"，子栏目 branches: {', '.join(column['branches'])}" if column["branches"] else ""
    click.echo(f"    系统 family: {column['family'] or '?'}，内容 holds: {column['holds']}{below}")
    click.echo(f"    {words}　{column['reason']}　{len(column['entries'])} 条 entries，{column['pages']} 页 pages")
    if outcome == "shell":
        click.echo(
            "    列表若由脚本生成且没有数据接口，可设 render: true / set render: true if a script alone makes the list"
        )
    for entry in column["entries"][:SHOWN]:
        click.echo(f"    {entry['date'] or '----------'} {_verdict(entry, probed, context)} {entry['title']}")
    if len(column["entries"]) > SHOWN:
        click.echo(f"    … 另有 {len(column['entries']) - SHOWN} 条 more（--format json）")


def _verdict(entry: Any, probed: probing.Probed, context: Context) -> str:
    one = probed.whose.get(entry["url"])
    if one is None:
        return f"[✗ {entry['reason']}]"
    if one.agency is None:
        return f"[? {one.why}]"
    return f"[✓ {context.configuration.agencies[one.agency].name} {one.year or '?'}]"


def _both(key: str) -> str:
    return f"{say(key, 'zh')} / {say(key, 'en')}"


def _path(context: Context, slug: str) -> Path:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", slug):
        raise GongkaiError(f"{slug}: a slug has small letters, digits and hyphens only")
    return context.settings.config_dir / "portals" / f"{slug}.yml"


def _write(path: Path, text: str, context: Context) -> None:
    """Writes the entry if it can be loaded; else nothing is left. Raises GongkaiError."""
    draft = path.with_suffix(".draft") / path.name
    try:
        draft.parent.mkdir(parents=True)
        draft.write_text(text, encoding="utf-8")
        try:
            load_portal(draft, context.configuration.agencies)
        except (ConfigError, ValidationError) as error:
            hint = "；条目没有机构，用 --agency ID 给出 / the entries name no registered agency, give --agency ID"
            raise GongkaiError(
                f"{str(error).replace(str(draft), str(path))}{hint if 'agencies: []' in text else ''}"
            ) from error
        draft.replace(path)
    except OSError as error:
        raise GongkaiError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
        if draft.parent.is_dir():
            draft.parent.rmdir()
