"""What is done with one pair of documents: read, segmented, aligned, checked, filtered. The same function runs everywhere."""

from __future__ import annotations

import json
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, Origin, ReadError, Statement
from corpora.quality import Limits, flags_of, measure, usual_ratio
from corpora.reading import parse_statement, read_bytes, read_document
from corpora.units import units_of
from muqabala.pipeline import align_statements

if TYPE_CHECKING:
    from corpora.units import Unit
    from glossary import Checker, Glossary
    from muqabala.batch.manifest import Task

_WEB = frozenset({"http", "https", "ftp", "ftps", "github", "data"})
_ENOUGH = 10  # units of a document that tell its own ratio of lengths


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with every pair.

    Attributes:
        folder: where the manifest's paths start.
        glossary: a file whose terms are checked, `starter`, or empty for no checks.
        lines: the files hold one segment a line already.
        resegment: segments may be split where the other side says so.
        limits: what leaves a unit out.
    """

    folder: str = ""
    glossary: str = ""
    lines: bool = False
    resegment: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a pair.

    Attributes:
        row: of the manifest.
        kept, left: JSON lines of the units that are kept and of those that are left out, with their flags.
        counts: of units by what is said of them.
        error: why there is nothing.
        final: trying again would give the same error.
    """

    row: int
    kept: str = ""
    left: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    error: str = ""
    final: bool = True


def process(task: Task, plan: Plan) -> Outcome:
    """Align a pair. Whatever goes wrong is told in the outcome."""
    try:
        return _processed(task, plan)
    except MuqabalaError as error:
        return Outcome(task.row, error=str(error))
    except MemoryError:
        return Outcome(task.row, error="not enough memory", final=False)
    except Exception as error:  # noqa: BLE001  whatever a hostile document does to a library, the others go on
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {error} ({Path(where.filename).name}, line {where.lineno})"
        return Outcome(task.row, error=" ".join(told.split())[:500], final=False)


def _processed(task: Task, plan: Plan) -> Outcome:
    source, target = (_statement(task, plan, side) for side in ("source", "target"))
    glossary = glossary_at(plan.glossary, plan.folder) if plan.glossary else None
    bitext = align_statements(source, target, resegment=plan.resegment)
    beads = tuple(replace(bead, id=f"{task.id}-b{k:04d}") for k, bead in enumerate(bitext.beads, 1))
    bitext = replace(bitext, beads=beads, name=task.id)
    if glossary is not None:
        checker = _checker(plan.glossary, plan.folder, bitext.source.language, bitext.target.language)
        texts = [bitext.texts(k) for k in range(len(beads))]
        found = checker.statement_findings(texts)
        signed = f"{bitext.signature} glossary={glossary.name}:{glossary.digest}"
        checked = tuple(replace(bead, findings=findings) for bead, findings in zip(beads, found, strict=True))
        bitext = replace(bitext, beads=checked, signature=signed)
    units = list(units_of(bitext))
    usual = usual_ratio(units) if sum(unit.is_two_sided for unit in units) >= _ENOUGH else 1.0
    kept, left = "", ""
    counts: Counter[str] = Counter(documents=1)
    for unit in units:
        flags = flags_of(measure(unit, usual), plan.limits)
        line = line_of(unit, flags, task.more)
        counts["units"] += 1
        counts[f"type {len(unit.source.segments)}-{len(unit.target.segments)}"] += 1
        counts.update(f"left out: {flag.rstrip('0123456789. ')}" for flag in flags)
        counts.update(f"finding: {finding.code}" for finding in unit.findings)
        if flags:
            left += line
            continue
        kept += line
        counts["kept"] += 1
        counts["source words"] += len(unit.source.text.split())
        counts["target words"] += len(unit.target.text.split())
    return Outcome(task.row, kept, left, dict(counts))


def line_of(unit: Unit, flags: tuple[str, ...], more: dict[str, Any]) -> str:
    """A unit as a line, with why it is left out and the manifest's further columns."""
    record = replace(unit, flags=flags).to_record()
    if more:
        record["metadata"] = more
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


def _statement(task: Task, plan: Plan, side: str) -> Statement:
    text, path = getattr(task, f"{side}_text"), getattr(task, side)
    language = getattr(task, f"{side}_lang") or None
    if text:
        kind = "lines" if plan.lines else "text"
        return parse_statement(text, origin=Origin(f"{task.id}.{side}", "", "utf-8", kind), language=language)
    data = _fetched(path, plan.folder)
    codes = {code for code in (task.source_lang, task.target_lang) if code}
    beside = next(iter(codes - {language}), "") if task.source == task.target and len(codes) > 1 else ""  # one file holds both
    statement, _ = read_document(path, data, language=language, beside=beside, lines=plan.lines)
    return replace(statement, origin=replace(statement.origin, path=path))


def _fetched(path: str, folder: str) -> bytes:
    if "://" not in path:
        return read_bytes(Path(folder, path))
    if path.partition("://")[0].casefold() in _WEB:
        raise ReadError("documents are not fetched from the web", path=path, hint="save it as a file first")
    try:
        import fsspec
    except ImportError:
        raise ReadError("an address needs fsspec", path=path, hint="pip install 'muqabala[cluster]'") from None
    try:
        with fsspec.open(path, "rb") as file:
            data: bytes = file.read()
            return data
    except (OSError, ValueError, ImportError) as error:
        raise ReadError(str(error).lower()[:200], path=path) from None


@lru_cache(maxsize=4)
def glossary_at(name: str, folder: str) -> Glossary:
    """The glossary of a plan, read once. Raises ReadError."""
    from glossary import read_glossary, starter_glossary

    return starter_glossary() if name == "starter" else read_glossary(Path(folder, name))


@lru_cache(maxsize=8)
def _checker(name: str, folder: str, source: str, target: str) -> Checker:
    from glossary import Checker

    return Checker(glossary_at(name, folder), source, target)
