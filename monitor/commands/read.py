"""`gongkai read`: with files reads them without storing anything; without files reads what the crawl archived.

Touches the given files and the terminal, or the archive and the store.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from config.errors import GongkaiError
from monitor import jobs
from monitor.commands.bar import progress_bar
from monitor.commands.opening import open_context
from monitor.commands.read_files import OutputFormat, read_files
from monitor.commands.summary import echo_reading


@click.command("read")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]…")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("table", "csv", "json")),
    default="table",
    show_default=True,
    help="输出格式（仅用于文件）。 Form of the output, for files.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写入文件（CSV 带 BOM，可用 Excel 打开）。 Write to a file (CSV with a BOM, for Excel).",
)
@click.pass_context
def read(context: click.Context, files: tuple[Path, ...], output_format: OutputFormat, output: Path | None) -> None:
    """读取年度报告。 Read annual reports.

    给出文件：读取并显示，不入库。不给文件：读取已采集、尚未读取的页面。
    With files: read and show them, nothing is stored. Without: read what was collected and not read yet.

    \b
    例 Example:
      gongkai read report.html
      gongkai read --format csv -o numbers.csv *.txt
      gongkai read
    """
    if not files:
        if output is not None or output_format != "table":
            raise click.UsageError("--format and --output are for files; name at least one FILE")
        with progress_bar("读取 reading") as progress:
            summary = jobs.read(open_context(), progress=progress)
        echo_reading(summary)
        context.exit(1 if summary.failed else 0)
    if output is None:
        context.exit(read_files(files, output_format, sys.stdout, sys.stderr))
    encoding = "utf-8-sig" if output_format == "csv" else "utf-8"
    try:
        with output.open("w", encoding=encoding, newline="") as stream:
            code = read_files(files, output_format, stream, sys.stderr)
    except OSError as error:
        raise GongkaiError(f"{output}: cannot be written: {error.strerror or error}") from error
    context.exit(code)
