"""Files into a project: what was not there is read, what did not change is left, what changed becomes a new version."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corpora import MuqabalaError, ReadError
from corpora.languages import primary
from corpora.reading import FORMATS, read_bytes, read_document
from corpora.segmentation import segment
from muqabala.project import shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpora import Statement
    from muqabala.project.project import Project


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


def add_files(
    project: Project,
    paths: Iterable[Path],
    *,
    language: str | None = None,
    encoding: str | None = None,
    licence: str = "",
    by: str = "",
) -> Iterator[Added]:
    """Read files, and those in folders, into the project, each in a transaction of its own.

    Args:
        project: the project.
        paths: files and folders. Links that lead out of a folder are skipped.
        language: of all of them; detected among the project's where not given.
        encoding: of all of them; detected where not given.
        licence: of all of them.
        by: who adds them.
    """
    known = {document.path: document for document in shelf.documents(project.store)}
    names = {document.name for document in known.values()}
    seen: set[str] = set()
    for path, name, reason in _listed(paths):
        stored = project.stored(path)
        if reason or stored in seen:
            yield Added(path, outcome="skipped", reason=reason or "given twice")
            continue
        seen.add(stored)
        document = known.get(stored)
        try:
            result = _add(project, path, document, _unused(name, names), language, encoding, licence, by)
        except MuqabalaError as error:
            if error.path == project.store.path:
                raise
            yield Added(path, outcome="failed", reason=str(MuqabalaError(error.reason, line=error.line, hint=error.hint)))
            continue
        names.add(result.name)
        yield result


def refresh(project: Project, document: shelf.Document, *, by: str = "") -> Added:
    """Look at a document's file again: a changed one becomes a new version; one that is gone is left as it was read.

    Raises:
        ReadError: the file has changed and cannot be read.
    """
    path = project.path(document.path)
    if not path.is_file():
        return Added(path, document.name, "unchanged")
    return _add(project, path, document, document.name, document.language, None, document.licence, by)


def refresh_all(project: Project, *, by: str = "") -> Iterator[Added]:
    """Look at the files of all documents again; gives those that changed or cannot be read any more."""
    for document in shelf.documents(project.store):
        try:
            result = refresh(project, document, by=by)
        except MuqabalaError as error:
            result = Added(project.path(document.path), document.name, "failed", error.reason)
        if result.outcome != "unchanged":
            yield result


def _add(
    project: Project,
    path: Path,
    document: shelf.Document | None,
    name: str,
    language: str | None,
    encoding: str | None,
    licence: str,
    by: str,
) -> Added:
    seen = _stamp(path)
    if document and (document.size, document.modified) == seen and (language in {None, document.language}):
        return Added(path, document.name, "unchanged")
    data = read_bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    store = project.store
    if document and document.sha256 == digest and language in {None, document.language}:
        store.write("UPDATE document SET size = ?, modified = ? WHERE id = ?", *seen, document.id)
        return Added(path, document.name, "unchanged")
    statement, doubts = _read(project, path, data, language, encoding)
    segments = segment(statement)
    if not segments:
        raise ReadError("there is no text in it", path=path)
    with store.change():
        if document is None:
            number = store.write(
                "INSERT INTO document (name, path, size, modified, licence) VALUES (?, ?, ?, ?, ?)",
                name, project.stored(path), *seen, licence,
            )  # fmt: skip
        else:
            number = document.id
        read = shelf.add_statement(store, number, statement, doubts)
        shelf.add_segmentation(store, read, segments, statement.language)
        store.write("UPDATE document SET statement = ?, size = ?, modified = ? WHERE id = ?", read, *seen, number)
        shelf.record(project, "added", {"statement": read, "sha256": digest}, by=by, document=number)
    return Added(path, name, "changed" if document else "added", doubts=tuple(doubts))


def _read(project: Project, path: Path, data: bytes, language: str | None, encoding: str | None) -> tuple[Statement, Sequence[str]]:
    ours = (project.settings.source, project.settings.target)
    statement, doubts = read_document(path, data, language=language, encoding=encoding)
    if language is None:
        same = next((code for code in ours if primary(code) == primary(statement.language)), None)
        if same is None:
            hint = f"the project is {ours[0]} and {ours[1]}; --lang says what it is"
            raise ReadError(f"it seems to be in '{statement.language}'", path=path, hint=hint)
        from dataclasses import replace

        statement = replace(statement, language=same)
    return statement, doubts


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
    if path.suffix.lower() not in FORMATS:
        return f"'{path.suffix}' is not a kind of document it reads"
    return ""


def _unused(name: str, names: set[str]) -> str:
    """The name, with a number where another document has it."""
    if name not in names:
        return name
    stem, dot, suffix = name.rpartition(".")
    return next(new for k in range(2, len(names) + 3) if (new := f"{stem}-{k}{dot}{suffix}") not in names)
