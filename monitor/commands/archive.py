"""`gongkai archive`: the chain of hashes over what was captured: add to it, verify it, print its head.

Touches the store, the archive (for reading) and the terminal.
"""

import datetime as dt
import json
import re
from dataclasses import asdict
from typing import Any

import click

from crawler import chain
from crawler.archive import Archive
from crawler.chain import Break, Damage, Verdict
from crawler.seals import GENESIS
from crawler.store.reads import seals as reads
from crawler.store.writes.seals import seal_all
from monitor.commands.bar import progress_bar
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_context, open_sessions, read_settings
from monitor.days import iso_moment
from monitor.wording import say, show_moment


class Hash(click.ParamType[str]):
    """64 hexadecimal digits, as `gongkai archive head` prints them."""

    name = "HASH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip().lower()
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            self.fail(f"{value!r} is no hash of 64 hexadecimal digits", param, ctx)
        return text


@click.group("archive")
def archive() -> None:
    """存档的散列链：加封、核验、公布链头。 The chain of hashes over the archive.

    链头交给别人保存，日后的改动才藏不住。 Let others keep the head: only then no later change can be hidden.

    \b
    例 Example:
      gongkai archive head
      gongkai archive verify --head 5f2c…
    """


@archive.command("seal")
@FORMAT
def seal(form: str) -> None:
    """把尚未加封的快照和查看记录加入散列链。 Seal the captures and looks that are not sealed yet.

    每次访问之后自动进行；重复运行无害。 Every crawl ends with it; it can be run again at any time.

    \b
    例 Example:
      gongkai archive seal
    """
    context = open_context()
    sealed = seal_all(context.sessions, context.now, from_the_first=True)
    with context.sessions() as session:
        newest, length = reads.head_hash(session), reads.count(session)
    if form == "json":
        _echo_json({"sealed": sealed, "links": length, "head": newest})
        return
    click.echo(f"新封 {sealed} 条，共 {length} 条 / {sealed} sealed, {length} in all")
    click.echo(f"链头 head：{newest}")


@archive.command("head")
@FORMAT
def head(form: str) -> None:
    """显示散列链的链头，供公布。 Print the head of the chain, to be published.

    \b
    例 Example:
      gongkai archive head
    """
    with open_sessions(read_settings())() as session:
        newest, length = reads.head(session), reads.count(session)
    if form == "json":
        sealed_at = iso_moment(newest.sealed_at) if newest else None
        _echo_json({"links": length, "head": newest.hash if newest else GENESIS, "sealed_at": sealed_at})
        return
    click.echo(newest.hash if newest else GENESIS)
    if newest is not None:
        zh, en = (show_moment(newest.sealed_at, language) for language in ("zh", "en"))
        click.echo(f"第 {length} 条，{zh} 加封 / link {length}, sealed on {en}", err=True)


@archive.command("verify")
@click.option("--head", "published", type=Hash(), help="别人保存的链头。 A head that somebody kept.")
@click.option("--quick", is_flag=True, help="不重读存档文件。 Do not read the archived files again.")
@FORMAT
@click.pass_context
def verify(context: click.Context, published: str | None, quick: bool, form: str) -> None:
    """核验散列链、各条记录和存档文件。 Verify the chain, its rows and the archived files.

    有问题时说明最早的一处，退出码为 1。 Names the first thing that is wrong; the exit code is then 1.

    \b
    例 Example:
      gongkai archive verify
      gongkai archive verify --quick --head 5f2c…
    """
    settings = read_settings()
    files = None if quick else Archive(settings.archive_dir)
    with progress_bar("核验 verifying") as report:
        found = chain.verify(open_sessions(settings), files, published=published or "", progress=report)
    if form == "json":
        _echo_json(_as_json(found))
    else:
        _echo(found, quick=quick)
    context.exit(0 if found.whole else 1)


def _echo(found: Verdict, *, quick: bool) -> None:
    files = (
        "未重读存档文件 / the files were not read" if quick else f"{found.files} 个文件 / {found.files} files were read"
    )
    click.echo(f"{found.links} 条已封记录 / {found.links} sealed rows；{files}")
    if found.unsealed:
        click.echo(
            f"另有 {found.unsealed} 条尚未加封 / {found.unsealed} more are not sealed yet (gongkai archive seal)"
        )
    if found.published is not None:
        after = found.links - found.published
        click.echo(
            f"所给链头是第 {found.published} 条，其后又有 {after} 条"
            f" / the head given is link {found.published}, {after} came after it"
        )
    if found.first is None:
        click.echo("✓ 完好 / whole")
    else:
        for language in ("zh", "en"):
            click.echo(f"✗ {described(found.first, language)}")
        for damage, number in found.counts.items():
            click.echo(f"  {say(f'damage.{damage}', 'zh')} / {say(f'damage.{damage}', 'en')}：{number}")
    click.echo(f"链头 head：{found.head}")


def described(found: Break, language: Any) -> str:
    """Where and what, in one sentence."""
    what = say(f"damage.{found.damage}", language)
    if found.damage is Damage.HEAD_DIFFERS:
        return what
    number = "–" if found.number is None else str(found.number)
    row = f"{say(f'sealed.{found.kind}', language)} {found.row_id}"
    moment = found.at or found.sealed_at
    shown = show_moment(moment, language) if moment else "–"
    place = say("damage.place", language, number=number, row=row, moment=shown, url=found.url or "–", what=what)
    return f"{place} {found.sha256}" if found.sha256 else place


def _as_json(found: Verdict) -> dict[str, Any]:
    first = None
    if found.first is not None:
        first = {name: _plain(value) for name, value in asdict(found.first).items()}
    return {
        "whole": found.whole,
        "links": found.links,
        "head": found.head,
        "files": found.files,
        "unsealed": found.unsealed,
        "published": found.published,
        "first": first,
        "counts": {damage.value: number for damage, number in found.counts.items()},
    }


def _plain(value: Any) -> Any:
    return iso_moment(value) if isinstance(value, dt.datetime) else value


def _echo_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
