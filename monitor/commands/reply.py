"""`gongkai reply` and `gongkai replies`: what an office said or corrected. Touches the store, a file, the clock, the terminal."""

import datetime as dt
import json
from pathlib import Path

import click

from config.errors import GongkaiError
from crawler.store.reads import coverage
from monitor.agencies import agency_named
from monitor.commands.form import FORMAT
from monitor.commands.opening import open_context
from monitor.context import Context
from monitor.days import iso_moment
from monitor.desk.replies import LONGEST_TEXT, NewReply, Reply, ReplyKind, checked, load, record
from monitor.wording import say

MAX_BYTES = 8 * LONGEST_TEXT  # of --file: four bytes a sign, and some air


class Day(click.ParamType[dt.date]):
    """An ISO day."""

    name = "日期 day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date (2024-02-05)", param, ctx)


@click.command("reply")
@click.argument("agency", metavar="机构 AGENCY")
@click.argument("year", type=click.IntRange(2007, 2100), metavar="年度 YEAR")
@click.option("--text", help="答复内容。 The words of the reply.")
@click.option(
    "--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="内容在此 UTF-8 文本文件中。 A UTF-8 text file with the words.",
)  # fmt: skip
@click.option("--source", required=True, help="来源：网址或文号。 Source: an address or a document.")
@click.option("--received", required=True, type=Day(), help="收到日期。 Day of receipt.")
@click.option("--by", required=True, help="登记人，不公开。 Who records it; not shown in public.")
@click.option(
    "--finding", default="", help="发现编号；不写则关于整个年度。 Key of the finding; without it: the whole year."
)
@click.option(
    "--kind", type=click.Choice([kind.value for kind in ReplyKind]), default=ReplyKind.REPLY.value, show_default=True,
    help="答复或更正。 A reply or a correction.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="只检查，不登记。 Check only, record nothing.")
def reply(
    agency: str,
    year: int,
    text: str | None,
    path: Path | None,
    source: str,
    received: dt.date,
    by: str,
    finding: str,
    kind: str,
    dry_run: bool,
) -> None:
    """登记单位的答复或更正，显示在有关发现旁边。 Record an office's reply or correction; it is shown beside the finding.

    同一事项再次登记即代替旧的；旧的保留，不能删除。 A newer one about the same thing replaces the older, which is kept.

    \b
    例 Example:
      gongkai reply shili-slj 2023 --text 网站改版，未能及时公布 --source 复函〔2024〕3号 --received 2024-02-10 --by 张三
      gongkai reply shili-mzj 2023 --file reply.txt --source https://www.example.org/1.html --received 2024-03-01 \\
        --by 张三 --finding changed:shili-mzj:2023:52-68 --kind correction
      gongkai replies shili-slj
    """
    context = open_context()
    agency = agency_named(context.configuration, agency, year).id
    with context.sessions.begin() as session:
        known = {found.key for found in coverage.findings(session, agency) if found.year == year}
        new = checked(
            agency_id=agency,
            year=year,
            finding_key=finding,
            kind=ReplyKind(kind),
            text=_words(text, path),
            source=source,
            received_on=received,
            by=by,
            known_findings=known,
            now=context.now,
        )
        number = None if dry_run else record(session, new, context.now)
    _echo_new(context, new, number)


@click.command("replies")
@click.argument("agency", required=False, metavar="[机构 AGENCY]")
@FORMAT
def replies(agency: str | None, form: str) -> None:
    """已登记的答复与更正。 The replies and corrections that are recorded, also those that were replaced.

    \b
    例 Example:
      gongkai replies
      gongkai replies shili-slj --format json
    """
    context = open_context()
    only = None if agency is None else agency_named(context.configuration, agency).id
    with context.sessions() as session:
        found = load(session, only)
    if form == "json":
        click.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
        return
    click.echo(f"答复与更正 {len(found)} 条 / {len(found)} replies and corrections")
    for one in found:
        _echo(context, one)


def _words(text: str | None, path: Path | None) -> str:
    if (text is None) == (path is None):
        raise click.UsageError("either --text or --file")
    if path is None:
        return text or ""
    if path.stat().st_size > MAX_BYTES:
        raise GongkaiError(f"{path}: larger than {MAX_BYTES} bytes; give the substance, and the document as --source")
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GongkaiError(f"{path}: cannot be read as UTF-8 text: {error}") from error


def _name(context: Context, agency_id: str) -> str:
    agency = context.configuration.agencies.get(agency_id)
    return agency.name if agency else agency_id


def _echo_new(context: Context, new: NewReply, number: int | None) -> None:
    done = f"已登记 recorded：{number}" if number is not None else "未登记（试运行） nothing was recorded (dry run)"
    kind = f"{say(f'reply.kind.{new.kind.value}', 'zh')} {say(f'reply.kind.{new.kind.value}', 'en')}"
    click.echo(f"{_name(context, new.agency_id)} {new.year}，{kind}：{new.finding_key or '整个年度 the whole year'}")
    for line in new.text.split("\n"):
        click.echo(f"    {line}")
    click.echo(f"    来源 source：{new.source}；收到 received：{new.received_on.isoformat()}")
    click.echo(done)


def _echo(context: Context, one: Reply) -> None:
    kind = f"{say(f'reply.kind.{one.kind.value}', 'zh')} {say(f'reply.kind.{one.kind.value}', 'en')}"
    about = one.finding_key or "整个年度 the whole year"
    click.echo(f"{one.id}　{_name(context, one.agency_id)}（{one.agency_id}） {one.year}　{kind}　{about}")
    for line in one.lines:
        click.echo(f"    {line}")
    click.echo(f"    来源 source：{one.source}；收到 received：{one.received_on.isoformat()}；登记 by：{one.by}")
    if one.superseded_by is not None:
        click.echo(f"    已由 {one.superseded_by} 代替 replaced by {one.superseded_by}")


def _as_json(one: Reply) -> dict[str, object]:
    recorded = {"recorded_at": iso_moment(one.recorded_at), "by": one.by}
    return {"agency": one.agency_id, "year": one.year, **one.as_json(), **recorded}
