"""Search over both sides: words as keys, so that vowels, hamza forms, clitics, case and plurals make no difference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpora import MuqabalaError
from corpora.characters import Seen, ascii_digits, seen
from corpora.languages import primary
from glossary import arabic, english, languages
from glossary.lexicon import folded
from muqabala.project.ledger import bead_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from muqabala.project.store import Store

_TOKEN = re.compile("[\\w\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]+")
_PHRASE = re.compile('"([^"]*)"|\u00ab([^\u00bb]*)\u00bb|\u201c([^\u201d]*)\u201d|(\\S+)')
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A bead in which all that was asked for was found.

    Attributes:
        bead, document: names.
        source, target: its texts.
        source_spans, target_spans: the words found.
    """

    bead: str
    document: str
    source: str
    target: str
    source_spans: tuple[tuple[int, int], ...]
    target_spans: tuple[tuple[int, int], ...]


def word_keys(text: str, language: str) -> str:
    """All keys of all words of a text, as the index holds them."""
    text = seen(text)
    ha = not arabic.TA_MARBUTA.search(text)
    found = (key for start, end in _spans(text, language) for key in sorted(_keys(text[start:end], primary(language), ha)))
    return " ".join(map(_token, found))


def search(store: Store, query: str, *, language: str = "", most: int = 100) -> Iterator[Hit]:
    """The beads that have all words of a query on one side, in the order of their documents.

    Args:
        store: of the project.
        query: words; those in quotation marks must follow each other.
        language: of the side to search; both where not given.
        most: hits at most.

    Raises:
        MuqabalaError: there is no word in the query.
    """
    phrases = _phrases(query)
    wanted = ([f'"{_token(key)}"' for key in sorted(keys)] for phrase in phrases for keys in phrase)
    match = " AND ".join(f"({' OR '.join(keys)})" for keys in wanted)
    if not match:
        raise MuqabalaError("there is no word to search for")
    given: set[tuple[int, int]] = set()
    for side in ("source", "target"):
        rows = store.each(
            f"SELECT p.id AS pair, s.number, s.text, t.language FROM word w JOIN segment s ON s.id = w.rowid"
            f" JOIN pair p ON p.{side}_segmentation = s.segmentation AND p.active = 1"
            " JOIN segmentation g ON g.id = s.segmentation JOIN statement t ON t.id = g.statement"
            " WHERE word MATCH ? ORDER BY p.id, s.number",
            match,
        )
        for row in rows:
            if language and primary(language) != primary(row["language"]):
                continue
            if not _found(row["text"], row["language"], phrases):
                continue
            bead = store.row(
                f"SELECT b.* FROM bead b, json_each(b.{side}) k WHERE b.pair = ? AND k.value = ?", row["pair"], row["number"]
            )
            if bead is None or (row["pair"], bead["number"]) in given:
                continue
            given.add((row["pair"], bead["number"]))
            yield _hit(store, row["pair"], bead["number"], phrases)
            if len(given) == most:
                return


def _hit(store: Store, pair: int, number: int, phrases: Sequence[Sequence[frozenset[str]]]) -> Hit:
    row = store.row(
        "SELECT b.*, d.name, p.source_segmentation, p.target_segmentation,"
        " s.language AS source_language, t.language AS target_language"
        " FROM bead b JOIN pair p ON p.id = b.pair JOIN document d ON d.id = p.source"
        " JOIN segmentation g ON g.id = p.source_segmentation JOIN statement s ON s.id = g.statement"
        " JOIN segmentation h ON h.id = p.target_segmentation JOIN statement t ON t.id = h.statement"
        " WHERE b.pair = ? AND b.number = ?",
        pair,
        number,
    )
    assert row is not None  # noqa: S101  it was found a line before
    texts: list[str] = []
    spans: list[tuple[tuple[int, int], ...]] = []
    for side in ("source", "target"):
        parts = store.rows(
            "SELECT text FROM segment WHERE segmentation = ? AND number IN (SELECT value FROM json_each(?)) ORDER BY number",
            row[f"{side}_segmentation"],
            row[side],
        )
        text = row[f"edited_{side}"]
        text = " ".join(part["text"] for part in parts) if text is None else text
        texts.append(text)
        spans.append(tuple(_found(text, row[f"{side}_language"], phrases)))
    return Hit(bead_name(pair, number), row["name"], texts[0], texts[1], spans[0], spans[1])


def _phrases(query: str) -> list[list[frozenset[str]]]:
    """What is asked for: phrases of words, each word as the keys it may have in the index."""
    out = []
    for match in _PHRASE.finditer(query):
        words = _TOKEN.findall(next(seen(part) for part in match.groups() if part is not None))
        if words:
            out.append([_asked(word) for word in words])
    return out


def _asked(word: str) -> frozenset[str]:
    """The keys that a word of a query stands for: as it is, without the article, without a plural."""
    if _ARABIC.search(word):
        found = {folded(word), *arabic.citation_keys(word)}
        return frozenset(found | {key[:-1] + "ة" for key in found if key.endswith("ه")})
    plain = ascii_digits(word).casefold()
    return frozenset({plain, english.singular(plain)}) if plain.isascii() and plain.isalpha() else frozenset({plain})


def _found(text: str, language: str, phrases: Sequence[Sequence[frozenset[str]]]) -> list[tuple[int, int]]:
    """Where the phrases stand, in order; nothing where one of them does not."""
    shown = Seen.of(text)
    text = shown.text
    spans = _spans(text, language)
    ha = not arabic.TA_MARBUTA.search(text)
    keys = [_keys(text[start:end], primary(language), ha) for start, end in spans]
    out: set[tuple[int, int]] = set()
    for phrase in phrases:
        starts = [k for k in range(len(keys) - len(phrase) + 1) if all(keys[k + j] & word for j, word in enumerate(phrase))]
        if not starts:
            return []
        out.update(shown.span(spans[k][0], spans[k + len(phrase) - 1][1]) for k in starts)
    return sorted(out)


def _spans(text: str, language: str) -> list[tuple[int, int]]:
    if primary(language) in {"zh", "ja", "th"}:
        return languages.word_spans(text, language)
    return [match.span() for match in _TOKEN.finditer(text)]


@lru_cache(maxsize=1 << 18)
def _keys(word: str, language: str, ha: bool) -> frozenset[str]:  # noqa: FBT001  a key of the cache
    if _ARABIC.search(word):
        return arabic.keys(word, ha=ha)
    plain = ascii_digits(word).casefold()
    if language == "en":
        return frozenset({plain, english.singular(plain)}) if plain.isalpha() else frozenset({plain})
    return languages.keys(plain, language) | {plain}


def _token(key: str) -> str:
    """The key as the index takes it for one word: whatever is no letter or digit by its code point."""
    return key if key.isalnum() else "".join(c if c.isalnum() else f"z{ord(c):x}z" for c in key)
