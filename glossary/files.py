"""Glossary files in every format: read by what they are, written by name, and what a format cannot hold."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from pathlib import Path

from corpora.encodings import decode
from corpora.reading import read_bytes
from glossary.formats import GlossaryFormat
from glossary.model import Concept, Glossary, Term
from glossary.tables import parse_table, to_text


def read_glossary(path: str | Path) -> Glossary:
    """Read a glossary in any of the formats, told by what the file holds.

    Raises:
        ReadError: it cannot be read, is none, or holds what no glossary may hold (a concept twice, an empty term).
    """
    data = read_bytes(path)
    return parse_glossary(data, _format_of(data, str(path)), path=str(path))


def _format_of(data: bytes, name: str) -> GlossaryFormat:
    if data.startswith(b"PK\x03\x04"):
        return GlossaryFormat.XLSX
    head = data[:400].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if head.startswith((b"<", b"{")):
        return GlossaryFormat.TBX if head.startswith(b"<") else GlossaryFormat.JSON
    return GlossaryFormat.PO if Path(name).suffix.lower() in {".po", ".pot"} else GlossaryFormat.TSV


def starter_glossary() -> Glossary:
    """The glossary that comes with the project: legal and human-rights terms with the instrument each is taken from."""
    return parse_table((files("glossary") / "data" / "starter.tsv").read_text(encoding="utf-8"), path="starter.tsv")


def write_glossary(glossary: Glossary, kind: GlossaryFormat, *, source: str = "", target: str = "") -> bytes:
    """The glossary as a file.

    Args:
        glossary: what to write.
        kind: the format.
        source: the first language of a PO file; the glossary's first where not given.
        target: its second language.

    Raises:
        MuqabalaError: PO of a language it has no terms in.
    """
    if kind is GlossaryFormat.XLSX:
        from glossary.sheets import to_xlsx

        return to_xlsx(glossary)
    if kind in {GlossaryFormat.TBX, GlossaryFormat.TBX2}:
        from glossary.tbx import to_tbx

        return to_tbx(glossary, version=3 if kind is GlossaryFormat.TBX else 2)
    if kind is GlossaryFormat.PO:
        from glossary.po import to_po

        first, second, *_ = [*glossary.languages, "", ""]
        return to_po(glossary, source or first, target or next(code for code in (second, first) if code != source)).encode()
    if kind is GlossaryFormat.JSON:
        from glossary.records import to_json

        return to_json(glossary).encode()
    return to_text(glossary, delimiter="\t" if kind is GlossaryFormat.TSV else ",").encode()


def parse_glossary(data: bytes, kind: GlossaryFormat, *, path: str = "") -> Glossary:
    """The glossary in the bytes of a format. Raises ReadError."""
    if kind is GlossaryFormat.XLSX:
        from glossary.sheets import parse_xlsx

        return parse_xlsx(data, path=path)
    if kind in {GlossaryFormat.TBX, GlossaryFormat.TBX2}:
        from glossary.tbx import parse_tbx

        return parse_tbx(data, path=path)
    text = decode(data, path=path).text
    if kind is GlossaryFormat.PO:
        from glossary.po import parse_po

        return parse_po(text, path=path)
    if kind is GlossaryFormat.JSON:
        from glossary.records import parse_json

        return parse_json(text, path=path)
    return parse_table(text, path=path)


def losses(before: Glossary, after: Glossary) -> list[str]:
    """What one glossary has and the other does not, in words, such as `12 forbidden terms`."""
    counts: Counter[str] = Counter()
    for concept in before.concepts:
        other = after.by_id.get(concept.id)
        if other is None:
            counts["concepts"] += 1
            continue
        counts.update(f"{name} of concepts" for name in _CONCEPT_FIELDS if getattr(concept, name) != getattr(other, name))
        theirs = {(term.language, term.text): term for term in other.terms}
        for term in concept.terms:
            kept = theirs.get((term.language, term.text))
            if kept is None:
                counts[f"{term.status} terms in '{term.language}'"] += 1
            else:
                counts.update(f"{name} of terms" for name in _TERM_FIELDS if getattr(term, name) != getattr(kept, name))
    return [f"{count} {what.replace('_', ' ')}" for what, count in counts.items()]


_CONCEPT_FIELDS = [name for name in Concept.__dataclass_fields__ if name not in {"id", "terms"}]
_TERM_FIELDS = [name for name in Term.__dataclass_fields__ if name not in {"text", "language"}]
