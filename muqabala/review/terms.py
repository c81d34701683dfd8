"""The project's glossary on the desk: looked through, changed concept by concept, with candidates and history."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from corpora.languages import primary
from corpora.writing import write_files
from glossary.files import losses, parse_glossary, write_glossary
from glossary.formats import format_for
from glossary.lint import lint
from glossary.records import concept_from, row_of
from glossary.versions import record
from muqabala.project import shelf
from muqabala.project.ledger import bead_name
from muqabala.project.settings import set_glossary
from muqabala.project.words import word_keys

if TYPE_CHECKING:
    from glossary import Concept, Glossary
    from muqabala.review.desk import Desk

_OWN = "glossary.json"


class StaleError(MuqabalaError):
    """Somebody else has changed the glossary meanwhile."""


class Terms:
    """The glossary of a project.

    Args:
        desk: the project, whose settings name the file; the bundled glossary becomes a file of the project with its first change.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._project = desk.project

    @cached_property
    def _keys(self) -> dict[str, set[str]]:
        """The words of every concept as keys, as the search over the texts has them."""
        return {concept.id: _words(concept) for concept in self._project.glossary.concepts}

    def browse(self, query: str, most: int) -> dict[str, Any]:
        """The concepts in which all words of a query are found, in any of their terms, their id, domain or definition."""
        with self._desk.lock:
            return self._browse(query, most)

    def _browse(self, query: str, most: int) -> dict[str, Any]:
        glossary = self._project.glossary
        languages = tuple(dict.fromkeys(map(primary, (self._project.settings.source, self._project.settings.target))))
        wanted = [{key for code in languages for key in word_keys(word, code).split()} or {word} for word in query.split()]
        found = [c for c in glossary.concepts if all(self._keys[c.id] & keys or _has(c, query) for keys in wanted)]
        rows = [
            {
                "id": concept.id,
                "domain": concept.domain,
                "terms": {code: list(concept.approved(code)) for code in languages},
                "sources": len(concept.sources),
            }
            for concept in found[:most]
        ]
        return {"version": glossary.digest, "name": glossary.name, "languages": languages, "count": len(found), "concepts": rows}

    def concept(self, name: str) -> dict[str, Any]:
        """A concept whole, with what lint says of it. Raises MuqabalaError where there is none."""
        with self._desk.lock:
            glossary = self._project.glossary
        found = glossary.by_id.get(name)
        if found is None:
            raise MuqabalaError(f"there is no concept '{name}'")
        remarks = [asdict(remark) for remark in lint(glossary) if remark.concept == name]
        return {"version": glossary.digest, "concept": row_of(found), "remarks": remarks}

    def candidates(self) -> list[dict[str, Any]]:
        """What reviewers noted for the glossary, the oldest first."""
        with self._desk.lock:
            rows = self._project.store.rows("SELECT at, by, pair, data FROM event WHERE kind = 'suggested' ORDER BY id")
        noted = [(row, json.loads(row["data"])) for row in rows]
        return [
            {"source": data["source"], "target": data["target"], "bead": bead_name(row["pair"], data["bead"])}
            | {"by": row["by"], "at": row["at"]}
            for row, data in noted
        ]

    def save(self, name: str, row: dict[str, Any] | None, *, version: str, by: str) -> dict[str, Any]:
        """Write a concept, a new or a changed one, or with None take it out; the change enters its history.

        Raises:
            StaleError: the glossary is another than that version.
            MuqabalaError: the concept is none, or the glossary's format cannot hold it.
        """
        with self._desk.lock:
            self._save(name, row, version, by)
            return {"version": self._project.glossary.digest} | ({} if row is None else self.concept(name))

    def _save(self, name: str, row: dict[str, Any] | None, version: str, by: str) -> None:
        old = self._project.glossary
        if version != old.digest:
            raise StaleError("somebody changed the glossary meanwhile")
        if row is None and name not in old.by_id:
            raise MuqabalaError(f"there is no concept '{name}'")
        concepts = {concept.id: concept for concept in old.concepts}
        if row is None:
            del concepts[name]
        else:
            concepts[name] = concept_from({key: value for key, value in row.items() if key != "history"} | {"id": name})
        changed = record(old, replace(old, concepts=tuple(concepts.values())), when=self._project.now(), who=by)
        with self._project.store.change():
            shelf.record(self._project, "glossary", {"concept": name, "removed": row is None}, by=by)
            self._write(changed)
        self._desk.glossary_changed()
        self.__dict__.pop("_keys", None)

    def _write(self, changed: Glossary) -> None:
        settings = self._project.settings
        path = self._project.folder / (settings.glossary or _OWN)
        kind = format_for(path)
        data = write_glossary(changed, kind)
        lost = losses(changed, parse_glossary(data, kind, path=str(path)))
        if lost:
            hint = f"muqabala glossary convert {Path(settings.glossary).name} {_OWN} makes one that holds everything"
            raise MuqabalaError(f"a glossary in {kind} cannot hold this: {', '.join(lost[:3])}", hint=hint)
        write_files({path: data})
        if not settings.glossary:
            set_glossary(self._project.folder, _OWN)


def _words(concept: Concept) -> set[str]:
    keys = {key for term in concept.terms for key in word_keys(term.text, term.language).split()}
    return keys | {key for text in (concept.id.replace("_", " "), concept.domain) for key in word_keys(text, "en").split()}


def _has(concept: Concept, query: str) -> bool:
    low = query.casefold()
    return any(low in text.casefold() for text in (concept.id, concept.definition, *(term.text for term in concept.terms)))
