"""What one `read_all` has still to do, what is under way and what is done. May touch nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from crawler.workers.job import Job, Outcome
from crawler.workers.wire import Task

WINDOW = 64  # documents taken beyond the one that is to be given out next: bounds what waits in memory
BATCH = 20  # documents that are converted together


class Queue:
    """Takes jobs lazily and gives outcomes in their order. Within, a job's key is its position.

    `is_batched`: whether a job is best read together with others of its kind. Such jobs are held until a batch is
    full or nothing else can be taken.
    """

    def __init__(self, jobs: Iterable[Job], is_batched: Callable[[Job], bool]) -> None:
        self._source = iter(jobs)
        self._is_batched = is_batched
        self._held: list[Job] = []
        self._jobs: dict[int, Job] = {}  # taken and not done
        self._taken = 0
        self._given = 0
        self._done: dict[int, Outcome] = {}
        self._back: deque[Task] = deque()
        self._exhausted = False
        self._alone: deque[Task] = deque()

    @property
    def is_over(self) -> bool:
        return self._exhausted and self._given == self._taken

    def next_task(self) -> Task | None:
        """None: there is nothing more, or what was taken has to be given out first."""
        if self._back:
            return self._back.popleft()
        while len(self._held) < BATCH and (job := self._next_job()) is not None:
            if not self._is_batched(job):
                return Task((job,))
            self._held.append(job)
        batch, self._held = tuple(self._held), []
        return Task(batch) if batch else None

    def give_back(self, tasks: Sequence[Task]) -> None:
        """Tasks that their process did not come to."""
        self._back.extendleft(reversed(tasks))

    def repeat(self, jobs: Sequence[Job]) -> None:
        """Jobs that are to be read once more, each in a process of its own."""
        self._alone += [Task((job,)) for job in jobs]

    @property
    def has_lone_tasks(self) -> bool:
        return bool(self._alone)

    def next_lone_task(self) -> Task:
        return self._alone.popleft()

    def settle(self, outcome: Outcome) -> None:
        position = int(outcome.key)
        self._done[position] = replace(outcome, key=self._jobs.pop(position).key)

    def next_ready(self) -> Outcome | None:
        """The outcome that is next in order; None: it is not there yet."""
        outcome = self._done.pop(self._given, None)
        if outcome is not None:
            self._given += 1
        return outcome

    def _next_job(self) -> Job | None:
        if self._exhausted or self._taken - self._given >= WINDOW:
            return None
        job = next(self._source, None)
        if job is None:
            self._exhausted = True
            return None
        position = self._taken
        self._taken += 1
        self._jobs[position] = job
        return replace(job, key=str(position))
