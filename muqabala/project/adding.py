"""Files into a project: what was not there is read, what did not change is left, what changed becomes a new version."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corpora import MuqabalaError, ReadError
from corpora.bilingual import holds_both
from corpora.imports import SUFFIXES as BITEXTS
from corpora.languages import nearest, primary, told_by_name
from corpora.reading import FORMATS, read_bytes, read_document
from corpora.segmentation import segment
from muqabala.project import shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpora import Statement
    from muqabala.project.project import Project


_FOREIGN = 15.0  # log odds from which on a text is in neither language of the project; those of two words reach it seldom
_TABLES = frozenset({".tsv", ".csv", ".xlsx"})  # bitexts only where they are named themselves


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file.

    Attributes:
        path: as it was given.
        name: of its document, empty where there is none.
        outcome: `added`, `changed`, `unchanged`, `skipped` (no document: why), `failed` (it could not be read: why).
        reason: of the last two.
        doubts: what is doubtful about the reading.
    """

    path: Path
    name: str = ""
    outcome: str = "added"
    reason: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is said of the files that are added.

    Attributes:
        language: of all of them; detected among the project's where not given.
        encoding: of all of them; detected where not given.
        licence: of all of them.
        by: who adds them.
    """

    language: str | None = None
    encoding: str | None = None
    licence: str = ""
    by: str = ""


def add_files(project: Project, paths: Iterable[Path], wishes: Wishes | None = None) -> Iterator[Added]:
    """Read files, and those in folders, into the project, each in a transaction of its own.

    Args:
        project: the project.
        paths: files and folders. Links that lead out of a folder are skipped.
        wishes: what is said of them.
    """
    everything = shelf.documents(project.store)
    known = {document.path: document for document in reversed(everything)}
    names = {document.name for document in everything}
    seen: set[str] = set()
    for path, name, reason in _listed(paths):
        stored = project.stored(path)
        if reason or stored in seen:
            yield Added(path, outcome="skipped", reason=reason or "given twice")
            continue
        seen.add(stored)
        document = known.get(stored)
        own = document.name if document else _unused(name, names)
        try:
            result = _add(project, path, document, own, wishes or Wishes())
        except MuqabalaError as error:
            if error.path == project.store.path:
                raise
            yield Added(path, outcome="failed", reason=str(MuqabalaError(error.reason, line=error.line, hint=error.hint)))
            continue
        names.add(result.name)
        yield result


def refresh_all(project: Project, *, by: str = "") -> Iterator[Added]:
    """Look at the files of all documents again: a changed one becomes a new version, one that is gone is left as it was read.

    Gives those that changed, and those that cannot be read any more.
    """
    for document in shelf.documents(project.store):
        path = project.path(document.path)
        if document.part.startswith("target") or not path.is_file():
            continue  # a file with both sides is looked at for its source
        try:
            result = _add(project, path, document, document.name, Wishes(document.language, licence=document.licence, by=by))
        except ReadError as error:
            result = Added(path, document.name, "failed", error.reason)
        if result.outcome != "unchanged":
            yield result


def _add(project: Project, path: Path, document: shelf.Document | None, name: str, wishes: Wishes) -> Added:
    stamp = _stamp(path)
    same_language = document is not None and wishes.language in {None, document.language}
    if document and (document.size, document.modified) == stamp and same_language:
        return Added(path, document.name, "unchanged")
    data = read_bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    if document and document.sha256 == digest and same_language:
        project.store.write("UPDATE document SET size = ?, modified = ? WHERE path = ?", *stamp, document.path)
        return Added(path, document.name, "unchanged")
    outcome = "changed" if document else "added"
    if path.suffix.lower() in BITEXTS:
        from muqabala.project.given import File, add_bitext

        return Added(path, add_bitext(project, File(path, name, data, stamp, wishes.licence, wishes.by))[0], outcome)
    statement, doubts = _read(project, path, data, wishes)
    if (document and document.part) or (document is None and wishes.language is None and _holds_both(project, statement)):
        from muqabala.project.given import File, add_bilingual

        names, doubts = add_bilingual(project, File(path, name, data, stamp, wishes.licence, wishes.by, wishes.encoding))
        return Added(path, names[0], outcome, doubts=tuple(doubts))
    statement = replace(statement, origin=replace(statement.origin, path=name))  # what leaves the project tells no folder of it
    segments = segment(statement)
    if not segments:
        raise ReadError("there is no text in it", path=path)
    with project.store.change():
        number = document.id if document else _new_document(project, path, name, wishes.licence, stamp)
        read = shelf.add_statement(project.store, number, statement, doubts)
        shelf.add_segmentation(project.store, read, segments, statement.language)
        project.store.write("UPDATE document SET statement = ?, size = ?, modified = ? WHERE id = ?", read, *stamp, number)
        shelf.record(project, "added", {"statement": read, "sha256": digest}, by=wishes.by, document=number)
    return Added(path, name, outcome, doubts=tuple(doubts))


def _new_document(project: Project, path: Path, name: str, licence: str, stamp: tuple[int, int]) -> int:
    columns = "name, path, size, modified, licence"
    return project.store.write(
        f"INSERT INTO document ({columns}) VALUES (?, ?, ?, ?, ?)", name, project.stored(path), *stamp, licence
    )


def _holds_both(project: Project, statement: Statement) -> bool:
    """Whether it is a text and its translation; what is named after one language is not."""
    if statement.origin.format == "subtitles" or len(told_by_name(statement.origin.path)) == 1:
        return False
    return holds_both(statement.text, statement.blocks, project.settings.source, project.settings.target)


def _read(project: Project, path: Path, data: bytes, wishes: Wishes) -> tuple[Statement, Sequence[str]]:
    ours = (project.settings.source, project.settings.target)
    statement, doubts = read_document(path, data, language=wishes.language, encoding=wishes.encoding)
    if wishes.language is not None:
        return statement, doubts
    same = next((code for code in ours if primary(code) == primary(statement.language)), None)
    if same is not None:
        return replace(statement, language=same), doubts
    near = nearest(statement.text, ours)
    if near is None or near[1] > _FOREIGN:
        hint = f"the project is {ours[0]} and {ours[1]}; --lang says what it is"
        raise ReadError(f"it seems to be in '{statement.language}'", path=path, hint=hint)
    return read_document(path, data, language=near[0], encoding=wishes.encoding)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        told = path.stat()
    except OSError as error:
        raise ReadError((error.strerror or str(error)).lower(), path=path) from None
    return told.st_size, told.st_mtime_ns


def _listed(paths: Iterable[Path]) -> Iterator[tuple[Path, str, str]]:
    """Files with the names they ask for, folders opened; a reason where one is not taken."""
    for given in paths:
        if not given.is_dir():
            yield given, given.name, ""
            continue
        home = Path(os.path.realpath(given))
        for folder, folders, files in os.walk(given):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(folder) / name
                inside = PurePosixPath(Path(os.path.abspath(given)).name, *path.relative_to(given).parts)
                yield path, str(inside), _refusal(path, home)


def _refusal(path: Path, home: Path) -> str:
    if path.name.startswith((".", "~$")):
        return "a hidden file"
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home):
        return "a link that leads out of the folder"
    if not path.is_file():
        return "not a file"
    if path.suffix.lower() not in FORMATS and path.suffix.lower() not in BITEXTS - _TABLES:
        return f"'{path.suffix}' is not a kind of document it reads"
    return ""


def _unused(name: str, names: set[str]) -> str:
    """The name, with a number where another document has it."""
    if name not in names:
        return name
    stem, dot, suffix = name.rpartition(".")
    return next(new for k in range(2, len(names) + 3) if (new := f"{stem}-{k}{dot}{suffix}") not in names)
