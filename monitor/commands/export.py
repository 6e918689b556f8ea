"""`gongkai export`: the data as files. Touches what monitor.exports touches, in a child, and the terminal."""

import json
from pathlib import Path
from typing import Any

import click

from config.load import load
from monitor import clock, jobs
from monitor.clock import SystemClock
from monitor.commands.bar import progress_bar
from monitor.commands.opening import open_sessions, read_settings
from monitor.exports.run import FORMAT_NAMES
from monitor.exports.run import export as export_in_child


@click.command("export")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMAT_NAMES),
    help="只要这些格式，可重复。 These formats only; may be repeated.",
)
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    help="只要这些表，可重复；表名见 docs/data.md。 These tables only; may be repeated. Their names: docs/data.md.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="写入这个文件夹，而不是数据页。 Into this folder, and not onto the page.",
)
@click.option("--force", is_flag=True, help="没有变化也重新制作。 Also where nothing changed.")
@click.option("--dry-run", is_flag=True, help="只显示将写出什么。 Only show what would be written.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果。 The result as JSON.")
def export(
    formats: tuple[str, ...], tables: tuple[str, ...], output: Path | None, force: bool, dry_run: bool, as_json: bool
) -> None:
    """导出全部数据：CSV、Excel、Parquet、SQLite，附字段说明、校验值和许可。 All data as files, described, with checksums.

    不加 -o 则供数据页下载（<data_dir>/exports），没有变化时什么也不做；只要一部分时须用 -o 指定文件夹。
    Without -o they are what the page offers (<data_dir>/exports), and nothing is done if nothing changed; a part of them
    goes into a folder of your own.

    \b
    例 Example:
      gongkai export
      gongkai export --format xlsx --table coverage --table facts_2021 -o out
    """
    settings = read_settings()
    # The registry of a country as models is large; only a pretended present needs it, to be refused for real portals.
    real = settings.simulated_now is None
    now = SystemClock().now() if real else clock.for_settings(settings, load(settings.config_dir)).now()
    open_sessions(settings)
    with progress_bar("导出 exporting") as progress:
        done = export_in_child(
            settings,
            now,
            jobs.environment(settings),
            tables=tables,
            formats=formats,
            output=output,
            force=force,
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(done.outlook or done.build, ensure_ascii=False, indent=2))
    elif done.outlook is not None:
        _echo_outlook(done.outlook)
    elif done.build is None:
        click.echo("没有可导出的新数据 / nothing new to export（--force）")
    else:
        _echo_build(done.build)


def _echo_outlook(found: dict[str, Any]) -> None:
    for table, rows in found["rows"].items():
        click.echo(f"{table}：约 about {rows:,} 行 rows")
    click.echo(f"→ {found['target']}")
    click.echo(
        f"约需 {_mib(found['bytes'])} MiB，可用 {_mib(found['free'])} MiB / "
        f"needs about {_mib(found['bytes'])} MiB of {_mib(found['free'])} MiB that are free"
    )
    if found["unchanged"]:
        click.echo(f"没有变化：{found['unchanged']} / nothing changed since {found['unchanged']}")


def _echo_build(made: dict[str, Any]) -> None:
    for table, rows in made["rows"].items():
        left = f"　✗ {', '.join(made['left_out'][table])}" if table in made["left_out"] else ""
        click.echo(f"{table}：{rows:,} 行 rows{left}")
    size = sum(file["bytes"] for file in made["files"])
    click.echo(f"✓ {made['name']}：{len(made['files'])} 个文件 files，{_mib(size)} MiB")


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f}"
