"""`python -m tests.demo [--once] [--port N] [--keep DIR]`: the whole job on simulated portals, then the status page.

May touch: a folder of its own (or --keep's), 127.0.0.1, child processes. Ends with 0; with 1 when something that
the story promises did not happen; with 2 for a mistake in the command line or the environment.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.errors import GongkaiError
from monitor.wording import say
from tests.demo import page
from tests.demo.stage import AFTER_THE_CRAWL, Played, Stage, stage
from tests.demo.summary import summary
from tests.story import DAYS, Day, states_on

NARROWEST = 150  # characters, where the output is no terminal
PAGE_SECONDS = 30


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    try:
        with _folder(options.keep) as folder:
            return _demonstrate(console, folder, options.port, once=options.once, kept=options.keep is not None)
    except GongkaiError as error:
        console.print(f"[red]{error}[/red]", highlight=False)
        return 2
    except KeyboardInterrupt:
        console.print("\n演示已结束 / The demonstration has ended.")
        return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.demo", description="在模拟门户上演示全部工作 / the whole job on simulated portals"
    )
    parser.add_argument("--once", action="store_true", help="演示完即结束 / end after the story")
    parser.add_argument(
        "--port", type=_port, metavar="N", help=f"状态页端口 / of the page (default {page.STANDARD_PORT})"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="保留数据的空文件夹 / an empty folder that is kept")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} 不是端口号 / is no port (0 to 65535; 0 takes any free one)")
    return int(text)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder of this run: `keep`, which has to be empty or absent, or one that is thrown away."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="gongkai-demo-") as name:
            yield Path(name)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise GongkaiError(f"{keep} 不是空文件夹 / {keep} is not empty; the demonstration begins with nothing")
    except OSError as error:
        raise GongkaiError(f"{keep} 不能使用 / {keep} cannot be used: {error.strerror}") from error
    yield keep.resolve()


def _demonstrate(console: Console, folder: Path, port: int | None, *, once: bool, kept: bool) -> int:
    listener = page.bound(port)
    address = page.address_of(listener)
    with listener, stage(folder, public_url=address) as running:
        console.print(
            "[bold]演示：全部门户均为本机模拟，“示例”单位均为虚构。[/bold]\n"
            "[bold]A demonstration: every portal is simulated on this machine, every 示例 agency is invented.[/bold]\n"
        )
        differences = _play(console, running)
        now = DAYS[-1].moment + AFTER_THE_CRAWL
        console.print()
        console.print(summary(running, now))
        if not kept:
            console.print("演示结束时删除以上数据，--keep DIR 可保留 / thrown away at the end; --keep DIR keeps it\n")
        with page.served(running, listener, now):
            _show_page(console, address, once=once)
    for difference in differences:
        console.print(f"[red]与预期不符 / not as expected: {difference}[/red]", highlight=False)
    return 1 if differences else 0


def _play(console: Console, running: Stage) -> list[str]:
    """Plays every day; returns what was not as the story says."""
    differences = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(DAYS))
        for day in DAYS:
            progress.update(task, description=f"{day.day} 采集、解读、判断、通知 / crawl, read, evaluate, notify")
            played = running.play(day.moment)
            _tell(console, day, played)
            differences += _differences(day, played)
            progress.advance(task)
    return differences


def _tell(console: Console, day: Day, played: Played) -> None:
    chinese, english = day.happens
    console.print(f"[bold]{day.day}[/bold]  {chinese} / {english}", highlight=False, soft_wrap=True)
    agencies = played.context.configuration.agencies
    for event in played.evaluate.events:
        if event.kind != "quiet":
            kind = f"{say(f'event.{event.kind}', 'zh')} / {say(f'event.{event.kind}', 'en')}"
            portal = event.details.get("portal")  # what is about a portal has no agency
            about = f"{agencies[event.agency_id].name} {event.year}" if portal is None else portal["name"]
            console.print(f"            → {about}：{kind}", highlight=False)


def _differences(day: Day, played: Played) -> list[str]:
    """The demonstration checks itself: a state that is not the story's is shown, and the exit code tells."""
    expected = states_on(day.day)
    found = [f"{day.day} {slug}: {why}" for slug, why in played.crawl.failed.items()]
    for assessment in played.evaluate.assessments:
        wanted = expected.get((assessment.agency_id, assessment.year))
        if wanted is None or (assessment.state, assessment.reason) != (wanted.state, wanted.reason):
            found.append(f"{day.day} {assessment.agency_id} {assessment.year}: {assessment.state} {assessment.reason}")
    return found


def _show_page(console: Console, address: str, *, once: bool) -> None:
    console.print(f"[bold green]状态页 / Status page: {address}/  （English: {address}/en/）[/bold green]")
    if once:
        for path in ("/", "/en/"):
            answer = httpx.get(f"{address}{path}", timeout=PAGE_SECONDS, trust_env=False)
            console.print(f"已打开 / fetched: {answer.url} → HTTP {answer.status_code}, {len(answer.content)} bytes")
            if not answer.is_success:
                raise GongkaiError("状态页出错 / the status page failed")
        return
    console.print("按 Ctrl-C 结束 / Ctrl-C ends it.")
    threading.Event().wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a kill ends it as Ctrl-C does, with nothing left behind
    raise SystemExit(main())
