"""Where the units of a corpus command come from: a project, a release, JSON lines, or a file that holds both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, ReadError
from corpora.imports import SUFFIXES, read_foreign
from corpora.reading import read_bytes
from corpora.splits import PARTS
from corpora.units import Unit, UnitSide, read_units
from muqabala.project import settings as project_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corpora import Bitext
    from glossary import Glossary

Units = Callable[[], Iterable[Unit]]


def units_at(path: Path) -> Units:
    """The units of a place, again and again from the beginning.

    Raises:
        ReadError: there is no corpus there.
    """
    if path.is_dir():
        if (path / project_settings.FILE).is_file():
            return lambda: _of_project(path)
        parts = {part: sorted((path / part).glob("*.jsonl")) for part in PARTS}
        if any(parts.values()):
            return lambda: _of_release(parts)
        raise ReadError("is no project and no release", path=path)
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        return lambda: read_units(path)
    if suffix not in SUFFIXES:
        hint = "a project, a release, or a file with both sides: " + ", ".join(sorted(SUFFIXES))
        raise ReadError("is no corpus", path=path, hint=hint)
    found = tuple(_of_file(path))
    return lambda: found


def _of_project(path: Path) -> Iterator[Unit]:
    from muqabala.project.exporting import project_units
    from muqabala.project.project import Project

    with Project(path, write=False) as project:
        yield from project_units(project)


def bitexts_of_project(path: Path) -> Iterator[Bitext]:
    """The bitexts of all aligned pairs of a project. Raises MuqabalaError."""
    from muqabala.project import shelf
    from muqabala.project.project import Project

    with Project(path, write=False) as project:
        yield from shelf.bitexts(project.store)


def _of_release(parts: Mapping[str, Sequence[Path]]) -> Iterator[Unit]:
    for part, files in parts.items():
        for file in files:
            for unit in read_units(file):
                yield replace(unit, split=part)


def _of_file(path: Path) -> Iterator[Unit]:
    foreign = read_foreign(path, read_bytes(path))
    for k, row in enumerate(foreign.rows, 1):
        sides = [
            UnitSide(code or name, text, (k - 1,) if text else (), (text,) if text else ())
            for name, code, text in (("source", foreign.source, row.source), ("target", foreign.target, row.target))
        ]
        record: dict[str, Any] = {"id": row.id or f"u{k:06d}", "document": row.document or path.name}
        for name, side in zip(("source", "target"), sides, strict=True):
            starts = [0] if side.text else []
            record[name] = {"lang": side.language, "segments": list(side.segments), "text": side.text, "starts": starts}
        record |= {"score": 0.0, "confidence": 1.0, "status": "machine", "findings": [], "doubts": []}
        record["provenance"] = {"source": {"path": path.name}, "target": {"path": path.name}, "signature": foreign.kind}
        yield Unit(str(record["id"]), row.document or path.name, sides[0], sides[1], 0.0, 1.0, record=record)


def part_of(units: Units, part: str) -> list[Unit]:
    """The two-sided units of a part; all of them where a corpus has no parts."""
    split = any(unit.split for unit in units())
    return [unit for unit in units() if unit.is_two_sided and (unit.split == part or not split)]


def glossary_accuracy(units: Sequence[Unit], lines: Sequence[str], glossary: Glossary) -> tuple[int, int]:
    """How many terms of the sources a system renders by an approved term, and how many there are.

    Terms are counted where the reference renders them by an approved one: elsewhere the term may mean something else.
    """
    from glossary import Matcher

    if not units:
        return 0, 0
    ours, theirs = (Matcher(glossary, getattr(units[0], side).language) for side in ("source", "target"))
    right = total = 0
    for unit, line in zip(units, lines, strict=True):
        asked = {match.concept for match in ours.find(unit.source.text, overlaps=False)}
        known = {match.concept for match in theirs.find(unit.target.text, unsure=True) if match.status.is_approved}
        given = {match.concept for match in theirs.find(line, unsure=True) if match.status.is_approved}
        total += len(asked & known)
        right += len(asked & known & given)
    return right, total


def require_languages(units: Units) -> tuple[str, str]:
    """The languages of a corpus. Raises MuqabalaError where it has no units."""
    first = next(iter(units()), None)
    if first is None:
        raise MuqabalaError("there are no units")
    return first.source.language, first.target.language
