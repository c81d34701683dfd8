"""Names replaced by pseudonyms, the same on both sides and throughout: a table says which names there are.

A row of the table is a person: a column for each language, spellings separated by `|`, and in a column `pseudonym` what stands for
the name on both sides where the numbers that are given otherwise will not do. What is joined to an Arabic name (و, ب, ل) stays.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpora import ReadError
from corpora.languages import primary
from corpora.units import with_texts
from glossary import Concept, Glossary, Matcher, Term
from glossary.lexicon import folded

if TYPE_CHECKING:
    from corpora.units import Unit

_LABELS = {"ar": "شخص", "en": "Person", "fr": "Personne", "es": "Persona", "de": "Person", "ru": "Лицо"}


@dataclass(frozen=True, slots=True)
class Person:
    """A person by number, with the pseudonym that the table gives, or empty."""

    number: int
    pseudonym: str


class Pseudonyms:
    """Replaces the names of a table.

    Attributes:
        replaced: how many names were counted on the source and on the target side.
        one_sided: ids of counted units in which a name was found on one side only, for a person to look at.
    """

    def __init__(self, text: str, *, path: str, source: str, target: str) -> None:
        self._people: dict[str, Person] = {}
        concepts = []
        for number, line, row in _rows(text, path):
            terms = []
            for language in (primary(source), primary(target)):
                spellings = [name.strip() for name in row.get(language, "").split("|") if name.strip()]
                terms += [Term(name, language) for name in spellings]
            if not terms:
                raise ReadError("a row without a name", path=path, line=line)
            self._people[str(number)] = Person(number, row.get("pseudonym", "").strip())
            concepts.append(Concept(str(number), tuple(terms)))
        glossary = Glossary(tuple(concepts), "names", "")
        self._matchers = {primary(code): Matcher(glossary, code) for code in (source, target)}
        self.replaced: Counter[str] = Counter()
        self.one_sided: list[str] = []

    def __len__(self) -> int:
        return len(self._people)

    def count(self, unit: Unit) -> None:
        """Count the names of a unit, as it was before `apply`."""
        ours, theirs = (self._without_names(side.text, side.language)[1] for side in (unit.source, unit.target))
        self.replaced["source"] += sum(ours.values())
        self.replaced["target"] += sum(theirs.values())
        if set(ours) != set(theirs) and unit.is_two_sided:
            self.one_sided.append(unit.id)

    def apply(self, unit: Unit) -> Unit:
        """The unit without names; its record keeps no text of theirs."""
        source, ours = self._without_names(unit.source.text, unit.source.language)
        target, theirs = self._without_names(unit.target.text, unit.target.language)
        if not ours and not theirs:
            return unit
        sides = replace(unit.source, text=source, parts=(source,)), replace(unit.target, text=target, parts=(target,))
        changed = with_texts(replace(unit, source=sides[0], target=sides[1], findings=()), source, target)
        provenance = {
            name: {key: value for key, value in side.items() if key != "unedited"} if isinstance(side, dict) else side
            for name, side in unit.record.get("provenance", {}).items()
        }
        record = {**unit.record, "findings": [], "provenance": provenance}
        for name, text in (("source", source), ("target", target)):
            record[name] = {**record[name], "text": text, "starts": [0], "segments": record[name]["segments"][:1]}
        return replace(changed, record=record)

    def _without_names(self, text: str, language: str) -> tuple[str, Counter[str]]:
        matcher = self._matchers.get(primary(language))
        found: Counter[str] = Counter()
        out, at = "", 0
        for match in matcher.find(text, overlaps=False) if matcher else ():
            if match.start < at:
                continue
            word = text[match.start : match.end]
            out += text[at : match.start] + _joined(word, match.term) + self._label(match.concept, language)
            at = match.end
            found[match.concept] += 1
        return out + text[at:], found

    def _label(self, concept: str, language: str) -> str:
        person = self._people[concept]
        return person.pseudonym or f"{_LABELS.get(primary(language), 'Person')}-{person.number}"


def _joined(word: str, name: str) -> str:
    """What stands joined before a name in the text: the conjunctions and prepositions of Arabic."""
    first, own = (folded(text.split(maxsplit=1)[0]) for text in (word, name))
    rest = first.removesuffix(own) if first.endswith(own) else ""
    return rest if rest and all(part in "وفبكل" for part in rest) else ""


def _rows(text: str, path: str) -> list[tuple[int, int, dict[str, str]]]:
    """Number, line and cells by column of each row of a table."""
    lines = text.split("\n")
    reader = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in lines[0] else ",")
    rows = [(reader.line_num, row) for row in reader]
    if not rows:
        raise ReadError("the table of names is empty", path=path)
    header = [cell.strip().casefold() for cell in rows[0][1]]
    out: list[tuple[int, int, dict[str, str]]] = []
    for line, row in rows[1:]:
        if any(cell.strip() for cell in row):
            out.append((len(out) + 1, line, dict(zip(header, row, strict=False))))
    return out
