"""What the scheduler did and means to do, as the page shows it. May touch nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.store.tables import JobRun

ORDER = ("crawl", "read", "evaluate", "notify")  # the way of the data; other jobs follow by name


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job with its newest run (None: never ran) and its next one (None: nothing is planned)."""

    name: str
    run: JobRun | None
    next_at: dt.datetime | None

    @property
    def seconds(self) -> int | None:
        if self.run is None or self.run.ended_at is None:
            return None
        return round((self.run.ended_at - self.run.started_at).total_seconds())


def job_lines(runs: Mapping[str, JobRun], planned: Mapping[str, dt.datetime | None]) -> tuple[JobLine, ...]:
    """One line for every job that ever ran or is planned."""
    names = sorted(
        runs.keys() | planned.keys(), key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)
    )
    return tuple(JobLine(name, runs.get(name), planned.get(name)) for name in names)
