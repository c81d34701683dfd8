"""One side of a bitext as the aligner sees it: vectors of every span, lengths, numbers, word vectors."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.borders import border_kinds
from align.encoder import use_encoder
from align.network import WIDTH
from align.rowwise import sum_chosen
from corpora.names import name_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import TokenSums, UseEncoder
    from align.network import Floats, Ints

LONGEST = 10
"""Segments in the longest span."""

_NUMBER = re.compile(r"\d+(?:[.,\u066b\u066c]\d+)*")
_FEW = 3  # segments: with fewer than some, their mean is more about them than about what they have in common
_MOST_WORDS = 512
_NEIGHBOUR = 0.25  # weight of a word's neighbourhood beside the word itself


@dataclass(frozen=True, slots=True)
class Side:
    """N segments, W words.

    Attributes:
        texts: the segments.
        spans: (LONGEST + 1, N + 1, 512) float32; spans[k, i] is the unit vector of the k segments that end before i.
        mean: (512,) what the single segments' vectors have in common, see `centre`.
        norms: (LONGEST + 1, N + 1) length of each span's vector after the mean is removed.
        tokens, characters: (N + 1,) prefix counts.
        length: characters of the whole document, of which this may be a part.
        numbers: for each segment its numbers as digit strings.
        names: for each segment the keys of its words that may be names or cognates.
        terms: for each segment the concepts whose terms it holds.
        borders: (N + 1,) kind of each border, see `border_kinds`.
        word_vectors: (W, 1024) the word's vector and that of its neighbourhood, centred, joined to a unit vector.
        word_segment: (W,) segment index of each word, ascending.
    """

    texts: Sequence[str]
    spans: Floats
    mean: Floats
    norms: Floats
    tokens: Ints
    characters: Ints
    length: int
    numbers: tuple[tuple[str, ...], ...]
    names: tuple[tuple[str, ...], ...]
    terms: tuple[tuple[str, ...], ...]
    borders: Ints
    word_vectors: Floats
    word_segment: Ints

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def singles(self) -> Floats:
        """Unit vectors (N, 512) of the single segments, the mean removed."""
        return (self.spans[1, 1:] - self.mean) / self.norms[1, 1:, None]

    def cut(self, first: int, last: int) -> Side:
        """The part of segments first .. last - 1; what it knows of the whole document it keeps."""
        words = slice(*np.searchsorted(self.word_segment, [first, last]))
        borders = slice(first, last + 1)
        return replace(
            self,
            texts=self.texts[first:last],
            spans=self.spans[:, borders],
            norms=self.norms[:, borders],
            tokens=self.tokens[borders] - self.tokens[first],
            characters=self.characters[borders] - self.characters[first],
            numbers=self.numbers[first:last],
            names=self.names[first:last],
            terms=self.terms[first:last],
            borders=self.borders[borders],
            word_vectors=self.word_vectors[words],
            word_segment=self.word_segment[words] - first,
        )


def read_side(
    texts: Sequence[str], *, terms: Sequence[tuple[str, ...]] = (), progress: Callable[[int, int], None] | None = None
) -> Side:
    """Encode the segments of one side, in order. `terms` are the concepts of each segment, where a glossary was consulted."""
    encoder = use_encoder()
    sums = encoder.read(texts, progress=progress)
    count = len(texts)
    spans = np.zeros((LONGEST + 1, count + 1, WIDTH), dtype=np.float32)
    running = np.zeros((count + 1, WIDTH), dtype=np.float32)
    tokens = np.concatenate([[0], np.cumsum(sums.tokens)])
    for k in range(1, min(LONGEST, count) + 1):
        running[k:] = running[k - 1 : -1] + sums.body[k - 1 :]
        total = running[k:] + sums.start[: count - k + 1] + sums.end[k - 1 :] if k > 1 else sums.alone
        spans[k, k:] = encoder.head(total, tokens[k:] - tokens[:-k] + 2)
    mean = centre(spans)
    kept = _sample(sums.word_segment, count)
    return Side(
        texts=texts,
        spans=spans,
        mean=mean,
        norms=centred_norms(spans, mean),
        tokens=tokens,
        characters=np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64),
        length=sum(len(text) for text in texts),
        numbers=tuple(find_numbers(text) for text in texts),
        names=tuple(name_keys(text) for text in texts),
        terms=tuple(terms) or ((),) * count,
        borders=border_kinds(texts),
        word_vectors=_word_vectors(encoder, sums, kept),
        word_segment=sums.word_segment[kept],
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


def _sample(segment: Ints, count: int) -> Ints:
    """Indices of the words to link: all, but of a segment with more than `_MOST_WORDS` evenly so many."""
    bounds = np.searchsorted(segment, np.arange(count + 1))
    if not count or np.diff(bounds).max() <= _MOST_WORDS:
        return np.arange(len(segment))
    parts = [np.linspace(a, b - 1, min(b - a, _MOST_WORDS)).astype(np.int64) for a, b in pairwise(bounds.tolist())]
    return np.concatenate(parts)


def _word_vectors(encoder: UseEncoder, sums: TokenSums, kept: Ints) -> Floats:
    joined = np.empty((len(kept), 2 * WIDTH), dtype=np.float32)
    own = encoder.word_vectors(sums.words, np.arange(len(sums.words))[:, None], sums.word_tokens), sums.word_kind[kept]
    runs, of_word = _neighbourhoods(sums.word_kind, sums.word_segment, len(sums.words))
    runs = np.where(runs < len(sums.words), runs, -1)
    tokens = np.append(sums.word_tokens, 0)
    around = encoder.word_vectors(sums.words, runs, tokens[runs].sum(axis=1)), of_word[kept]
    for part, ((vectors, pick), weight) in enumerate(((own, 1 - _NEIGHBOUR), (around, _NEIGHBOUR))):
        joined[:, part * WIDTH : (part + 1) * WIDTH] = _centred(vectors, pick, weight)[pick]
    return joined


def _neighbourhoods(kind: Ints, segment: Ints, none: int) -> tuple[Ints, Ints]:
    """Distinct runs (R, 4) of words by kind, and the run (W,) of each word.

    Words two and two from the start of a segment share a run: they and the word to each side. `none` stands where there is no word.
    """
    opens = (np.arange(len(kind)) - np.searchsorted(segment, segment)) % 2 == 0
    first, run = np.flatnonzero(opens), np.cumsum(opens) - 1
    behind = np.concatenate([[none], kind, [none, none]])[first[:, None] + np.arange(4)]
    behind[np.bincount(run, minlength=len(first)) == 1, 3] = none
    halves = [np.unique(behind[:, k] * (none + 1) + behind[:, k + 1], return_inverse=True)[1] for k in (0, 2)]
    _, chosen, same = np.unique(halves[0] * (len(kind) + 1) + halves[1], return_index=True, return_inverse=True)
    return behind[chosen], same[run]


def _centred(vectors: Floats, pick: Ints, weight: float) -> Floats:
    """Vectors without the mean of those picked, of length sqrt(weight)."""
    counts = np.bincount(pick, minlength=len(vectors)).astype(np.float32)
    centred: Floats = vectors - counts @ vectors / np.float32(max(len(pick), 1))
    centred *= (np.sqrt(weight) / np.maximum(np.linalg.norm(centred, axis=1), 1e-6)).astype(np.float32)[:, None]
    return centred


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of a bitext, or of a part of it.

    Attributes:
        translated: a machine translation of the source, segment by segment, where there is one.
    """

    source: Side
    target: Side
    translated: Side | None = None

    def cut(self, rows: tuple[int, int], columns: tuple[int, int]) -> Pair:
        """The part of the given source and target segments."""
        return Pair(self.source.cut(*rows), self.target.cut(*columns), self.translated and self.translated.cut(*rows))
