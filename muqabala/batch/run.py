"""A batch from its manifest to its report: on processes of this machine, or on a cluster."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, WriteError
from muqabala.batch import duplicates
from muqabala.batch.cluster import connected, killed, map_on, process_part
from muqabala.batch.ledger import FILE, Ledger, told
from muqabala.batch.manifest import read_manifest
from muqabala.batch.partitions import ALIGNED, FORMATS, KEPT, LEFT, write_part
from muqabala.batch.processes import Bounds, run_processes
from muqabala.batch.report import write_report
from muqabala.batch.work import Outcome, Plan, glossary_at, process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is asked for.

    Attributes:
        manifest: the pairs.
        out: the folder of the output.
        plan: what is done with each.
        bounds: what a document may take.
        kind: of the partitions, `jsonl` or `parquet`.
        size: pairs in a partition.
        dedup: `none`, `exact`, `normalised` or `near`.
        workers: processes.
        cluster: address of a Dask scheduler, `local`, or empty.
        again: try what failed again.
        parts: address that fsspec knows, where the partitions go instead of the output's folder.
    """

    manifest: Path
    out: Path
    plan: Plan = field(default_factory=Plan)
    bounds: Bounds = field(default_factory=Bounds)
    kind: str = "jsonl"
    size: int = 100
    dedup: str = "none"
    workers: int = 1
    cluster: str = ""
    again: bool = False
    parts: str = ""

    @property
    def place(self) -> str:
        """Where the partitions go."""
        return self.parts or str(self.out)


def run_batch(batch: Batch, *, progress: Progress | None = None) -> dict[str, Any]:
    """Run a batch, or go on with it where it was broken off; returns its report.

    Raises:
        ReadError: the manifest or the glossary cannot be read.
        WriteError: the output cannot be written.
        MuqabalaError: the folder holds another batch, another process works on it, or no cluster answers.
    """
    if batch.kind not in FORMATS or batch.dedup not in {"none", "exact", "normalised", "near"}:
        raise MuqabalaError(f"'{batch.kind}' or '{batch.dedup}' is not known", hint="jsonl, parquet; none, exact, normalised, near")
    if batch.parts and batch.dedup != "none":
        raise MuqabalaError("duplicates are taken out in a folder that all can read", hint="--dedup none, or no --parts")
    if batch.plan.glossary:
        glossary_at(batch.plan.glossary, batch.plan.folder)
    try:
        batch.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError((error.strerror or str(error)).lower(), path=batch.out) from None
    with _alone(batch.out), Ledger(batch.out / FILE) as ledger:
        _take_in(ledger, batch)
        if batch.again:
            ledger.try_again()
        if batch.cluster:
            with connected(batch.cluster, batch.workers) as client:
                _align_on(client, ledger, batch, progress)
                _deduplicate(ledger, batch, client)
        else:
            _align_here(ledger, batch, progress)
            _deduplicate(ledger, batch, None)
        return write_report(ledger, batch.out)


def _take_in(ledger: Ledger, batch: Batch) -> None:
    """The manifest into the ledger, once; a folder belongs to one batch."""
    from align.aligner import signature
    from muqabala.pipeline import version

    digest = hashlib.sha256(batch.manifest.read_bytes()).hexdigest() if batch.manifest.is_file() else ""
    plan = asdict(batch.plan) | {"dedup": batch.dedup, "kind": batch.kind, "size": batch.size}
    plan.pop("folder")
    glossary = glossary_at(batch.plan.glossary, batch.plan.folder) if batch.plan.glossary else None
    signed = f"muqabala {version()} {signature()}" + (f" glossary={glossary.name}:{glossary.digest}" if glossary else "")
    facts = {"manifest": told(digest), "plan": told(plan), "signature": signed}
    known = ledger.fact("manifest")
    if not known:
        ledger.begin(read_manifest(batch.manifest), facts, batch.size)
        return
    for name, what in (("manifest", "another manifest"), ("plan", "other options"), ("signature", "another version or glossary")):
        if ledger.fact(name) != facts[name]:
            raise MuqabalaError(f"holds a batch of {what}", path=batch.out, hint="give another folder, or remove this one")


# aligning


def _align_here(ledger: Ledger, batch: Batch, progress: Progress | None) -> None:
    _write_settled(ledger, batch)
    total = ledger.states().total()
    done = total - ledger.states()["waiting"]

    def settle(outcome: Outcome, attempts: int) -> bool:
        nonlocal done
        settled = ledger.record(outcome, attempts=attempts, most=batch.bounds.attempts)
        if settled:
            done += 1
            part = outcome.row // ledger.size
            if ledger.is_settled(part):
                _write(ledger, batch, part)
            if progress:
                progress(done, total)
        return settled

    if done < total:
        run_processes(ledger.waiting(), batch.plan, batch.bounds, min(batch.workers, total - done), settle)


def _write_settled(ledger: Ledger, batch: Batch) -> None:
    """Partitions that were settled and not written when the last run was broken off."""
    for part in ledger.unwritten():
        if ledger.is_settled(part):
            _write(ledger, batch, part)


def _write(ledger: Ledger, batch: Batch, part: int) -> None:
    kept, left = ledger.lines(part)
    kind, folder, left_folder = _place(batch)
    write_part(batch.place, part, kept, left, kind=kind, folder=folder, left_folder=left_folder)
    ledger.written(part)


def _place(batch: Batch) -> tuple[str, str, str]:
    """Format and folders of the partitions as they are aligned: those of the output, or those that duplicates are taken out of."""
    return (batch.kind, KEPT, LEFT) if batch.dedup == "none" else ("jsonl", ALIGNED, f"{ALIGNED}/left")


def _align_on(client: Any, ledger: Ledger, batch: Batch, progress: Progress | None) -> None:
    _write_settled(ledger, batch)
    total = ledger.states().total()
    places = _place(batch)

    def calls() -> Iterator[tuple[Any, Callable[..., Any], tuple[Any, ...]]]:
        for part in ledger.unwritten():
            tasks = list(ledger.waiting(part))
            first, last = part * ledger.size, min((part + 1) * ledger.size, total)
            if len(tasks) == last - first and not any(tried for _, tried in tasks):
                yield (part, None), process_part, (part, [task for task, _ in tasks], batch.plan, batch.place, *places)
            else:  # a part of it was done before
                yield from (((part, task), process, (task, batch.plan)) for task, _ in tasks)

    alone: list[tuple[int, Any]] = []
    for (part, task), answer, error in map_on(client, calls()):
        if task is None and error is None:
            ledger.settle_part(part, answer)
        elif task is None:
            alone += [(part, task) for task, _ in ledger.waiting(part)]
            _told_unless_killed(error)
        else:
            _settle_alone(ledger, batch, part, task, answer, error)
        if progress:
            progress(total - ledger.states()["waiting"], total)
    singles = (((part, task), process, (task, batch.plan)) for part, task in alone)
    for (part, task), answer, error in map_on(client, singles):
        _settle_alone(ledger, batch, part, task, answer, error)
        if progress:
            progress(total - ledger.states()["waiting"], total)


def _told_unless_killed(error: Exception | None) -> None:
    if error is not None and not killed(error):
        raise MuqabalaError(f"the cluster failed: {type(error).__name__}: {str(error)[:300]}") from None


def _settle_alone(ledger: Ledger, batch: Batch, part: int, task: Any, answer: Outcome | None, error: Exception | None) -> None:
    """A pair that was done by itself; the last one of its partition writes it."""
    _told_unless_killed(error)
    outcome = answer or Outcome(task.row, error="its workers died, one after the other")
    ledger.record(outcome, attempts=batch.bounds.attempts if error else 1, most=1)
    if ledger.is_settled(part):
        _write(ledger, batch, part)


# duplicates


def _deduplicate(ledger: Ledger, batch: Batch, client: Any) -> None:
    if batch.dedup == "none" or ledger.states()["waiting"]:
        return
    if not ledger.fact("duplicates"):
        _take_out(ledger, batch, client)
    shutil.rmtree(batch.out / duplicates.KEYS, ignore_errors=True)
    if not ledger.states()["failed"]:  # else they may be tried again, and all be compared with them
        shutil.rmtree(batch.out / ALIGNED, ignore_errors=True)


def _take_out(ledger: Ledger, batch: Batch, client: Any) -> None:
    out, parts = str(batch.out), ledger.parts()
    keys = sum(_mapped(client, [(duplicates.write_keys, (out, part, batch.dedup)) for part in range(parts)]))
    spans = duplicates.ranges(keys)
    _mapped(client, [(duplicates.find_pairs, (out, k, span, parts)) for k, span in enumerate(spans)])
    taken = sum(_mapped(client, [(duplicates.take_out, (out, part, len(spans), batch.kind)) for part in range(parts)]))
    ledger.remember("duplicates", str(taken))


def _mapped(client: Any, calls: list[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Any]:
    """The answers of calls, here or on a cluster, in order."""
    if client is None:
        return [function(*arguments) for function, arguments in calls]
    out: dict[int, Any] = {}
    for k, answer, error in map_on(client, iter([(k, *call) for k, call in enumerate(calls)])):
        if error is not None:
            raise MuqabalaError(f"the cluster failed: {type(error).__name__}: {str(error)[:300]}")
        out[k] = answer
    return [out[k] for k in range(len(calls))]


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One run at a time on a folder."""
    from muqabala.project.project import locked

    with locked(out / "batch.lock", out):
        yield


def workers_of_this_machine() -> int:
    """How many workers this machine has room for: a core each."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
