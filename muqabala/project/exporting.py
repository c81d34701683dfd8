"""Units of a project, and the files made of them: all formats in one pass, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpora import WriteError
from corpora.exports.writer import CorpusInfo
from corpora.units import units_of
from muqabala.formats import Format, writer_of
from muqabala.project import shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from corpora.exports.writer import Terms, Writer
    from corpora.units import Unit
    from muqabala.project.project import Project


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export made.

    Attributes:
        units: how many were written or counted.
        left_out: for each format the units it has no place for, by reason.
        notices: for each format what a reader of its files should know.
        files: what was written, below the folder.
    """

    units: int = 0
    left_out: dict[str, dict[str, int]] = field(default_factory=dict)
    notices: dict[str, dict[str, int]] = field(default_factory=dict)
    files: tuple[str, ...] = ()


def project_units(
    project: Project, *, statuses: Sequence[str] = (), progress: Callable[[int, int], None] | None = None
) -> Iterator[Unit]:
    """The beads of all aligned pairs as units, in the order of their documents.

    Args:
        project: the project.
        statuses: only those of these; all where none is given.
        progress: called with (pairs done, pairs in all).
    """
    total = project.store.value("SELECT count(*) FROM pair WHERE active = 1 AND source_segmentation IS NOT NULL") if progress else 0
    state = project.store.value("SELECT coalesce(max(id), 0) FROM event")
    for k, bitext in enumerate(shelf.bitexts(project.store)):
        for unit in units_of(bitext):
            if not statuses or unit.status in statuses:
                yield replace(unit, record={**unit.record, "provenance": {**unit.record["provenance"], "state": state}})
        if progress:
            progress(k + 1, total)


def info_of(project: Project, *, name: str = "") -> CorpusInfo:
    """What is said of the project's corpus as a whole."""
    state = project.store.value("SELECT coalesce(max(id), 0) FROM event")
    signature = project.store.value("SELECT signature FROM pair WHERE active = 1 AND signature != '' ORDER BY id LIMIT 1") or ""
    settings = project.settings
    glossary = f" glossary={project.glossary.name}:{project.glossary.digest}"
    return CorpusInfo(
        name or Path(os.path.abspath(project.folder)).name,
        settings.source,
        settings.target,
        signature + glossary,
        settings.licence,
        state,
        terms_of(project),
    )


def terms_of(project: Project) -> Terms:
    """How the terms of a unit's source are found, with the approved terms of the other language."""
    from functools import cache

    from glossary import Matcher

    @cache
    def matcher() -> Matcher:
        return Matcher(project.glossary, project.settings.source)

    def found(unit: Unit) -> list[tuple[str, Sequence[str]]]:
        out: dict[str, tuple[str, Sequence[str]]] = {}
        concepts = project.glossary.by_id
        for match in matcher().find(unit.source.text, overlaps=False):
            renderings = concepts[match.concept].approved(project.settings.target)
            if renderings:
                out.setdefault(match.concept, (unit.source.text[match.start : match.end], renderings))
        return list(out.values())

    return found


def export(units: Iterable[Unit], formats: Sequence[Format], folder: Path, info: CorpusInfo) -> Exported:
    """Write units in all formats below a folder, in one pass. Files of the same names there are replaced, others left.

    Raises:
        WriteError: the folder cannot be written; nothing in it was changed then.
    """
    with staged(folder) as place:
        writers = {kind: writer_of(kind)(place, info) for kind in formats}
        count = 0
        try:
            for unit in units:
                count += 1
                for writer in writers.values():
                    writer.add(unit)
        finally:
            close_all(writers.values())
        files = tuple(sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()))
    return Exported(
        count,
        {kind.value: dict(writer.left_out) for kind, writer in writers.items() if writer.left_out},
        {kind.value: dict(writer.notices) for kind, writer in writers.items() if writer.notices},
        files,
    )


def close_all(writers: Iterable[Writer]) -> None:
    """Close them all, whatever one of them says."""
    problem = None
    for writer in writers:
        try:
            writer.close()
        except OSError as error:
            problem = error
    if problem:
        raise problem


class staged:  # noqa: N801  used as a function
    """A folder beside the one to write; its content is moved there when all of it is written.

    Raises:
        WriteError: it cannot be made, written or moved.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Path:
        if self._folder.exists() and not self._folder.is_dir():
            raise WriteError("is a file, not a folder", path=self._folder)
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            self._place = Path(tempfile.mkdtemp(prefix=f".{self._folder.name}.", dir=self._folder.parent))
        except OSError as error:
            raise WriteError(f"cannot be written: {(error.strerror or str(error)).lower()}", path=self._folder) from None
        return self._place

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        try:
            if kind is None:
                self._move()
        except OSError as problem:
            error = problem
        finally:
            shutil.rmtree(self._place, ignore_errors=True)
        if isinstance(error, OSError):
            raise WriteError(f"cannot be written: {(error.strerror or str(error)).lower()}", path=self._folder) from None

    def _move(self) -> None:
        self._folder.mkdir(exist_ok=True)
        for path in sorted(self._place.iterdir()):
            goal = self._folder / path.name
            if goal.is_dir() and not goal.is_symlink():
                shutil.rmtree(goal)
            os.replace(path, goal)
