"""Which document is the translation of which: by a manifest, by links between pages, by names, and else by what they say.

Each way settles what it is sure of and leaves the rest to the next. Every pair has a reason and a confidence; a pair that a person
made or took apart stays as it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from corpora import MuqabalaError, ReadError
from corpora.characters import ascii_digits
from corpora.languages import NAMES, primary
from corpora.phrases import plain
from corpora.reading import read_text
from muqabala.project import shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from muqabala.project.project import Project
    from muqabala.project.shelf import Document

BY_MANIFEST, BY_LINKS, BY_NAMES, BY_CONTENT, BY_HAND = "manifest", "links", "names", "content", "hand"

_OWN_NAMES = {
    "ar": ("arabic", "ara", "arabe", "عربي", "العربية", "عربية", "a"),
    "en": ("english", "eng", "anglais", "انجليزي", "انكليزي", "الانجليزية", "الانكليزية", "e"),
    "fr": ("french", "fra", "fre", "francais", "français", "فرنسي", "الفرنسية", "f"),
    "es": ("spanish", "spa", "espanol", "español", "s"),
    "ru": ("russian", "rus", "r"),
    "zh": ("chinese", "chi", "zho", "c"),
    "de": ("german", "deutsch", "deu", "ger"),
}
_ROLES = ("original", "orig", "source", "src", "translation", "translated", "trans", "target", "tgt", "النص", "الاصل", "ترجمة")
_PIECES = re.compile(r"[\s._()\[\]-]+")


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair as it was found, and documents that are left: `target` or `source` is empty then."""

    source: str
    target: str
    how: str = ""
    confidence: float = 0.0
    new: bool = False


def pair_documents(
    project: Project, *, manifest: Path | None = None, by: str = "", progress: Callable[[int, int], None] | None = None
) -> list[Paired]:
    """Pair the documents that have no partner; returns all pairs, then the documents that are left, by name.

    Args:
        project: the project; it is locked meanwhile.
        manifest: a table of pairs that are known, besides the one of the settings.
        by: who asked for it.
        progress: called with (documents read, documents in all) while their contents are compared.

    Raises:
        MuqabalaError: another process works on it, or a manifest cannot be read or names what is not there.
    """
    with project.alone():
        before = {pair.id for pair in shelf.pairs(project.store)}
        tables = [manifest] if manifest else []
        if project.settings.manifest:
            tables.append(project.folder / project.settings.manifest)
        for table in tables:
            _keep(project, _by_manifest(project, table), BY_MANIFEST, by, anew=True)
        _keep(project, _by_links(project, *_alone(project)), BY_LINKS, by)
        _keep(project, _by_names(*_alone(project)), BY_NAMES, by)
        _keep(project, _by_content(project, *_alone(project), progress), BY_CONTENT, by)
        now = shelf.pairs(project.store)
        found = [Paired(p.source.name, p.target.name, p.how, p.confidence, p.id not in before) for p in now]
        ours, theirs = _alone(project)
        return [*found, *(Paired(d.name, "") for d in ours), *(Paired("", d.name) for d in theirs)]


def join(project: Project, source: str, target: str, *, by: str) -> None:
    """A person pairs two documents; what they were paired with before is taken apart. Raises MuqabalaError."""
    names = _Names(shelf.documents(project.store))
    ends = names.find(source, project.settings.source), names.find(target, project.settings.target)
    _keep(project, [(*ends, 1.0)], BY_HAND, by, anew=True)


def part(project: Project, source: str, target: str, *, by: str) -> None:
    """A person takes a pair apart; it is not made again. Raises MuqabalaError where it is no pair."""
    for pair in shelf.pairs(project.store):
        if (pair.source.name, pair.target.name) == (source, target):
            _unpair(project, pair, by, "by hand")
            return
    raise MuqabalaError(f"'{source}' and '{target}' are not paired")


def _alone(project: Project) -> tuple[list[Document], list[Document]]:
    """The documents without partner, of both languages, by name."""
    taken = {document.id for pair in shelf.pairs(project.store) for document in (pair.source, pair.target)}
    free = sorted((d for d in shelf.documents(project.store) if d.id not in taken), key=lambda d: d.name)
    sides = (project.settings.source, project.settings.target)
    ours, theirs = ([d for d in free if primary(d.language) == primary(code)] for code in sides)
    return ours, theirs


def _keep(project: Project, found: Iterable[tuple[Document, Document, float]], how: str, by: str, *, anew: bool = False) -> None:
    """Write pairs, each in a transaction. `anew`: whatever the documents are paired with now is taken apart for it."""
    store = project.store
    for source, target, confidence in found:
        known = store.row("SELECT id, active FROM pair WHERE source = ? AND target = ?", source.id, target.id)
        if known and (known["active"] or not anew):
            continue  # it is there, or a person took it apart
        with store.change():
            for other in shelf.pairs(store, where="p.active = 1 AND (p.source = ? OR p.target = ?)", values=(source.id, target.id)):
                _unpair(project, other, by, f"{how}: another partner")
            pair = known["id"] if known else store.write("INSERT INTO pair (source, target) VALUES (?, ?)", source.id, target.id)
            store.write("UPDATE pair SET active = 1, how = ?, confidence = ? WHERE id = ?", how, confidence, pair)
            shelf.record(project, "paired", {"how": how, "confidence": confidence}, by=by or "muqabala", pair=pair)


def _unpair(project: Project, pair: shelf.Pairing, by: str, reason: str) -> None:
    with project.store.change():
        project.store.write("UPDATE pair SET active = 0 WHERE id = ?", pair.id)
        shelf.record(project, "unpaired", {"reason": reason}, by=by or "muqabala", pair=pair.id)


def _by_manifest(project: Project, path: Path) -> list[tuple[Document, Document, float]]:
    """The pairs of a table with columns source and target: names or paths of documents."""
    text = read_text(path)
    first = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ","))
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    if not {"source", "target"} <= set(header):
        raise ReadError("no columns 'source' and 'target'", path=path, line=1)
    at = header.index("source"), header.index("target")
    names = _Names(shelf.documents(project.store))
    out = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(at):
            raise ReadError(f"{len(row)} cells under {len(header)} columns", path=path, line=number)
        try:
            ends = names.find(row[at[0]].strip(), ""), names.find(row[at[1]].strip(), "")
        except MuqabalaError as error:
            raise ReadError(error.reason, path=path, line=number, hint=error.hint) from None
        out.append((*ends, 1.0))
    return out


class _Names:
    """Documents by their names, their paths, or the ends of either."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._whole: dict[str, dict[int, Document]] = {}
        self._last: dict[str, dict[int, Document]] = {}
        for document in documents:
            for text in (document.name, document.path):
                self._whole.setdefault(text, {})[document.id] = document
                self._last.setdefault(text.rsplit("/", maxsplit=1)[-1], {})[document.id] = document

    def find(self, name: str, language: str) -> Document:
        """The document of a name, in a language where one is given. Raises MuqabalaError."""
        found = list(self._whole.get(name, {}).values()) or [
            document
            for document in self._last.get(name.rsplit("/", maxsplit=1)[-1], {}).values()
            if f"/{document.path}".endswith(f"/{name}") or f"/{document.name}".endswith(f"/{name}")
        ]
        if not found:
            raise MuqabalaError(f"there is no document '{name}'", hint="muqabala add brings it in")
        if len(found) > 1:
            raise MuqabalaError(f"several documents are called '{name}'", hint=", ".join(d.name for d in found[:3]))
        if language and primary(found[0].language) != primary(language):
            raise MuqabalaError(f"'{name}' is in '{found[0].language}'", hint=f"the project has '{language}' on this side")
        return found[0]


def _by_links(project: Project, sources: Sequence[Document], targets: Sequence[Document]) -> list[tuple[Document, Document, float]]:
    """Pages of which one leads to the other as its original, by address or by file name."""
    front = {d.id: _front(project, d) for d in (*sources, *targets)}
    by_address: dict[str, list[Document]] = {}
    for d in (*sources, *targets):
        for key in {_address(front[d.id][0]), _address(PurePosixPath(d.name).name)} - {""}:
            by_address.setdefault(key, []).append(d)
    out = []
    for d in (*sources, *targets):
        link = front[d.id][1]
        found = by_address.get(_address(link)) or by_address.get(_address(PurePosixPath(urlsplit(link).path).name)) or []
        other = [o for o in found if primary(o.language) != primary(d.language)]
        if link and len(other) == 1:
            ends = (d, other[0]) if primary(d.language) == primary(project.settings.source) else (other[0], d)
            out.append((*ends, 0.99))
    return out


def _front(project: Project, document: Document) -> tuple[str, str]:
    """Where a document says it is, and where its original."""
    told = json.loads(project.store.value("SELECT metadata FROM statement WHERE id = ?", document.statement))
    return told["address"], told["original"]


def _address(url: str) -> str:
    """An address as it is compared: without scheme, www, query of no meaning and final slash."""
    parts = urlsplit(unquote(url.strip()))
    return (
        parts.netloc.casefold().removeprefix("www.") + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    ).strip()


def _by_names(sources: Sequence[Document], targets: Sequence[Document]) -> list[tuple[Document, Document, float]]:
    """Names that are the same once the languages and roles in them are left out, where only one on each side has them."""
    keys = [{d.id: name_key(d.name, d.language) for d in side} for side in (sources, targets)]
    counts = [Counter(side.values()) for side in keys]
    by_key = {keys[1][d.id]: d for d in targets}
    return [(d, by_key[key], 0.98) for d in sources if (key := keys[0][d.id]) and counts[0][key] == 1 and counts[1][key] == 1]


def name_key(name: str, language: str) -> str:
    """What a file's name says besides its language: `ar/2017-02-07_statement.ar.html` is `2017 02 07 statement`."""
    path = PurePosixPath(name)
    words = (
        set(NAMES)
        | set(_ROLES)
        | {word for names in _OWN_NAMES.values() for word in names}
        | {n.casefold() for n in NAMES.values()}
    )
    own = {primary(language), NAMES.get(primary(language), "").casefold(), *_OWN_NAMES.get(primary(language), ())}
    parts = []
    for k, part in enumerate(path.parts):
        stem = path.name.removesuffix(path.suffix) if k == len(path.parts) - 1 else part
        pieces = [piece for piece in _PIECES.split(plain(ascii_digits(stem))) if piece]
        single = {piece for piece in pieces if len(piece) == 1} - own
        kept = [piece for piece in pieces if piece not in own and (piece not in words or piece in single)]
        if kept:
            parts.append(" ".join(kept))
    return "/".join(parts[-1:]) if len(parts) < 2 else "/".join(parts)


def _by_content(
    project: Project, sources: Sequence[Document], targets: Sequence[Document], progress: Callable[[int, int], None] | None
) -> list[tuple[Document, Document, float]]:
    """What the documents say; see `align.pairing`."""
    if not sources or not targets:
        return []
    from align.pairing import pair_documents as by_content

    apart = {(row["source"], row["target"]) for row in project.store.rows("SELECT source, target FROM pair WHERE active = 0")}
    sides = _Texts(project, sources), _Texts(project, targets)
    found = by_content(*sides, least=project.settings.least, progress=progress)
    pairs = [(sources[match.source], targets[match.target], match.confidence) for match in found]
    return [pair for pair in pairs if (pair[0].id, pair[1].id) not in apart]


class _Texts:
    """The segments of documents, read from the database when they are asked for."""

    def __init__(self, project: Project, documents: Sequence[Document]) -> None:
        self._store, self._documents = project.store, documents

    def __len__(self) -> int:
        return len(self._documents)

    def __getitem__(self, at: int) -> list[str]:
        if at >= len(self._documents):
            raise IndexError(at)
        segments = shelf.segments(self._store, shelf.last_segmentation(self._store, self._documents[at].statement))
        return [part.text for part in segments]
