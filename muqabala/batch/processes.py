"""A batch on one machine: worker processes, each with the model loaded once.

Every worker has its documents sent over a pipe and answers with what came of them. The one it works on is known, so that one that
kills, stalls or swells its worker is tried again, alone, and given up after some attempts.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from typing import TYPE_CHECKING

from corpora import MuqabalaError
from muqabala.batch.work import Outcome, Plan, process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from muqabala.batch.manifest import Task

_AHEAD = 2  # documents that a worker has at a time, so that it never waits for the next
_MOST_DEATHS = 30  # of workers, one after the other, none of which answered anything
_LOOK = 1.0  # seconds between two looks at the workers' memory and time
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""One thread each: two processes whose matrix library has as many threads as there are cores wait for each other."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a document may take.

    Attributes:
        attempts: how often it is tried.
        seconds: after which its worker is ended, 0 for no end.
        mebibytes: of a worker's memory, 0 for no end.
    """

    attempts: int = 3
    seconds: float = 3600.0
    mebibytes: int = 4096


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    tasks: deque[tuple[Task, int]] = field(default_factory=deque)
    since: float = 0.0
    alone: bool = False
    ended: str = ""


def run_processes(
    tasks: Iterator[tuple[Task, int]],
    plan: Plan,
    bounds: Bounds,
    workers: int,
    settle: Callable[[Outcome, int], bool],
) -> None:
    """Process the tasks until all are settled.

    Args:
        tasks: with how often each was tried before.
        plan: what is done with each.
        bounds: what each may take.
        workers: how many processes.
        settle: called with each outcome and the attempts; returns False where the task is to be tried again.

    Raises:
        MuqabalaError: thirty workers died, one after the other, without an answer.
    """
    pool = _Pool(plan, bounds, settle)
    try:
        pool.run(tasks, workers)
    finally:
        pool.close()


class _Pool:
    def __init__(self, plan: Plan, bounds: Bounds, settle: Callable[[Outcome, int], bool]) -> None:
        self._plan, self._bounds, self._settle = plan, bounds, settle
        self._workers: list[_Worker] = []
        self._again: deque[tuple[Task, int]] = deque()  # tried before: each alone, so that it harms no other
        self._deaths = 0  # of workers, since one answered last

    def run(self, tasks: Iterator[tuple[Task, int]], workers: int) -> None:
        fresh = iter(tasks)
        looked = time.monotonic()
        self._workers = [self._start() for _ in range(workers)]
        left = True
        while left or self._again or any(worker.tasks for worker in self._workers):
            for worker in self._workers:
                left = self._feed(worker, fresh) and left
            busy = {worker.pipe: worker for worker in self._workers if worker.tasks}
            for pipe in connection.wait(list(busy), timeout=_LOOK) if busy else ():
                self._hear(busy[pipe])  # type: ignore[index]
            if time.monotonic() - looked >= _LOOK:
                looked = time.monotonic()
                for worker in self._workers:
                    self._look(worker)

    def _feed(self, worker: _Worker, fresh: Iterator[tuple[Task, int]]) -> bool:
        """Give a worker its next tasks; returns whether there may be more fresh ones."""
        while len(worker.tasks) < _AHEAD and not worker.alone:
            if not worker.tasks and self._again:
                item, worker.alone = self._again.popleft(), True
            else:
                found = next(fresh, None)
                if found is None:
                    return False
                if found[1]:  # it was tried in a run that was broken off
                    self._again.append(found)
                    continue
                item = found
            if not worker.tasks:
                worker.since = time.monotonic()
            worker.tasks.append(item)
            with contextlib.suppress(OSError, ValueError):  # a worker that has just died: it is heard of next
                worker.pipe.send(item[0])
        return True

    def _hear(self, worker: _Worker) -> None:
        try:
            outcome: Outcome = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        self._deaths = 0
        task, attempts = worker.tasks.popleft()
        worker.since, worker.alone = time.monotonic(), False
        if not self._settle(outcome, attempts + 1):
            self._again.append((task, attempts + 1))

    def _bury(self, worker: _Worker) -> None:
        """A worker has died: the task it worked on was tried, the others of its were not; another worker takes its place."""
        worker.process.join(5)
        code = worker.process.exitcode
        reason = worker.ended or (
            f"its worker was killed by signal {-code}" if code and code < 0 else f"its worker ended with {code}"
        )
        self._deaths += 1
        if self._deaths > _MOST_DEATHS:  # it is not the documents: give none of them up for it
            raise MuqabalaError(
                f"the workers die, one after the other: {reason}", hint="is there memory enough? --workers, --memory"
            )
        (task, attempts), *others = worker.tasks
        if not self._settle(Outcome(task.row, error=reason, final=False), attempts + 1):
            self._again.append((task, attempts + 1))
        for item in reversed(others):
            self._again.appendleft(item)
        worker.pipe.close()
        self._workers[self._workers.index(worker)] = self._start()

    def _look(self, worker: _Worker) -> None:
        """End a worker that takes too long or too much; it is heard of as dead next."""
        if not worker.tasks or worker.ended:
            return
        seconds, size = time.monotonic() - worker.since, memory_of(worker.process.pid or 0)
        if self._bounds.seconds and seconds > self._bounds.seconds:
            worker.ended = f"not done after {self._bounds.seconds:.0f} s"
        elif self._bounds.mebibytes and size > self._bounds.mebibytes:
            worker.ended = f"its worker took more than {self._bounds.mebibytes} MiB"
        if worker.ended:
            worker.process.kill()

    def _start(self) -> _Worker:
        ours, theirs = get_context("spawn").Pipe()
        before = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, "1"))
        try:
            process_ = get_context("spawn").Process(target=serve, args=(theirs, self._plan), daemon=True)
            process_.start()
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        theirs.close()
        return _Worker(process_, ours)

    def close(self) -> None:
        for worker in self._workers:
            worker.pipe.close()  # which ends it
        for worker in self._workers:
            worker.process.join(2)
            if worker.process.is_alive():
                worker.process.kill()


def serve(pipe: Connection, plan: Plan) -> None:
    """A worker: answers each task with its outcome, until the pipe is closed at the other end, as it is when the run was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run itself is interrupted, and ends its workers
    sys.stdout = sys.stderr
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(process(pipe.recv(), plan))


def memory_of(process_: int) -> int:
    """MiB that a process has in memory; 0 where that cannot be told."""
    try:
        with open(f"/proc/{process_}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except (OSError, ValueError, IndexError, AttributeError):
        return 0
