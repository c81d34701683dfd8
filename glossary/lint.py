"""What is wrong or doubtful in a glossary itself.

| code | severity | fires when |
| --- | --- | --- |
| `duplicate term` | error | a concept has a term twice in one language, whatever its spelling |
| `contradictory status` | error | one text is approved and refused in one concept |
| `never matches` | error | a term is not found in its own citation form, or a form in itself |
| `several preferred` | warning | a concept has more than one preferred term in a language |
| `shared term` | info | two concepts have the same approved term: a text cannot tell which is meant |
| `refused elsewhere` | warning | a term is approved in one concept and refused in another |
| `missing language` | warning | a concept has no approved term in a language that most concepts have |
| `missing source` | warning | a concept names no source |
| `suspicious script` | warning | a word has letters of two scripts, or of another than its language |
| `suspicious spelling` | warning | a term has a tatweel, a mark of direction, a double space, or a full stop at its end |
| `not valid` | info | a term's time has passed or not come |
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora import Severity
from corpora.languages import primary
from glossary.lexicon import folded
from glossary.matching import Matcher
from glossary.model import Glossary, Status, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glossary.model import Concept

_SCRIPTS = {"ar": "ARABIC", "ru": "CYRILLIC", "en": "LATIN", "fr": "LATIN", "es": "LATIN", "de": "LATIN"}
_ODD = re.compile("[\u0640\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]| {2}|[.،؛:;,]$")
_MOST = 0.8


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing lint noticed.

    Attributes:
        code: as documented above.
        severity: errors make the command fail.
        concept: id of the concept it is about.
        term: the term, or empty.
        language: of the term.
        other: the concept it collides with.
    """

    code: str
    severity: Severity
    concept: str
    term: str = ""
    language: str = ""
    other: str = ""


def lint(glossary: Glossary, *, today: str = "") -> list[Remark]:
    """All remarks, concept by concept.

    Args:
        glossary: what to look at.
        today: an ISO date to judge validity by; not judged where not given.
    """
    usual = _usual_languages(glossary)
    found = [remark for concept in glossary.concepts for remark in _in_concept(concept, usual, today)]
    found += [remark for language in glossary.languages for remark in _between(glossary, language)]
    order = {concept.id: k for k, concept in enumerate(glossary.concepts)}
    ranks = list(Severity)
    return sorted(found, key=lambda remark: (order[remark.concept], ranks.index(remark.severity), remark.code, remark.term))


def comparable(term: Term) -> str:
    """A term as it is compared: folded letters, no case."""
    return " ".join(map(folded, term.text.split())) if primary(term.language) == "ar" else term.text.casefold()


def _usual_languages(glossary: Glossary) -> list[str]:
    counts = Counter(code for concept in glossary.concepts for code in {term.language for term in concept.terms})
    return [code for code, count in counts.items() if count >= _MOST * len(glossary.concepts)]


def _in_concept(concept: Concept, usual: list[str], today: str) -> Iterator[Remark]:
    if not concept.sources:
        yield Remark("missing source", Severity.WARNING, concept.id)
    for language in usual:
        if not concept.approved(language):
            yield Remark("missing language", Severity.WARNING, concept.id, "", language)
    alone = Glossary((concept,))
    for language in dict.fromkeys(term.language for term in concept.terms):
        terms = concept.in_language(language)
        yield from _statuses(concept.id, language, terms)
        matcher = Matcher(alone, language)
        for term in terms:
            yield from _about(concept.id, term, matcher, today)


def _statuses(concept: str, language: str, terms: tuple[Term, ...]) -> Iterator[Remark]:
    by_text: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        by_text[comparable(term)].append(term)
    for same in by_text.values():
        if len({term.status.is_approved for term in same}) > 1:
            yield Remark("contradictory status", Severity.ERROR, concept, same[0].text, language)
        elif len(same) > 1:
            yield Remark("duplicate term", Severity.ERROR, concept, same[0].text, language)
    preferred = [term for term in terms if term.status is Status.PREFERRED]
    if len(preferred) > 1:
        yield Remark("several preferred", Severity.WARNING, concept, preferred[1].text, language)


def _about(concept: str, term: Term, matcher: Matcher, today: str) -> Iterator[Remark]:
    for text in (term.text, *term.forms):
        if not any(match.start == 0 for match in matcher.find(text, unsure=True)):
            yield Remark("never matches", Severity.ERROR, concept, text, term.language)
        if _is_mixed(text, _SCRIPTS.get(primary(term.language), "")):
            yield Remark("suspicious script", Severity.WARNING, concept, text, term.language)
        if _ODD.search(text):
            yield Remark("suspicious spelling", Severity.WARNING, concept, text, term.language)
    if today and ((term.valid_from and term.valid_from > today) or (term.valid_until and term.valid_until < today)):
        yield Remark("not valid", Severity.INFO, concept, term.text, term.language)


def _is_mixed(text: str, script: str) -> bool:
    """A word with letters of two scripts, or no letter of its own script where it is not an acronym."""
    for word in re.findall(r"[^\W\d_]+", text):
        scripts = {unicodedata.name(c, "").split()[0] for c in word} & {"ARABIC", "LATIN", "CYRILLIC", "GREEK"}
        if len(scripts) > 1 or (script and scripts and script not in scripts and not word.isupper()):
            return True
    return False


def _between(glossary: Glossary, language: str) -> Iterator[Remark]:
    """Terms that two concepts of a language share."""
    users: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    for concept in glossary.concepts:
        for term in concept.in_language(language):
            if all(other != concept.id for other, _ in users[comparable(term)]):
                users[comparable(term)].append((concept.id, term))
    for same in users.values():
        for k, (first, term) in enumerate(same):
            for second, theirs in same[k + 1 :]:
                if term.status.is_approved and theirs.status.is_approved:
                    yield Remark("shared term", Severity.INFO, first, term.text, language, second)
                elif term.status.is_approved != theirs.status.is_approved:
                    yield Remark("refused elsewhere", Severity.WARNING, first, term.text, language, second)
