"""PO, for translation tools: one entry for each approved term of the first language, with the preferred one of the second.

The context is `concept#n`, so that two concepts may share a word; definition, domain and sources are comments for the translator,
further approved terms of the second language stand in one of them. Terms that are not approved stay out. Read back, a file gives
the concepts with their approved terms.
"""

from __future__ import annotations

import hashlib
import re
from itertools import groupby
from typing import Any

from corpora import MuqabalaError, ReadError
from corpora.characters import fold_line
from corpora.languages import NAMES, primary
from glossary.collecting import Collector, parse_sources
from glossary.model import Concept, Glossary, Status, Term

_CONTEXT = re.compile(r"(.*)#(\d+)", re.DOTALL)
_NAMED = {"domain": "Domain", "definition": "Definition", "source": "Source", "also": "Also"}
_PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
    "fr": "nplurals=2; plural=(n > 1);",
}


def to_po(glossary: Glossary, source: str, target: str) -> str:
    """The terms of two languages.

    Raises:
        MuqabalaError: the glossary has no terms in one of them.
    """
    import polib

    for language in (source, target):
        if language not in glossary.languages:
            raise MuqabalaError(f"no terms in '{language}'", hint=f"it has {', '.join(glossary.languages)}")
    file = polib.POFile(wrapwidth=0)
    name = NAMES.get(primary(target), target)
    file.metadata = {
        "Project-Id-Version": fold_line(glossary.name) or "glossary",
        "PO-Revision-Date": "1970-01-01 00:00+0000",  # nobody's clock: the same glossary gives the same bytes
        "Last-Translator": "Muqabala",
        "Language-Team": name,
        "Language": target,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _PLURALS.get(primary(target), "nplurals=2; plural=(n != 1);"),
        "X-Source-Language": source,
    }
    for concept in glossary.concepts:
        theirs = concept.approved(target)
        if not theirs:
            continue
        sources = "; ".join(map(str, concept.sources))
        details = {"domain": concept.domain, "definition": concept.definition, "source": sources, "also": " | ".join(theirs[1:])}
        comment = "\n".join(f"{_NAMED[key]}: {value}" for key, value in details.items() if value)
        for k, text in enumerate(concept.approved(source)):
            file.append(
                polib.POEntry(msgctxt=f"{concept.id}#{k + 1}", msgid=text, msgstr=theirs[0], comment=comment, tcomment=concept.note)
            )
    return str(file) + "\n"


def parse_po(text: str, *, path: str) -> Glossary:
    """A glossary from what `to_po` wrote, or from any PO file: an entry without our context is a concept of its own.

    Raises:
        ReadError: not PO, no languages named, or with a term that can be none.
    """
    import polib

    try:
        file = polib.pofile(text if "\n" in text else text + "\n", check_for_duplicates=False)
    except (OSError, ValueError, IndexError, UnicodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise ReadError("not a PO file", path=path, line=int(line[1]) if line else None) from None
    target = file.metadata.get("Language", "")
    source = file.metadata.get("X-Source-Language", "en" if primary(target) != "en" else "")
    collector = Collector(path)
    if not target or not source:
        raise ReadError("names no languages", path=path, hint="the headers Language and X-Source-Language")
    entries = [entry for entry in file if entry.msgid and entry.msgstr and not entry.obsolete]
    for key, group in groupby(entries, key=_concept_id):
        own = list(group)
        collector.add(_concept(key, own, source, target, collector), own[0].linenum or 0)
    return Glossary(collector.concepts(), re.split(r"[\\/]", path)[-1], hashlib.sha256(text.encode()).hexdigest()[:12])


def _concept_id(entry: Any) -> str:
    match = _CONTEXT.fullmatch(entry.msgctxt or "")
    return match[1] if match else fold_line(entry.msgctxt or entry.msgid)


def _concept(key: str, entries: list[Any], source: str, target: str, collector: Collector) -> Concept:
    first = entries[0]
    told = dict(line.split(": ", 1) for line in first.comment.split("\n") if ": " in line)
    ours = [collector.term(entry.msgid, entry.linenum or 0) for entry in entries]
    theirs = [part.strip() for part in told.get("Also", "").split(" | ") if part.strip()]
    theirs = [collector.term(text, first.linenum or 0) for text in [first.msgstr, *theirs]]
    terms = [
        Term(text, language, Status.ADMITTED if k else Status.PREFERRED)
        for language, texts in ((source, ours), (target, theirs))
        for k, text in enumerate(texts)
    ]
    sources = parse_sources(told.get("Source", ""))
    return Concept(key, tuple(terms), told.get("Domain", ""), told.get("Definition", ""), sources, fold_line(first.tcomment))
