"""The pool of reading processes: jobs in, outcomes out, in the same order, whatever a document does.

May touch: its processes. The parent itself parses nothing that came from outside.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Generator, Iterable
from dataclasses import replace
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self

from config.env import Settings
from crawler.errors import WorkerError
from crawler.workers.batch import is_for_libreoffice
from crawler.workers.job import MEGABYTE, Failure, Job, Limits, Outcome
from crawler.workers.queue import Queue
from crawler.workers.wire import Done, WireError
from crawler.workers.worker import Death, Worker

log = logging.getLogger(__name__)

READER = "crawler.workers.child:read_document"
MOST_BY_ITSELF = 4  # processes, where the settings name no number
AHEAD = 2  # tasks of one process: the one under way, and the next, so that it never waits for the parent
STARTS = 3  # processes in a row that may die before they are ready


class Readers:
    """A pool of at most `workers` processes. Use it as a context manager: leaving it ends them all, at once.

    The processes are started when there is something to read, and stay for the next `read_all`. `reader` is
    the function that reads (module:function, a crawler.workers.child.Reader); tests have others.
    """

    def __init__(self, *, workers: int = 1, limits: Limits | None = None, reader: str = READER) -> None:
        if workers < 1:
            raise ValueError("a pool needs at least one process")
        self.limits = limits or Limits()
        self._most = workers
        self._reader = reader
        self._workers: list[Worker] = []
        self._failed_starts = 0
        self._is_reading = False

    @classmethod
    def for_settings(cls, settings: Settings) -> Self:
        limits = Limits(seconds=settings.read_seconds, memory_bytes=settings.read_memory_mb * MEGABYTE)
        return cls(workers=settings.read_workers or min(os.cpu_count() or 1, MOST_BY_ITSELF), limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every process. The pool can be used again: it starts new ones."""
        for worker in tuple(self._workers):
            self._end(worker)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are alive now."""
        return tuple(worker.pid for worker in self._workers)

    def read_all(self, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """One outcome for each job, in their order. Jobs are taken when there is room for them, never all at once.

        A process that a document brings to its end is replaced, and the others go on. That document is read
        once more, alone in a fresh process, for it may have died of what another one left; a time-out is not
        repeated. Raises WorkerError when no process can be started.
        """
        if self._is_reading:
            raise RuntimeError("this pool is reading already")
        self._is_reading = True
        queue = Queue(jobs, is_for_libreoffice)
        try:
            while True:
                self._assign(queue)
                outcome = queue.next_ready()
                if outcome is not None:
                    yield outcome
                elif queue.is_over:
                    return
                else:
                    self._listen(queue)
        finally:
            self._is_reading = False
            for worker in tuple(self._workers):
                if worker.tasks:  # the caller has left before the end
                    self._end(worker)

    def _assign(self, queue: Queue) -> None:
        while queue.has_lone_tasks and self._make_room():
            self._start(solitary=True).give(queue.next_lone_task())
        while not queue.has_lone_tasks and self._has_room():
            task = queue.next_task()
            if task is None:
                return
            self._next_worker().give(task)

    def _make_room(self) -> bool:
        """Whether one more process may be started; one that has nothing to do makes place."""
        if len(self._workers) < self._most:
            return True
        idle = next((worker for worker in self._workers if not worker.tasks), None)
        if idle is not None:
            self._end(idle)
        return idle is not None

    def _has_room(self) -> bool:
        return len(self._workers) < self._most or any(
            len(worker.tasks) < AHEAD and not worker.retires for worker in self._workers
        )

    def _next_worker(self) -> Worker:
        """One that waits, else a new one, else the one that has the least to do."""
        least = min((w for w in self._workers if not w.retires), key=lambda worker: len(worker.tasks), default=None)
        if least is None or (least.tasks and len(self._workers) < self._most):
            return self._start()
        return least

    def _listen(self, queue: Queue) -> None:
        """Waits until a process says something, dies or is late, and takes note of it."""
        busy = [worker for worker in self._workers if worker.tasks]
        patience = max(min(worker.deadline for worker in busy) - time.monotonic(), 0.0)
        speaking = wait([worker.channel for worker in busy], timeout=patience)
        for worker in busy:
            if worker.channel in speaking:
                self._hear(worker, queue)
            elif worker.is_late:
                log.warning("reading process %d does not end by itself and is killed", worker.pid)
                self._bury(worker, queue, late=True)

    def _hear(self, worker: Worker, queue: Queue) -> None:
        try:
            for job, done in worker.take():
                self._settle(worker, job, done, queue)
        except (EOFError, WireError) as error:
            if isinstance(error, WireError):
                log.warning("reading process %d: %s", worker.pid, error)
            self._bury(worker, queue)
            return
        if worker.retires and not worker.tasks:
            self._end(worker)

    def _settle(self, worker: Worker, job: Job, done: Done, queue: Queue) -> None:
        self._failed_starts = 0
        if done.traceback:
            log.info("%s", done.traceback)
        if done.outcome.failure is not Failure.MEMORY:
            queue.settle(done.outcome)
        elif worker.is_solitary:
            queue.settle(replace(done.outcome, error=self._error(Failure.MEMORY, "")))
        else:
            queue.repeat([job])

    def _bury(self, worker: Worker, queue: Queue, *, late: bool = False) -> None:
        """It has died, or has to: its document is to blame, or is read once more; the others go on elsewhere."""
        head, *others = worker.tasks
        begun = worker.begun
        was_ready = worker.is_ready
        death = self._end(worker)
        log.info("reading process %d died (%s): %s", worker.pid, death.manner, death.words)
        queue.give_back(others)
        if not was_ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise WorkerError(f"a reading process cannot be started ({death.manner}): {death.words[-300:]}")
            queue.give_back([head])
            return
        failure = Failure.TIME if late else death.cause
        if len(head.jobs) > 1 or not (worker.is_solitary or failure is Failure.TIME):
            queue.repeat(head.jobs)
            return
        sha256, size = (begun.sha256, begun.size) if begun else ("", 0)
        error = self._error(failure, death.manner)
        queue.settle(Outcome(head.jobs[0].key, sha256, size, failure=failure, error=error))

    def _error(self, failure: Failure, manner: str) -> str:
        if failure is Failure.TIME:
            seconds = f"{self.limits.seconds:g}"
            return f"读取超时：{seconds} 秒内未能读完，已停止。 / Not read within {seconds} seconds; stopped."
        if failure is Failure.MEMORY:
            megabytes = self.limits.memory_bytes // MEGABYTE
            return f"内存超限：读取所需内存超过 {megabytes} MB，已停止。 / Reading needs more than {megabytes} MB; stopped."
        return f"读取进程崩溃（{manner}），单独重读仍然如此。 / The reading process died ({manner}), also when it read this alone."

    def _start(self, *, solitary: bool = False) -> Worker:
        worker = Worker(self._reader, self.limits, solitary=solitary)
        self._workers.append(worker)
        return worker

    def _end(self, worker: Worker) -> Death:
        self._workers.remove(worker)
        return worker.end()
