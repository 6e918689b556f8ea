"""`gongkai registry`: import, check and compare the registry of agencies. Touches agencies.csv, the files given, the terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from config.agencies import agency_of, check_columns, check_predecessors, load_agencies, row_of, write_agencies
from config.env import Settings
from config.errors import GongkaiError
from config.load import load
from config.schema import Agency, AgencyKind
from crawler import formats
from crawler.agencies import Registry
from crawler.model import Table
from crawler.registry import Difference, Problem, difference, existed, problems
from crawler.reports.dates import parse_day
from monitor import clock
from monitor.commands.opening import read_settings

SHOWN = 50  # of each kind, so that a terminal can be read
_MOST_BYTES = 64 * 2**20
_DAYS = ("valid_from", "valid_to")
KINDS = {
    AgencyKind.DEPARTMENT: "部门 departments",
    AgencyKind.GOVERNMENT: "政府 governments",
    AgencyKind.TOWNSHIP: "乡镇街道 townships",
}


@click.group("registry")
def registry() -> None:
    """机构登记表：导入、检查、比较。 The registry of agencies.

    \b
    例 Example:
      gongkai registry check
      gongkai registry import new.xlsx
      gongkai registry import new.csv --write
      gongkai registry diff old/agencies.csv new/agencies.csv
    """


@registry.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--write", is_flag=True, help="写入 agencies.csv；不加只显示。 Write it; without, it is only shown.")
@click.pass_context
def import_(context: click.Context, file: Path, write: bool) -> None:
    """把 CSV 或 XLSX 中的机构并入登记表。 Take agencies from a CSV or XLSX file into the registry.

    按 id 对照：已有的改所给的列，没有的加在末尾，从不删除。
    By id: of those that are known the given columns are changed, new ones come at the end, none is removed.
    """
    settings = read_settings()
    path = settings.config_dir / "agencies.csv"
    old = load_agencies(path)
    new = dict(old)
    for where, row in _rows(file):
        id_ = row.get("id", "")
        known = row_of(old[id_]) if id_ in old else {}
        new[id_] = agency_of(known | row, where)
    check_predecessors(new, str(file))
    found = difference(old, new)
    _echo_difference(found, old, new)
    wrong = [problem for problem in _problems(new, settings) if problem.error]
    newly = [problem for problem in wrong if problem not in _problems(old, settings)]
    _echo_problems(newly)
    if write and newly:
        raise GongkaiError(f"{file}: {len(newly)} new errors; nothing was written")
    if write and not found.is_empty:
        write_agencies(path, new.values())
        click.echo(f"已写入 written：{path}")
    elif not found.is_empty:
        click.echo("以上未写入；加 --write 写入 / nothing was written; --write does")
    context.exit(1 if newly else 0)


@registry.command("check")
@click.pass_context
def check(context: click.Context) -> None:
    """检查登记表和各栏目。 Check the registry and the columns. The exit code is 1 if anything is wrong."""
    settings = read_settings()
    configuration = load(settings.config_dir)
    known = Registry(configuration.agencies)
    today = clock.for_settings(settings, configuration).now().date()
    found = problems(known, configuration.portals, today)
    _echo_problems(found)
    click.echo("各年度存在的机构 agencies that existed in each report year：")
    for year, counts in existed(known, today.year - 1).items():
        kinds = "，".join(f"{name} {counts[kind]}" for kind, name in KINDS.items())
        watched = sum(
            agency.watched(year) and known.existed_in(agency, year) for agency in configuration.agencies.values()
        )
        click.echo(f"  {year}　{counts.total()}（{kinds}），受监测 watched {watched}")
    undated = sum(agency.valid_from is None for agency in configuration.agencies.values())
    if undated:
        click.echo(f"其中 {undated} 个未登记设立日期，各年都计入 / {undated} have no first day and count in every year")
    wrong = sum(problem.error for problem in found)
    click.echo(
        f"{len(configuration.agencies)} 个机构，{wrong} 处错误 / {len(configuration.agencies)} agencies, {wrong} errors"
    )
    context.exit(1 if wrong else 0)


@registry.command("diff")
@click.argument("old", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("new", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def diff(context: click.Context, old: Path, new: Path) -> None:
    """比较两份登记表。 What differs between two registries. The exit code is 1 if anything does."""
    before, after = load_agencies(old), load_agencies(new)
    found = difference(before, after)
    _echo_difference(found, before, after)
    context.exit(0 if found.is_empty else 1)


def _problems(agencies: Mapping[str, Agency], settings: Settings) -> list[Problem]:
    configuration = load(settings.config_dir)
    today = clock.for_settings(settings, configuration).now().date()
    return problems(Registry(agencies), configuration.portals, today)


def _rows(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a CSV or XLSX file with the place of each. Raises GongkaiError."""
    if file.stat().st_size > _MOST_BYTES:
        raise GongkaiError(f"{file}: larger than {_MOST_BYTES >> 20} MiB")
    content = file.read_bytes()
    grid = _sheet(content, file) if content[:2] == b"PK" else _csv(content, file)
    header = [cell.strip() for cell in next(grid, [])]
    if "id" not in header:
        raise GongkaiError(f"{file}, line 1: no column id")
    check_columns(header, f"{file}, line 1")
    seen: set[str] = set()
    for number, cells in enumerate(grid, start=2):
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        if not any(row.values()):
            continue
        for name in _DAYS:
            day = parse_day(row.get(name, ""))
            row |= {name: day.isoformat()} if day else {}
        if row["id"] in seen:
            raise GongkaiError(f"{file}, line {number}: id {row['id']} stands here a second time")
        seen.add(row["id"])
        yield f"{file}, line {number}", row


def _csv(content: bytes, file: Path) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error) as error:
        raise GongkaiError(f"{file}: cannot be read as UTF-8 CSV: {error}") from error


def _sheet(content: bytes, file: Path) -> Iterator[list[str]]:
    """The first table of a workbook, as its cells show themselves."""
    document = formats.read(content, name=file.name)
    table = next((block for block in document.blocks if isinstance(block, Table)), None)
    if table is None:
        raise GongkaiError(f"{file}: holds no table")
    return ([cell.text for cell in row] for row in table.rows)


def _echo_difference(found: Difference, old: Mapping[str, Agency], new: Mapping[str, Agency]) -> None:
    for title, ids, agencies in (
        ("新增 added", found.added, new),
        ("删除 removed", found.removed, old),
        ("修改 changed", tuple(found.changed), new),
    ):
        click.echo(f"{title}：{len(ids)}")
        for id_ in ids[:SHOWN]:
            click.echo(f"  {id_}　{agencies[id_].name}")
            for name, (before, after) in found.changed.get(id_, {}).items():
                click.echo(f"      {name}：{before or '–'} → {after or '–'}")
        if len(ids) > SHOWN:
            click.echo(f"  … {len(ids) - SHOWN}")


def _echo_problems(found: list[Problem]) -> None:
    by_kind: dict[tuple[bool, str], list[Problem]] = {}
    for problem in found:
        by_kind.setdefault((problem.error, problem.kind), []).append(problem)
    for (error, kind), same in by_kind.items():
        click.echo(f"{'✗' if error else '·'} {kind}：{len(same)}")
        for problem in same[:SHOWN]:
            ids = "、".join(problem.ids[:5]) + (f" … {len(problem.ids)}" if len(problem.ids) > 5 else "")
            click.echo(f"    {problem.message}（{ids}）")
        if len(same) > SHOWN:
            click.echo(f"    … {len(same) - SHOWN}")
