"""Glossaries as JSON: everything a concept holds, one object a concept."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, fields
from typing import Any

from corpora import MuqabalaError, ReadError
from corpora.characters import fold_line
from glossary.collecting import Collector
from glossary.model import Change, Concept, Gender, Glossary, Number, PartOfSpeech, Source, Status, Term

_FORMAT = "muqabala glossary 1"
_TERM = frozenset(field.name for field in fields(Term))
_CONCEPT = frozenset(field.name for field in fields(Concept))


def to_json(glossary: Glossary) -> str:
    """The glossary, indented to be compared line by line; empty fields are left out."""
    concepts = [row_of(concept) for concept in glossary.concepts]
    return json.dumps({"format": _FORMAT, "name": glossary.name, "concepts": concepts}, ensure_ascii=False, indent=1) + "\n"


def parse_json(text: str, *, path: str) -> Glossary:
    """A glossary from what `to_json` wrote. Raises ReadError with the line of the concept."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise ReadError("not JSON, or cut off", path=path, line=line) from None
    if not isinstance(data, dict) or not isinstance(data.get("concepts"), list):
        raise ReadError("no glossary: an object with 'concepts' is expected", path=path, hint=f"as in '{_FORMAT}'")
    if str(data.get("format", _FORMAT)) != _FORMAT:
        raise ReadError(f"a glossary in the format '{data['format']}'", path=path, hint=f"this version reads '{_FORMAT}'")
    collector = Collector(path)
    lines = _lines(text)
    for k, row in enumerate(data["concepts"]):
        line = lines[k] if k < len(lines) else 0
        try:
            collector.add(_concept(row, line, collector), line)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise collector.error(f"not a concept: {problem}", line) from None
    return Glossary(collector.concepts(), str(data.get("name", "")), hashlib.sha256(text.encode()).hexdigest()[:12])


def row_of(concept: Concept) -> dict[str, Any]:
    """A concept as the JSON has it; empty fields are left out."""
    row: dict[str, Any] = _dense(asdict(concept))
    return row


def concept_from(row: dict[str, Any]) -> Concept:
    """A concept from an object as `to_json` writes it. Raises MuqabalaError where it is none."""
    collector = Collector("")
    try:
        collector.add(_concept(row, 0, collector), 0)
    except ReadError as error:
        raise MuqabalaError(error.reason, hint=error.hint) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MuqabalaError(f"not a concept: {f'no {error}' if isinstance(error, KeyError) else error}") from None
    return collector.concepts()[0]


def _dense(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dense(inner) for key, inner in value.items() if inner not in ("", None, (), [])}
    return [_dense(inner) for inner in value] if isinstance(value, tuple | list) else value


def _lines(text: str) -> list[int]:
    """Where the ids of concepts stand, in order."""
    lines, line, at = [], 1, 0
    for match in re.finditer(r'"id"\s*:', text):
        line, at = line + text.count("\n", at, match.start()), match.start()
        lines.append(line)
    return lines


def _concept(row: dict[str, Any], line: int, collector: Collector) -> Concept:
    if unknown := set(row) - _CONCEPT:
        raise collector.error(f"unknown field '{min(unknown)[:40]}' of a concept", line)
    sources = tuple(Source(**{key: fold_line(str(value)) for key, value in source.items()}) for source in row.get("sources", ()))
    history = tuple(_change(change, line, collector) for change in row.get("history", ()))
    return Concept(
        fold_line(str(row["id"])),
        tuple(_term(term, line, collector) for term in row["terms"]),
        **{name: fold_line(str(row.get(name, ""))) for name in ("domain", "definition", "note")},
        sources=sources,
        images=tuple(fold_line(str(image)) for image in row.get("images", ())),
        history=history,
        own=tuple((str(name), fold_line(str(value))) for name, value in row.get("own", ())),
    )


def _term(row: dict[str, Any], line: int, collector: Collector) -> Term:
    if unknown := set(row) - _TERM:
        raise collector.error(f"unknown field '{min(unknown)[:40]}' of a term", line)
    speech, gender, number = (str(row.get(name, "")) for name in ("part_of_speech", "gender", "number"))
    return Term(
        collector.term(str(row["text"]), line),
        collector.language(str(row["language"]), line),
        collector.choice(Status, str(row.get("status", Status.PREFERRED)), "status", line),
        tuple(collector.term(str(form), line) for form in row.get("forms", ())),
        collector.choice(PartOfSpeech, speech, "part of speech", line) if speech else None,
        collector.choice(Gender, gender, "gender", line) if gender else None,
        collector.choice(Number, number, "number", line) if number else None,
        fold_line(str(row.get("context", ""))),
        fold_line(str(row.get("region", ""))),
        collector.day(str(row.get("valid_from", "")), line),
        collector.day(str(row.get("valid_until", "")), line),
        fold_line(str(row.get("source", ""))),
        fold_line(str(row.get("note", ""))),
    )


def _change(row: dict[str, Any], line: int, collector: Collector) -> Change:
    when, who, what = (fold_line(str(row.get(name, ""))) for name in ("when", "who", "what"))
    return Change(collector.moment(when, line), who, what)
