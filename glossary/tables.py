r"""Glossaries as tables: rows of cells in two layouts, told by the header; TSV and CSV.

One concept a row: `concept ar en` (any language codes); terms of a cell are separated by `|` (`\|` is the character), the first is
preferred, the rest admitted. Further columns: `ar forbidden`, `ar deprecated`, `ar superseded`, `ar do not translate`, `ar forms`
(further forms of the first term, found but never expected).

One term a row, where there is a column `term`: `concept language term status forms`, and `part of speech`, `gender`, `number`,
`context`, `region`, `valid from`, `valid until`, `term source`, `term note`.

Both may have `domain`, `definition`, `source` (`instrument, article <address>`, several separated by `;`), `note`, `images` and
`history` (`date name: what`), several separated by `|`; in the second layout they stand in the first row of a concept. Columns of
other names are the user's own and kept. Empty lines and lines that begin with `#` are skipped.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corpora import ReadError
from corpora.characters import fold_line
from corpora.languages import NAMES, primary
from glossary.collecting import Collector, change_text, parse_sources
from glossary.model import Concept, Gender, Glossary, Number, PartOfSpeech, Status, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Row = tuple[int, list[str]]

_DETAILS = ("domain", "definition", "source", "note", "images", "history")
_TERM = (
    "language", "term", "status", "forms", "part of speech", "gender", "number", "context", "region", "valid from", "valid until",
    "term source", "term note",
)  # fmt: skip
_STATUSES = "preferred|admitted|deprecated|superseded|forbidden|do not translate"
_COLUMN = re.compile(rf"([a-z]{{2,3}}(?:-[a-z0-9]+)*)(?:[ :_]({_STATUSES}|forms))?")
_PARTS = re.compile(r"(?<!\\)\|")


def parse_table(text: str, *, path: str) -> Glossary:
    """A glossary from the text of a TSV or CSV file. Raises ReadError."""
    concepts = concepts_of(_rows(text, path), path=path)
    return Glossary(concepts, re.split(r"[\\/]", path)[-1], hashlib.sha256(text.encode()).hexdigest()[:12])


def concepts_of(rows: Iterable[Row], *, path: str) -> tuple[Concept, ...]:
    """Concepts from numbered rows of cells, the header first. Raises ReadError."""
    numbered = iter(rows)
    first = next(numbered, None)
    if first is None:
        raise ReadError(
            "the glossary is empty", path=path, hint="a header such as 'concept<TAB>ar<TAB>en', then one concept a line"
        )
    line, cells = first
    names = [fold_line(cell) for cell in cells]
    lowered = [name.casefold() for name in names]
    collector = Collector(path)
    for name in {name for name in lowered if name and lowered.count(name) > 1}:
        raise collector.error(f"the column '{name}' stands twice", line)
    body = _checked(numbered, len(names), collector)
    if "term" in lowered:
        return _by_term(names, line, body, collector)
    return _by_concept(names, line, body, collector)


def to_rows(glossary: Glossary, *, by_term: bool) -> list[list[str]]:
    """The header and rows of a glossary, one term a row or one concept a row (which does not hold all that a term may have)."""
    return _term_rows(glossary) if by_term else _concept_rows(glossary)


def to_text(glossary: Glossary, *, delimiter: str) -> str:
    """A table as text, one concept a row where that loses nothing, else one term a row."""
    rows = to_rows(glossary, by_term=False)
    if concepts_of(enumerate(rows, 1), path="") != tuple(map(_in_order, glossary.concepts)):
        rows = to_rows(glossary, by_term=True)
    out = io.StringIO()
    if delimiter == "\t":
        out.writelines("\t".join(row) + "\n" for row in rows)
    else:
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _in_order(concept: Concept) -> Concept:
    """Its terms as a row of the first layout gives them back."""
    order = list(Status)
    ranked = sorted(concept.terms, key=lambda term: order.index(term.status))
    languages = dict.fromkeys(term.language for term in concept.terms)
    return replace(concept, terms=tuple(term for language in languages for term in ranked if term.language == language))


def _rows(text: str, path: str) -> Iterator[Row]:
    """Numbered rows; tabs, semicolons or commas, whichever the first line has most of."""
    at = [0]
    lines = _lines(text, at)
    first = next(lines, None)
    if first is None:
        return
    delimiter = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","

    def again() -> Iterator[str]:
        yield first
        yield from lines

    reader = csv.reader(
        again(), delimiter=delimiter, quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL, strict=True
    )
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield at[0], row
    except csv.Error as error:
        raise ReadError(f"not a table: {error}", path=path, line=at[0]) from None


def _lines(text: str, at: list[int]) -> Iterator[str]:
    """Lines that are not empty and no comment; `at` holds the number of the last."""
    is_open = False
    has_quotes = "\t" not in text[:4096].split("\n", 1)[0]
    for number, line in enumerate(re.split(r"(?<=\n)|(?<=\r)(?!\n)", text), 1):
        if is_open or (line.strip() and not line.startswith("#")):
            is_open ^= has_quotes and line.count('"') % 2 == 1
            at[0] = number
            yield line


def _checked(rows: Iterator[Row], width: int, collector: Collector) -> Iterator[Row]:
    for line, cells in rows:
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            raise collector.error(f"{len(cells)} cells under {width} columns", line, hint="a separator too many in this line?")
        yield line, (cells + [""] * width)[:width]


def _by_concept(names: list[str], line: int, rows: Iterator[Row], collector: Collector) -> tuple[Concept, ...]:
    header = [_column(name, line, collector) for name in names]
    languages = {name for name, role in header if role not in {"detail", "own"}}
    if "concept" not in {name for name, _ in header} or not languages:
        raise collector.error("no header with 'concept' and a language", line, hint="such as 'concept<TAB>ar<TAB>en'")
    for number, cells in rows:
        details = {name: cell for (name, role), cell in zip(header, cells, strict=True) if role == "detail"}
        own = [(name, fold_line(cell)) for (name, role), cell in zip(header, cells, strict=True) if role == "own" and cell.strip()]
        terms = [
            Term(collector.term(part, number), name, Status.ADMITTED if role == "preferred" and k else Status(role))
            for (name, role), cell in zip(header, cells, strict=True)
            if role not in {"detail", "own", "forms"}
            for k, part in enumerate(_parts(cell))
        ]
        for (name, role), cell in zip(header, cells, strict=True):
            if role == "forms" and cell.strip():
                forms = tuple(collector.term(part, number) for part in _parts(cell))
                k = next((k for k, t in enumerate(terms) if t.language == name and t.status.is_approved), None)
                if k is None:
                    raise collector.error(f"forms without a term in '{name}'", number)
                terms[k] = replace(terms[k], forms=forms)
        collector.add(_concept(details, tuple(terms), tuple(own), number, collector), number)
    return collector.concepts()


def _column(name: str, line: int, collector: Collector) -> tuple[str, str]:
    lowered = name.casefold()
    if lowered == "concept" or lowered in _DETAILS:
        return lowered, "detail"
    match = _COLUMN.match(lowered)
    if match and match.end() == len(name):
        return match[1], match[2] or "preferred"
    if match and primary(match[1]) in NAMES and name[match.end()] in " :_":
        statuses = _STATUSES.replace("|", ", ")
        raise collector.error(f"unknown column '{name}'", line, hint=f"a language is followed by one of {statuses}, forms")
    return name, "own"


def _by_term(names: list[str], line: int, rows: Iterator[Row], collector: Collector) -> tuple[Concept, ...]:
    known = {name: name.casefold() for name in names if name.casefold() in {"concept", *_DETAILS, *_TERM}}
    for needed in ("concept", "language"):
        if needed not in known.values():
            raise collector.error(f"no column '{needed}' beside 'term'", line, hint="such as 'concept<TAB>language<TAB>term'")
    groups: dict[str, list[tuple[int, dict[str, str], list[tuple[str, str]]]]] = {}
    for number, cells in rows:
        row = {known[name]: cell for name, cell in zip(names, cells, strict=True) if name in known}
        own = [(name, fold_line(cell)) for name, cell in zip(names, cells, strict=True) if name not in known and cell.strip()]
        groups.setdefault(fold_line(row["concept"]), []).append((number, row, own))
    for group in groups.values():
        terms: list[Term] = []
        details: dict[str, str] = {}
        theirs: dict[str, str] = {}
        for number, row, own in group:
            term = _term(row, terms, number, collector)
            if any(term.text == other.text and term.language == other.language for other in terms):
                raise collector.error(f"the term '{term.text}' stands here a second time", number, hint="one row a term")
            terms.append(term)
            for name, cell in [*((name, row.get(name, "")) for name in ("concept", *_DETAILS)), *own]:
                kept = theirs if (name, cell) in own else details
                if cell.strip() and kept.setdefault(name, cell) != cell:
                    raise collector.error(f"another {name} than in the first row of this concept", number)
        collector.add(_concept(details, tuple(terms), tuple(theirs.items()), group[0][0], collector), group[0][0])
    return collector.concepts()


def _term(row: dict[str, str], before: list[Term], line: int, collector: Collector) -> Term:
    language = collector.language(row["language"], line)
    usual = Status.ADMITTED if any(term.language == language for term in before) else Status.PREFERRED
    status, speech, gender, number = (row.get(name, "").strip() for name in ("status", "part of speech", "gender", "number"))
    return Term(
        collector.term(row["term"], line),
        language,
        collector.choice(Status, status, "status", line) if status else usual,
        tuple(collector.term(part, line) for part in _parts(row.get("forms", ""))),
        collector.choice(PartOfSpeech, speech, "part of speech", line) if speech else None,
        collector.choice(Gender, gender, "gender", line) if gender else None,
        collector.choice(Number, number, "number", line) if number else None,
        fold_line(row.get("context", "")),
        fold_line(row.get("region", "")),
        collector.day(row.get("valid from", ""), line),
        collector.day(row.get("valid until", ""), line),
        fold_line(row.get("term source", "")),
        fold_line(row.get("term note", "")),
    )


def _concept(
    details: dict[str, str], terms: tuple[Term, ...], own: tuple[tuple[str, str], ...], line: int, collector: Collector
) -> Concept:
    texts = {name: fold_line(details.get(name, "")) for name in ("concept", *_DETAILS)}
    images = tuple(fold_line(part) for part in _parts(texts["images"]))
    history = tuple(collector.change(part, line) for part in _parts(texts["history"]))
    sources = parse_sources(texts["source"])
    return Concept(texts["concept"], terms, texts["domain"], texts["definition"], sources, texts["note"], images, history, own)


def _parts(cell: str) -> list[str]:
    """The parts of a cell; an empty cell has none."""
    return [part.replace("\\|", "|") for part in _PARTS.split(cell)] if cell.strip() else []


def _joined(parts: Iterable[str]) -> str:
    return "|".join(part.replace("|", "\\|") for part in parts)


def _details(concept: Concept) -> list[str]:
    history = _joined(map(change_text, concept.history))
    sources = "; ".join(map(str, concept.sources))
    return [concept.domain, concept.definition, sources, concept.note, _joined(concept.images), history]


def _concept_rows(glossary: Glossary) -> list[list[str]]:
    columns = [
        (language, role)
        for language in glossary.languages
        for role in (*Status, "forms")
        if role != Status.ADMITTED and (role == Status.PREFERRED or _has(glossary, language, role))
    ]
    own = _own_columns(glossary)
    names = [language if role == Status.PREFERRED else f"{language} {role}" for language, role in columns]
    rows = [["concept", *_DETAILS, *names, *own]]
    for concept in glossary.concepts:
        cells = [_cell(concept, language, role) for language, role in columns]
        further = dict(concept.own)
        rows.append([concept.id, *_details(concept), *cells, *(further.get(name, "") for name in own)])
    return _without_empty(rows)


def _has(glossary: Glossary, language: str, role: str) -> bool:
    terms = [term for concept in glossary.concepts for term in concept.in_language(language)]
    return any(term.forms for term in terms) if role == "forms" else any(term.status == role for term in terms)


def _cell(concept: Concept, language: str, role: str) -> str:
    terms = concept.in_language(language)
    if role == "forms":
        return _joined(next((term.forms for term in terms if term.status.is_approved), ()))
    statuses = {Status.PREFERRED, Status.ADMITTED} if role == Status.PREFERRED else {role}
    own = sorted((t for t in terms if t.status in statuses), key=lambda term: term.status is not Status.PREFERRED)
    return _joined(term.text for term in own)


def _term_rows(glossary: Glossary) -> list[list[str]]:
    own = _own_columns(glossary)
    rows = [["concept", *_TERM, *_DETAILS, *own]]
    for concept in glossary.concepts:
        further = dict(concept.own)
        details = [*_details(concept), *(further.get(name, "") for name in own)]
        for k, term in enumerate(concept.terms):
            cells = [
                term.language, term.text, term.status.value, _joined(term.forms), term.part_of_speech or "", term.gender or "",
                term.number or "", term.context, term.region, term.valid_from, term.valid_until, term.source, term.note,
            ]  # fmt: skip
            rows.append([concept.id, *map(str, cells), *(details if not k else [""] * len(details))])
    return _without_empty(rows)


def _own_columns(glossary: Glossary) -> list[str]:
    return list(dict.fromkeys(name for concept in glossary.concepts for name, _ in concept.own))


def _without_empty(rows: list[list[str]]) -> list[list[str]]:
    """Leave out columns that nothing stands in."""
    kept = [k for k in range(len(rows[0])) if k == 0 or any(row[k] for row in rows[1:])]
    return [[row[k] for k in kept] for row in rows]
