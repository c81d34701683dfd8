"""Glossaries as TSV and CSV.

The simplest has the header `concept ar en` (any language codes); terms of a cell are separated by `|`, the first is preferred,
the rest admitted. Further columns: `ar forbidden`, `ar deprecated`, `ar superseded`, `ar forms` (further forms, found but never
expected), and `domain`, `source`, `note`. Columns of other names are the user's own and left alone; a language with a
status that is none is an error. Empty lines and lines that begin with `#` are skipped.
"""

from __future__ import annotations

import csv
import hashlib
import re
from importlib.resources import files
from pathlib import Path

from corpora import ReadError
from corpora.languages import NAMES, primary
from corpora.reading import read_text
from glossary.model import Concept, Glossary, Status, Term

_DETAILS = ("domain", "source", "note")
_COLUMN = re.compile(r"([a-z]{2,3}(?:-[a-z0-9]+)*)(?:[ :_](preferred|admitted|deprecated|superseded|forbidden|forms))?")


def read_glossary(path: str | Path) -> Glossary:
    """Read a TSV or CSV file.

    Raises:
        ReadError: it cannot be read, has no such header, or a concept twice.
    """
    return parse_table(read_text(path), path=str(path))


def starter_glossary() -> Glossary:
    """The glossary that comes with the project: legal and human-rights terms with the instrument each is taken from."""
    return parse_table((files("glossary") / "data" / "starter.tsv").read_text(encoding="utf-8"), path="starter.tsv")


def parse_table(text: str, *, path: str) -> Glossary:
    """Parse the text of a table. Raises ReadError."""
    rows = [(n, line) for n, line in enumerate(re.split(r"\r\n|\n|\r", text), 1) if line.strip() and not line.startswith("#")]
    if not rows:
        raise ReadError(
            "the glossary is empty", path=path, hint="a header such as 'concept<TAB>ar<TAB>en', then one concept a line"
        )
    delimiter = "\t" if "\t" in rows[0][1] else ";" if rows[0][1].count(";") > rows[0][1].count(",") else ","
    try:
        cells = list(
            csv.reader(
                (line for _, line in rows), delimiter=delimiter, quoting=csv.QUOTE_NONE if delimiter == "\t" else 0, strict=True
            )
        )
    except csv.Error as error:
        raise ReadError(f"not a table: {error}", path=path) from None
    header = [_column(name.strip(), path, rows[0][0]) for name in cells[0]]
    languages = {name for name, role in header if role in {"preferred", "admitted"}}
    if "concept" not in {name for name, _ in header} or not languages:
        raise ReadError(
            "no header with 'concept' and a language", path=path, line=rows[0][0], hint="such as 'concept<TAB>ar<TAB>en'"
        )
    concepts: dict[str, Concept] = {}
    for (number, _), row in zip(rows[1:], cells[1:], strict=False):
        concept = _concept(header, row, path, number)
        if concept.id in concepts:
            raise ReadError(f"the concept '{concept.id}' stands here a second time", path=path, line=number)
        concepts[concept.id] = concept
    return Glossary(tuple(concepts.values()), Path(path).name, hashlib.sha256(text.encode()).hexdigest()[:12])


def _column(name: str, path: str, line: int) -> tuple[str, str]:
    lowered = name.casefold()
    if lowered == "concept" or lowered in _DETAILS:
        return lowered, "detail"
    match = _COLUMN.match(lowered)
    if match and match.end() == len(name):
        return match[1], match[2] or "preferred"
    if match and primary(match[1]) in NAMES and name[match.end()] in " :_":
        statuses = "preferred, admitted, deprecated, superseded, forbidden, forms"
        raise ReadError(f"unknown column '{name}'", path=path, line=line, hint=f"a language is followed by one of {statuses}")
    return name, "own"


def _concept(header: list[tuple[str, str]], row: list[str], path: str, line: int) -> Concept:
    if len(row) > len(header):
        raise ReadError(f"{len(row)} cells under {len(header)} columns", path=path, line=line)
    details: dict[str, str] = {}
    terms: list[Term] = []
    forms: dict[str, tuple[str, ...]] = {}
    for (name, role), cell in zip(header, row, strict=False):
        parts = tuple(" ".join(part.split()) for part in cell.split("|") if part.strip())
        if role == "detail":
            details[name] = " ".join(cell.split())
        elif role == "own":
            continue
        elif role == "forms":
            forms[name] = parts
        else:
            for k, part in enumerate(parts):
                status = Status.ADMITTED if role == "preferred" and k else Status(role)
                terms.append(Term(part, name, status))
    if not details.get("concept"):
        raise ReadError("a row without a concept", path=path, line=line)
    seen: set[str] = set()
    for k, term in enumerate(terms):
        if term.language in forms and term.status.is_approved and term.language not in seen:
            terms[k] = Term(term.text, term.language, term.status, forms[term.language])
            seen.add(term.language)
    return Concept(details["concept"], tuple(terms), details.get("domain", ""), details.get("source", ""), details.get("note", ""))
