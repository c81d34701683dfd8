"""One side of a bitext as the aligner sees it: vectors of every span, lengths, numbers, word vectors."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from align.borders import border_kinds
from align.encoder import use_encoder
from align.marks import find_marks
from align.network import SUMS, WIDTH
from align.words import read_words
from corpora.names import name_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import TokenSums, UseEncoder
    from align.network import Floats, Ints
    from align.words import Words

LONGEST = 10
"""Segments in the longest span."""

_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c]\d+)*")
_FEW = 3  # segments: with fewer than some, their mean is more about them than about what they have in common


@dataclass(frozen=True, slots=True)
class Side:
    """N segments.

    Attributes:
        texts: the segments.
        spans: (LONGEST + 1, N + 1, 512) float32; spans[k, i] is the unit vector of the k segments that end before i.
        mean: (512,) what the single segments' vectors have in common, see `centre`.
        norms: (LONGEST + 1, N + 1) length of each span's vector after the mean is removed.
        tokens, characters: (N + 1,) prefix counts.
        length: characters of the whole document, of which this may be a part.
        numbers: for each segment its numbers as digit strings.
        marks: for each segment its quotation marks, question marks and the like.
        names: for each segment the keys of its words that may be names or cognates.
        terms: for each segment the concepts whose terms it holds.
        borders: (N + 1,) kind of each border, see `border_kinds`.
        words: of its segments.
    """

    texts: Sequence[str]
    spans: Floats
    mean: Floats
    norms: Floats
    tokens: Ints
    characters: Ints
    length: int
    numbers: tuple[tuple[str, ...], ...]
    marks: tuple[tuple[str, ...], ...]
    names: tuple[tuple[str, ...], ...]
    terms: tuple[tuple[str, ...], ...]
    borders: Ints
    words: Words

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def singles(self) -> Floats:
        """Unit vectors (N, 512) of the single segments, the mean removed."""
        return (self.spans[1, 1:] - self.mean) / self.norms[1, 1:, None]

    def cut(self, first: int, last: int) -> Side:
        """The part of segments first .. last - 1; what it knows of the whole document it keeps."""
        borders = slice(first, last + 1)
        return replace(
            self,
            texts=self.texts[first:last],
            spans=self.spans[:, borders],
            norms=self.norms[:, borders],
            tokens=self.tokens[borders] - self.tokens[first],
            characters=self.characters[borders] - self.characters[first],
            numbers=self.numbers[first:last],
            marks=self.marks[first:last],
            names=self.names[first:last],
            terms=self.terms[first:last],
            borders=self.borders[borders],
            words=self.words.cut(first, last),
        )


def read_side(
    texts: Sequence[str], *, terms: Sequence[tuple[str, ...]] = (), progress: Callable[[int, int], None] | None = None
) -> Side:
    """Encode the segments of one side, in order. `terms` are the concepts of each segment, where a glossary was consulted."""
    return read_sides([texts], terms=terms, progress=progress)[0]


def read_sides(
    ways: Sequence[Sequence[str]], *, terms: Sequence[tuple[str, ...]] = (), progress: Callable[[int, int], None] | None = None
) -> list[Side]:
    """Encode one text that is cut into segments in one way or more; the words that these have in common are read once.

    `terms` and `progress` are of the first way's segments.
    """
    encoder = use_encoder()
    count = len(ways[0])
    tell = (lambda done, _: progress(min(done, count), count)) if progress else None
    texts = [text for way in ways for text in way]
    sums = encoder.read(texts, progress=tell)
    words = read_words(encoder, sums, len(texts))
    sides: list[Side] = []
    first = 0
    for way in ways:
        last = first + len(way)
        concepts = tuple(terms) if terms and not sides else ((),) * len(way)
        sides.append(_side(encoder, way, sums, slice(first, last), words.cut(first, last), concepts))
        first = last
    return sides


def _side(
    encoder: UseEncoder, texts: Sequence[str], sums: TokenSums, own: slice, words: Words, terms: tuple[tuple[str, ...], ...]
) -> Side:
    """The side of the segments `own` among those that were read."""
    count = len(texts)
    body, start, end, alone = (part[own] for part in (sums.body, sums.start, sums.end, sums.alone))
    spans = np.zeros((LONGEST + 1, count + 1, WIDTH), dtype=np.float32)
    running = np.zeros((count + 1, SUMS), dtype=np.float32)
    tokens = np.concatenate([[0], np.cumsum(sums.tokens[own])])
    for k in range(1, min(LONGEST, count) + 1):
        running[k:] = running[k - 1 : -1] + body[k - 1 :]
        total = running[k:] + start[: count - k + 1] + end[k - 1 :] if k > 1 else alone
        encoder.head(total, tokens[k:] - tokens[:-k] + 2, out=spans[k, k:])
    mean = centre(spans)
    return Side(
        texts=texts,
        spans=spans,
        mean=mean,
        norms=centred_norms(spans, mean),
        tokens=tokens,
        characters=np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64),
        length=sum(len(text) for text in texts),
        numbers=tuple(find_numbers(text) for text in texts),
        marks=tuple(find_marks(text) for text in texts),
        names=tuple(name_keys(text) for text in texts),
        terms=terms,
        borders=border_kinds(texts),
        words=words,
    )


def centre(spans: Floats) -> Floats:
    """What the vectors (512,) of a document have in common: the mean of its single segments, less of it where they are few."""
    singles = spans[1, 1:]
    return singles.sum(axis=0) / (len(singles) + _FEW)  # type: ignore[no-any-return]


def centred_norms(spans: Floats, mean: Floats) -> Floats:
    """Length of span vectors once the mean is removed; never zero."""
    square = 1 - 2 * (spans @ mean) + mean @ mean
    return np.sqrt(np.maximum(square, 1e-6)).astype(np.float32)


def find_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text as ASCII digit strings without separators: '١٬٥٠٠' and '1,500' are both '1500'."""
    found = _NUMBER.findall(text)
    return tuple("".join(str(unicodedata.digit(c)) for c in number if c.isdecimal()) for number in found)


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of a bitext, or of a part of it.

    Attributes:
        translated: a machine translation of the source, segment by segment, where there is one.
        finer: the same texts cut finer, where they can be, see `align.finer`.
    """

    source: Side
    target: Side
    translated: Side | None = None
    finer: Finer | None = None

    def cut(self, rows: tuple[int, int], columns: tuple[int, int]) -> Pair:
        """The part of the given source and target segments."""
        source, target = self.source.cut(*rows), self.target.cut(*columns)
        return Pair(
            source,
            target,
            self.translated and self.translated.cut(*rows),
            self.finer and self.finer.cut(rows, columns),
        )


@dataclass(frozen=True, slots=True)
class Finer:
    """A pair whose segments, N and M, are cut into pieces.

    Attributes:
        pieces: the pair of all pieces.
        rows, columns: (N + 1,), (M + 1,) number of pieces before each border of the segments.
    """

    pieces: Pair
    rows: Ints
    columns: Ints

    def cut(self, rows: tuple[int, int], columns: tuple[int, int]) -> Finer:
        """The part of the given source and target segments."""
        (i, i_end), (j, j_end) = rows, columns
        pieces = self.pieces.cut((self.rows[i], self.rows[i_end]), (self.columns[j], self.columns[j_end]))
        return Finer(
            pieces,
            self.rows[i : i_end + 1] - self.rows[i],
            self.columns[j : j_end + 1] - self.columns[j],
        )
