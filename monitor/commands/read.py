"""`gongkai read`: with files reads them without storing anything; without files reads what the crawl archived.

Touches the given files, the output and the terminal, or the archive and the store.
"""

from __future__ import annotations

from pathlib import Path

import click

from config.env import Settings
from config.errors import GongkaiError
from crawler.workers import Job, Readers
from monitor import jobs
from monitor.commands.bar import progress_bar
from monitor.commands.opening import open_context, read_settings
from monitor.commands.summary import echo_reading
from monitor.reading import run, sources
from monitor.reading.explain import explain
from monitor.reading.run import FORMS
from monitor.reading.words import both


@click.command("read")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE|FOLDER]…")
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMS)),
    default="table",
    show_default=True,
    help="输出格式（仅用于文件）。 Form of the output, for files.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写入文件，读完才出现（CSV 带 BOM，可用 Excel 打开）。 Write to a file, which appears when it is complete "
    "(CSV with a BOM, for Excel).",
)
@click.option(
    "--resume/--no-resume",
    default=True,
    show_default=True,
    help="与 --output 同用：接着上次中断的读取，或从头开始。 With --output: go on where an interrupted run ended, or "
    "begin anew.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="同时读取的进程数，默认见 GONGKAI_READ_WORKERS。 Files read at the same time; default GONGKAI_READ_WORKERS.",
)
@click.option(
    "--explain",
    "code",
    metavar="CODE",
    help="说明一个文件中某个法定单元格的数从何而来。 Show where the number of one statutory cell of a file comes from.",
)
@click.pass_context
def read(
    context: click.Context,
    files: tuple[Path, ...],
    form: str,
    output: Path | None,
    resume: bool,
    workers: int | None,
    code: str | None,
) -> None:
    """读取年度报告。 Read annual reports.

    给出文件或文件夹：读取并显示，不入库；文件夹逐层读取，不含隐藏文件和链接。不给文件：读取已采集、尚未读取的页面。
    With files or folders: read and show them, nothing is stored; folders are read with what is below them, without
    hidden files and links. Without: read what was collected and not read yet. The exit code is 2 if a file could
    not be read.

    \b
    例 Example:
      gongkai read report.html
      gongkai read --format csv -o numbers.csv reports/
      gongkai read --explain requests.received.total report.pdf
      gongkai read
    """
    settings = read_settings()
    if workers is not None:
        settings = settings.model_copy(update={"read_workers": workers})
    if not files:
        if output is not None or form != "table" or code is not None or workers is not None:
            raise click.UsageError("--format, --output, --workers and --explain are for files; name at least one FILE")
        with progress_bar(both("reading.run.label")) as progress:
            summary = jobs.read(open_context(), progress=progress)
        echo_reading(summary)
        context.exit(1 if summary.failed else 0)
    if code is not None:
        _explain(code, files, settings)
        return
    found = sources.files(files)
    with Readers.for_settings(settings) as readers:
        if output is None:
            context.exit(run.show(found, FORMS[form], readers))
        try:
            code_of_exit = run.write(found, FORMS[form], readers, output, fresh=not resume)
        except OSError as error:
            raise GongkaiError(f"{output}: cannot be written: {error.strerror or error}") from error
    context.exit(code_of_exit)


def _explain(code: str, files: tuple[Path, ...], settings: Settings) -> None:
    if len(files) != 1 or files[0].is_dir():
        raise click.UsageError(both("reading.explain.one_file", " / "))
    [file] = files
    with Readers.for_settings(settings) as readers:
        [outcome] = readers.read_all([Job(str(file), file, name=file.name, with_document=True)])
    click.echo(explain(code, run.name_of(file), outcome), nl=False)
