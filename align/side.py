"""One side of a bitext as the aligner sees it: vectors of every span, lengths, numbers, word vectors."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from align.borders import border_kinds
from align.encoder import use_encoder
from align.legible import unmarked
from align.marks import find_marks
from align.network import SUMS, WIDTH
from align.rowwise import next_spans
from align.words import read_words
from corpora.names import name_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.network import Floats, Ints
    from align.words import Words

LONGEST = 10
"""Segments in the longest span."""

_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c]\d+)*")
_FEW = 3  # segments: with fewer than some, their mean is more about them than about what they have in common


class Sums(NamedTuple):
    """What is kept of N texts to make spans of, see `TokenSums`."""

    body: Floats
    start: Floats
    end: Floats
    alone: Floats
    tokens: Ints

    def of(self, rows: slice | Ints) -> Sums:
        """That of these texts."""
        return Sums(self.body[rows], self.start[rows], self.end[rows], self.alone[rows], self.tokens[rows])

    def spans(self) -> Floats:
        """Vectors (LONGEST + 1, N + 1, 512) of all spans of the texts in a row, see `Side`."""
        encoder, count = use_encoder(), len(self.body)
        out = np.zeros((LONGEST + 1, count + 1, WIDTH), dtype=np.float32)
        running, total = np.zeros((count + 1, SUMS), dtype=np.float32), np.empty((count, SUMS), dtype=np.float32)
        tokens = np.concatenate([[0], np.cumsum(self.tokens)])
        body, start, end = (np.ascontiguousarray(sums) for sums in (self.body, self.start, self.end))
        for k in range(1, min(LONGEST, count) + 1):
            next_spans(body, start, end, k, running, total)
            sums = total[: count - k + 1] if k > 1 else np.ascontiguousarray(self.alone)
            encoder.head(sums, tokens[k:] - tokens[:-k] + 2, out=out[k, k:])
        return out


@dataclass(frozen=True, slots=True)
class Side:
    """N segments.

    Attributes:
        texts: the segments.
        spans: (LONGEST + 1, N + 1, 512) float32; spans[k, i] is the unit vector of the k segments that end before i.
        mean: (512,) what the single segments' vectors have in common, see `centre`.
        norms: (LONGEST + 1, N + 1) length of each span's vector after the mean is removed.
        tokens, characters: (N + 1,) prefix counts.
        length: characters of the whole document, of which this may be a part, or what stands for them, see `align.lengths`.
        numbers: for each segment its numbers as digit strings.
        marks: for each segment its quotation marks, question marks and the like.
        names: for each segment the keys of its words that may be names or cognates.
        terms: for each segment the concepts whose terms it holds.
        borders: (N + 1,) kind of each border, see `border_kinds`.
        words: of its segments.
        sums: what spans are made of.
    """

    texts: Sequence[str]
    spans: Floats
    mean: Floats
    norms: Floats
    tokens: Ints
    characters: Ints
    length: float
    numbers: tuple[tuple[str, ...], ...]
    marks: tuple[tuple[str, ...], ...]
    names: tuple[tuple[str, ...], ...]
    terms: tuple[tuple[str, ...], ...]
    borders: Ints
    words: Words
    sums: Sums

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def singles(self) -> Floats:
        """Unit vectors (N, 512) of the single segments, the mean removed."""
        return (self.spans[1, 1:] - self.mean) / self.norms[1, 1:, None]

    def unit(self, first: int | Ints, last: int | Ints) -> Floats:
        """Unit vector (..., 512) of the span of segments first .. last - 1, the mean removed."""
        size = last - first
        return (self.spans[size, last] - self.mean) / self.norms[size, last, None]  # type: ignore[no-any-return]

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
            sums=self.sums.of(slice(first, last)),
        )

    def reordered(self, order: Sequence[int]) -> Side:
        """These segments in this order; what is known of the whole document stays."""
        rows = np.array(order, dtype=np.int64)
        sums, terms = self.sums.of(rows), [self.terms[k] for k in order]
        return _side([self.texts[k] for k in order], sums, self.words.pick(rows), terms, self.mean, self.length)


def length_ratio(source: Side, target: Side) -> float:
    """Characters of the source a character of the target, over the whole documents."""
    return (source.length or 1) / (target.length or 1)


def read_side(
    texts: Sequence[str], *, terms: Sequence[tuple[str, ...]] = (), progress: Callable[[int, int], None] | None = None
) -> Side:
    """Encode the segments of one side, in order. `terms` are the concepts of each segment, where a glossary was consulted."""
    return read_cut_side(texts, [[text] for text in texts], terms=terms, progress=progress)[0]


def read_cut_side(
    texts: Sequence[str],
    cut: Sequence[Sequence[str]],
    *,
    terms: Sequence[tuple[str, ...]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Side, Pieces]:
    """Encode the segments of one side and the pieces that each is cut into; what is one piece is read once.

    Pieces are read behind the segments: where one meets a segment that is not cut, the words across the border are not seen.
    """
    encoder = use_encoder()
    count = len(texts)
    tell = (lambda done, _: progress(min(done, count), count)) if progress else None
    rows: list[int] = []
    read = list(texts)
    for k, pieces in enumerate(cut):
        rows += [k] if len(pieces) == 1 else range(len(read), len(read) + len(pieces))
        read += pieces if len(pieces) > 1 else []
    sums = encoder.read(read, progress=tell)
    words = read_words(encoder, sums, len(read))
    kept = Sums(sums.body, sums.start, sums.end, sums.alone, sums.tokens)
    side = _side(texts, kept.of(slice(count)), words.cut(0, count), terms or ((),) * count)
    before = np.concatenate([[0], np.cumsum([len(pieces) for pieces in cut])]).astype(np.int64)
    joined = [piece for segment in cut for piece in segment]
    return side, Pieces(joined, before, np.array(rows, dtype=np.int64), kept, words, side.mean, side.length)


def _side(
    texts: Sequence[str],
    sums: Sums,
    words: Words,
    terms: Sequence[tuple[str, ...]],
    mean: Floats | None = None,
    length: float | None = None,
) -> Side:
    """A side with all that its segments show; its mean and length are its own unless it is a part."""
    spans = sums.spans()
    shown = [unmarked(text) for text in texts]
    mean = centre(spans) if mean is None else mean
    return Side(
        texts=texts,
        spans=spans,
        mean=mean,
        norms=centred_norms(spans, mean),
        tokens=np.concatenate([[0], np.cumsum(sums.tokens)]),
        characters=np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64),
        length=sum(map(len, texts)) if length is None else length,
        numbers=tuple(find_numbers(text) for text in shown),
        marks=tuple(find_marks(text) for text in shown),
        names=tuple(name_keys(text) for text in shown),
        terms=tuple(terms),
        borders=border_kinds(shown),
        words=words,
        sums=sums,
    )


@dataclass(frozen=True, slots=True)
class Pieces:
    """The N segments of a side cut into P pieces: read, and worked out where they are looked at.

    Attributes:
        texts: the pieces.
        before: (N + 1,) number of pieces before each border of the segments.
        rows: (P,) which of what was read each piece is.
        sums, words: of all that was read.
        mean, length: of the whole side.
    """

    texts: Sequence[str]
    before: Ints
    rows: Ints
    sums: Sums
    words: Words
    mean: Floats
    length: float

    def cut(self, first: int, last: int) -> Pieces:
        """The pieces of segments first .. last - 1."""
        own = slice(int(self.before[first]), int(self.before[last]))
        before = self.before[first : last + 1] - self.before[first]
        return replace(self, texts=self.texts[own], before=before, rows=self.rows[own])

    def picked(self, segments: Sequence[int]) -> Pieces:
        """The pieces of these segments."""
        chosen = [k for segment in segments for k in range(self.before[segment], self.before[segment + 1])]
        before = np.concatenate([[0], np.cumsum(np.diff(self.before)[segments])]).astype(np.int64)
        return replace(self, texts=[self.texts[k] for k in chosen], before=before, rows=self.rows[chosen])

    def side(self) -> Side:
        """The side that the pieces are."""
        sums, words = self.sums.of(self.rows), self.words.pick(self.rows)
        return _side(self.texts, sums, words, ((),) * len(self.texts), self.mean, self.length)


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
        pieces: those of the source and of the target, where segments can be cut, see `align.finer`.
    """

    source: Side
    target: Side
    translated: Side | None = None
    pieces: tuple[Pieces, Pieces] | None = None

    def cut(self, rows: tuple[int, int], columns: tuple[int, int]) -> Pair:
        """The part of the given source and target segments."""
        return Pair(
            self.source.cut(*rows),
            self.target.cut(*columns),
            self.translated and self.translated.cut(*rows),
            self.pieces and (self.pieces[0].cut(*rows), self.pieces[1].cut(*columns)),
        )

    def reordered(self, rows: Sequence[int], columns: Sequence[int]) -> Pair:
        """These source and target segments in these orders; not cut finer."""
        translated = self.translated and self.translated.reordered(rows)
        return Pair(self.source.reordered(rows), self.target.reordered(columns), translated)

    def picked(self, rows: Sequence[int], columns: Sequence[int]) -> Pair:
        """Some of the source and target segments, in order, cut finer as they were."""
        pieces = self.pieces and (self.pieces[0].picked(rows), self.pieces[1].picked(columns))
        return replace(self.reordered(rows, columns), pieces=pieces)
