"""A batch on a Dask cluster: a task is a partition, written by the worker that made it; workers may come and go.

Dask runs a task again where its worker died, perhaps while another still works on it: both write the same bytes to the same
place. A document that kills its workers takes its partition with it, after some attempts; the partition is then done document
by document.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from muqabala.batch.partitions import write_part
from muqabala.batch.processes import THREADS
from muqabala.batch.work import Outcome, Plan, process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from muqabala.batch.manifest import Task

_WATCH, _PATIENCE = 2.0, 20.0  # seconds between looks at a local cluster's workers, and without any until they are started anew
QUIET: dict[str, Any] = {
    "host": "127.0.0.1",
    "dashboard_address": None,  # no dashboard; the scheduler listens all the same, on any port, so that two of them do not meet
    "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"},
    "silence_logs": 50,
}
"""How a cluster on this machine is started."""
_AHEAD = 3  # tasks for each worker that are with the scheduler at a time


@contextmanager
def connected(address: str, workers: int) -> Iterator[Any]:
    """A client of a cluster; `local` starts one of so many processes on this machine.

    Raises:
        MuqabalaError: dask is not installed, or nobody answers there.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise MuqabalaError("a cluster needs the extra 'cluster'", hint="pip install 'muqabala[cluster]'") from None
    if address == "local":
        os.environ.update({name: "1" for name in THREADS if name not in os.environ})
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, **QUIET) as made,
            Client(made) as client,
            _kept_alive(made, workers),
        ):
            yield client
        return
    try:
        client = Client(address, timeout=20)
    except (OSError, TimeoutError, ValueError) as error:
        raise MuqabalaError(f"no cluster answers at {address}", hint=str(error)[:200] or None) from None
    with client:
        yield client


@contextmanager
def _kept_alive(cluster: Any, workers: int) -> Iterator[None]:
    """Start a local cluster's workers anew where none is left.

    A worker's keeper starts it again when it dies, but gives up where it dies while it is still being started: a document
    that kills its workers may end all of them so, and the batch would wait for ever. Where those started anew are not there in
    time either, the machine may be slow: the next have twice as long.
    """
    ended = Event()

    def watch() -> None:
        missing, patience = 0, _PATIENCE
        while not ended.wait(_WATCH):
            if cluster.scheduler_info["workers"]:
                missing, patience = 0, _PATIENCE
                continue
            missing += 1
            if missing * _WATCH >= patience:
                missing, patience = 0, 2 * patience
                cluster.scale(0)
                ended.wait(_WATCH)
                cluster.scale(workers)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join(timeout=_PATIENCE)


def process_part(part: int, tasks: Sequence[Task], plan: Plan, out: str, kind: str, folder: str, left_folder: str) -> list[Outcome]:
    """On a worker: process the pairs of a partition, write it, and tell what came of each, without the lines."""
    outcomes = []
    for task in tasks:
        outcome = process(task, plan)
        outcomes.append(process(task, plan) if outcome.error and not outcome.final else outcome)
    kept, left = "".join(o.kept for o in outcomes), "".join(o.left for o in outcomes)
    write_part(out, part, kept, left, kind=kind, folder=folder, left_folder=left_folder)
    return [Outcome(o.row, counts=o.counts, error=o.error) for o in outcomes]


def map_on(
    client: Any, calls: Iterator[tuple[Any, Callable[..., Any], tuple[Any, ...]]]
) -> Iterator[tuple[Any, Any, Exception | None]]:
    """Run calls on a cluster, a few ahead for every worker, so that neither it nor this process holds more.

    Args:
        client: of the cluster.
        calls: a name, a function and its arguments each.

    Yields:
        The name, the answer or None, and the error of each call, as they end.
    """
    from distributed import as_completed

    names: dict[Any, Any] = {}
    running = as_completed([])
    more = True
    while more or names:
        room = max(_AHEAD, _AHEAD * len(client.scheduler_info(n_workers=-1)["workers"])) - len(names)
        while more and room > 0:
            found = next(calls, None)
            more = found is not None
            if found is not None:
                name, function, arguments = found
                future = client.submit(function, *arguments, pure=False)
                names[future] = name
                running.add(future)
                room -= 1
        if not names:
            return
        future = next(running)
        name, error = names.pop(future), future.exception()
        yield name, None if error else future.result(), error


def killed(error: Exception) -> bool:
    """Whether a task was given up because its workers died."""
    from distributed import KilledWorker

    return isinstance(error, KilledWorker)
