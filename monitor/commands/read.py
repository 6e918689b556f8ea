"""`gongkai read FILE…`: reads reports without storing anything. Touches the given files and the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.commands.read_files import OutputFormat, read_files


@click.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("table", "csv", "json")),
    default="table",
    show_default=True,
    help="输出格式。 Form of the output.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写入文件（CSV 带 BOM，可用 Excel 打开）。 Write to a file (CSV with a BOM, for Excel).",
)
@click.pass_context
def read(context: click.Context, files: tuple[Path, ...], output_format: OutputFormat, output: Path | None) -> None:
    """读取年度报告文件，不入库。 Read report files without storing anything."""
    if output is None:
        context.exit(read_files(files, output_format, sys.stdout, sys.stderr))
    encoding = "utf-8-sig" if output_format == "csv" else "utf-8"
    with output.open("w", encoding=encoding, newline="") as stream:
        code = read_files(files, output_format, stream, sys.stderr)
    context.exit(code)
