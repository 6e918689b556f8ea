"""`gongkai identify`: is it an annual report, whose, of which year, and by what evidence. Stores nothing, visits nothing.

Touches the configuration, one file if it is given, and the terminal.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from config.env import Settings
from config.errors import GongkaiError
from config.load import load
from crawler.identification import Identification, Identifier, Item, Page, Place, page_of
from crawler.workers import Job, Readers
from monitor.commands.form import FORMAT
from monitor.commands.opening import read_settings

DECISIONS = {
    "filed": "年度报告 annual report",
    "review": "待人工认定 for a person to decide",
    "not_a_report": "不是年度报告 no annual report",
}


@click.command("identify")
@click.option("--title", default="", help="列表中的标题。 The title in the list.")
@click.option("--url", required=True, help="页面网址，不会访问。 The page's address; it is not visited.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="已保存的页面。 The page, saved as a file."
)
@click.option(
    "--column", metavar="PORTAL/COLUMN", help="所在栏目，默认按网址判断。 The column; by default told by the address."
)
@FORMAT
def identify(title: str, url: str, file: Path | None, column: str | None, form: str) -> None:
    """判断是谁的、哪一年的年度报告。 Whose annual report it is, and of which year.

    按证据先后：正文统计期限、标题、元数据、栏目，最后是网址；有矛盾或不确定的，列出候选交人认定。
    By the statistics period, the title, the metadata, the column, the address last. What is contradictory or not certain
    is for a person, with candidates.

    \b
    例 Example:
      gongkai identify --title 聊城市行政审批服务局2020年政府信息公开工作年度报告 --url http://www.example.org/1.html
      gongkai identify --title 年报 --url http://www.example.org/1.html --file page.html --format json
    """
    settings = read_settings()
    configuration = load(settings.config_dir)
    identifier = Identifier(configuration)
    place = identifier.places.of_address(url) if column is None else _place(identifier, column)
    page = None if file is None else _page(file, url, settings)
    found = identifier.identify(Item(title, url, page), place)
    if form == "json":
        where = {"portal": place.portal, "column": place.column}
        name = configuration.agencies[found.agency].name if found.agency else None
        click.echo(json.dumps(found.as_json() | {"name": name} | where, ensure_ascii=False, indent=1))
        return
    _echo(found, identifier, place)


def _place(identifier: Identifier, column: str) -> Place:
    portal, _, key = column.partition("/")
    place = identifier.places.column(portal, key)
    if not place.column:
        raise GongkaiError(f"no column {column} in portals/; it is written PORTAL/COLUMN")
    return place


def _page(file: Path, url: str, settings: Settings) -> Page:
    with Readers.for_settings(settings) as readers:
        [outcome] = readers.read_all([Job(str(file), file, name=url)])
    if outcome.report is None:
        raise GongkaiError(f"{file}: {outcome.error}")
    return page_of(outcome.report)


def _echo(found: Identification, identifier: Identifier, place: Place) -> None:
    click.echo(f"判断 decision：{DECISIONS[found.decision]}")
    if found.agency is not None:
        click.echo(f"机构 agency：{identifier.registry.agencies[found.agency].name}（{found.agency}）")
    if found.year is not None:
        click.echo(f"年度 year：{found.year}")
    click.echo(f"依据 why：{found.why}")
    click.echo(f"栏目 column：{place.portal or '未登记 not registered'}{'/' + place.column if place.column else ''}")
    for one in found.evidence:
        click.echo(f"  {one.about} ← {one.source.value}：{one.text} → {one.value or '–'}")
    for conflict in found.conflicts:
        click.echo(f"  不一致 conflict：{conflict}")
    for id_ in found.candidates:
        click.echo(f"  候选 candidate：{identifier.registry.agencies[id_].name}（{id_}）")
