"""`python -m tests.country [--seed N] [--portals N] [--agencies N] [--days N] [--start DAY] [--gap DAYS] …`

Lives through the days of a simulated country and prints what was found, what was said wrongly and how blindness was
named; Ctrl-C ends it early. Ends with 1 if anything was wrong; each wrong thing is printed with its seed, day, agency
and looks. With --keep, a country that was stopped goes on where it was. May touch: 127.0.0.1, child processes, a folder that it makes (and removes, unless --keep names one).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import gc
import logging
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.country import kept
from tests.country.dress import KNOWN
from tests.country.drive import Stage, stage
from tests.country.measure import ACCUSATIONS, Figures, Measure, Wrong
from tests.country.plan import START, Country, country
from tests.country.troubles import MEAN_GAP, Troubles, troubles

MADE_OF = ("seed", "portals", "agencies", "days", "start", "gap")
SHOWN = 40  # wrong things that are printed with their looks


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.country", description="模拟的国家 / a simulated country")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--portals", type=int, default=60)
    parser.add_argument("--agencies", type=int, default=600)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--start", type=dt.date.fromisoformat, default=START)
    parser.add_argument("--gap", type=float, default=MEAN_GAP, help="days between two troubles of a portal, on average")
    parser.add_argument("--families", default=",".join(KNOWN), help=f"of {', '.join(KNOWN)}")
    parser.add_argument(
        "--keep", type=Path, default=None, metavar="FOLDER",
        help="where the store and archive stay; a country that is there already goes on where it was stopped",
    )  # fmt: skip
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells ignore it for what runs in the background
    families = tuple(options.families.split(","))
    plan = country(
        options.seed,
        families,
        portals=options.portals,
        agencies=options.agencies,
        days=options.days,
        start=options.start,
    )
    logging.disable(logging.WARNING)
    gc.set_threshold(100_000, 20, 50)  # the country lives long; to look for garbage in it took a tenth of each day
    console = Console()
    with tempfile.TemporaryDirectory(prefix="gongkai-country-") as folder:
        wrongs = troubles(plan, families, options.gap)
        where = options.keep or Path(folder)
        made_of = (*(getattr(options, name) for name in MADE_OF), families)
        return live(plan, wrongs, families, where, console, made_of)


def live(
    plan: Country,
    wrongs: Troubles,
    families: tuple[str, ...],
    folder: Path,
    console: Console,
    made_of: tuple[object, ...],
) -> int:
    """All days, with a progress bar; prints the figures and returns the exit code."""
    measure = Measure(plan, wrongs)
    before = kept.read(folder, made_of)
    began = time.monotonic() - (before.seconds if before else 0.0)
    days = [day for day in plan.calendar if before is None or day > before.day]
    if before is not None:
        measure.remember(before.memory)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with stage(plan, wrongs, folder, before) as running:
        with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("", total=plan.days, completed=plan.days - len(days))
            with _ending_after_the_day() as ended, contextlib.suppress(KeyboardInterrupt):
                for day in days:
                    measure.take(running.live(day))
                    seconds = time.monotonic() - began
                    kept.write(folder, kept.Kept(made_of, day, running.ports, measure.memory(), seconds))
                    bar.update(task, advance=1, description=f"{day} 错 wrong: {len(measure.figures.wrong)}")
                    if ended.is_set():
                        break
        figures = measure.finish()
        grouped = _grouped(figures.wrong)
        for wrong, times in grouped[:SHOWN]:
            _print_wrong(console, plan, running, wrong, times)
    if len(grouped) > SHOWN:
        console.print(f"… {len(grouped) - SHOWN} more of such")
    _print_figures(console, plan, families, figures, time.monotonic() - began)
    return 0 if figures.well else 1


@contextlib.contextmanager
def _ending_after_the_day() -> Iterator[threading.Event]:
    """Ctrl-C ends the country when its day is over, a second one at once; what was lived through is told all the same."""
    ended = threading.Event()
    former = signal.getsignal(signal.SIGINT)

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()
        signal.signal(signal.SIGINT, former)

    signal.signal(signal.SIGINT, end)
    try:
        yield ended
    finally:
        signal.signal(signal.SIGINT, former)


def _grouped(wrongs: Sequence[Wrong]) -> list[tuple[Wrong, int]]:
    """The first of each kind of thing at each place, with how often it was so; those about offices first."""
    found: dict[tuple[str, ...], list[Wrong]] = {}
    for wrong in wrongs:
        key = wrong.what, wrong.portal, wrong.column, wrong.office, str(wrong.year), wrong.true, wrong.said[:20]
        found.setdefault(key, []).append(wrong)
    return sorted(((same[0], len(same)) for same in found.values()), key=lambda pair: not pair[0].office)


def _print_wrong(console: Console, plan: Country, running: Stage, wrong: Wrong, times: int) -> None:
    about = f"{wrong.office} {wrong.year}" if wrong.office else ""
    often = f" ({times} times)" if times > 1 else ""
    console.print(
        f"✗ {wrong.what}: seed {plan.seed}, {wrong.day}, {wrong.portal}/{wrong.column} {about}{often}\n"
        f"    said: {wrong.said}\n    true: {wrong.true}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    for look in running.looks(wrong.portal, wrong.column, wrong.day, 8 if wrong.office else 3):
        line = f"      {look.at:%Y-%m-%d} {look.outcome} {' '.join(look.reason.split())}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_figures(
    console: Console, plan: Country, families: tuple[str, ...], figures: Figures, seconds: float
) -> None:
    offices = sum(len(place.offices) for place in plan.places)
    console.print(
        f"seed {plan.seed}: {len(plan.places)} portals ({', '.join(families)}), {offices} agencies, {figures.days} of {plan.days} days "
        f"from {plan.start}; {figures.looks} looks in {seconds / 60:.1f} minutes",
        highlight=False,
        soft_wrap=True,
    )
    found = Table("published reports", "", title_justify="left")
    found.add_row("came, and could be seen on a visit", str(figures.published))
    found.add_row("found on the first visit on which they could be seen", str(figures.found))
    found.add_row("found on the first visit after they came", str(figures.found_at_once))
    found.add_row("visits that failed", str(figures.failed_visits))
    found.add_row("contents left to a person", str(figures.review))
    console.print(found)
    said = Table("said", "false", "right", "true of")
    for what in ACCUSATIONS:
        said.add_row(what, str(figures.false[what]), str(figures.right[what]), str(figures.due_to[what]))
    console.print(said)
    named = Table("what was wrong", "looks named rightly", "wrongly", "as")
    for what in sorted({*figures.named, *(what for what, _ in figures.misnamed)}):
        others = {said: count for (cause, said), count in figures.misnamed.items() if cause == what}
        shown = ", ".join(f"{said} {count}" for said, count in others.items())
        named.add_row(what or "nothing", str(figures.named[what]), str(sum(others.values())), shown)
    console.print(named)


if __name__ == "__main__":
    sys.exit(main())
