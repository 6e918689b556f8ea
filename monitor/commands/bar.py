"""A progress bar for people: on a terminal only, on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crawler.read_captures import Progress as Report


@contextmanager
def progress_bar(label: str) -> Iterator[Report]:
    """Gives a function of (done, all)."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def report(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield report
