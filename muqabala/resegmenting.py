"""Split the segments of two sides where the other side says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import prod
from typing import TYPE_CHECKING, Protocol

from corpora import Doubt
from corpora.clauses import border_signs, capitals_of, is_spaced, joined, shown_ends, strengths, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from align.cutting import Places
    from align.strips import Pieces
    from corpora import Bead, BitextSide

    class Align(Protocol):
        """Aligns two sides; with `keep_order` neighbours in another order are not looked for."""

        def __call__(self, source: BitextSide, target: BitextSide, *, keep_order: bool) -> list[Bead]:
            """The beads."""


def split_segments(texts: Sequence[str], sides: Sequence[BitextSide], align: Align) -> list[BitextSide]:
    """The sides, of which these are the texts, with those segments split whose translation says so.

    Where both sides lack a stop, one is split first; then each is split where the other one's segments say so.
    """
    from align.resegmentation import may_be_cut

    beads = align(sides[0], sides[1], keep_order=False)
    worded = [_Worded.of(text, side) for text, side in zip(texts, sides, strict=True)]
    at = 0 if shown_ends(sides[1].language) < shown_ends(sides[0].language) else 1
    parted, places = _where_both_end(worded, at, beads, align)
    if places:
        worded[at] = _Worded.of(texts[at], parted)
        beads = align(worded[0].side, worded[1].side, keep_order=False)
    out = []
    for k, name in enumerate(("source", "target")):
        marks = worded[k].not_in_front(may_be_cut(beads, [part.text for part in worded[k].side.segments], name))
        known = {} if k == at else {word: places[offset] for word, offset in enumerate(worded[at].offsets) if offset in places}
        out.append(_where_the_other_says(worded, k, marks, known, align) if any(marks) else worded[k].side)
    return out


def _where_both_end(worded: Sequence[_Worded], at: int, beads: Sequence[Bead], align: Align) -> tuple[BitextSide, Places]:
    """Side number `at`, which shows more of where its sentences end, split where those of both sides end without a stop.

    Returns:
        also, for each place in its text where it was split, how probable each word of the other side is as the beginning there.
    """
    from align.resegmentation import even_places, likely_places, may_be_cut_together, piece_size, wanted_ends

    ours, theirs = worded[1 - at], worded[at]
    said = [strengths(signs, theirs.side.language) for signs in theirs.signs]
    pairs = [(bead.source, bead.target) if at else (bead.target, bead.source) for bead in beads]
    marks, marked = may_be_cut_together(pairs, len(ours.words), said)
    marks, marked = ours.not_in_front(marks), theirs.not_in_front(marked)
    if not any(marks) or not any(marked):
        return theirs.side, {}
    parts = theirs.pieces([likely_places(values) if mark else None for values, mark in zip(said, marked, strict=True)])
    size = piece_size(sum(map(len, ours.words)), len(parts.spans)) if is_spaced(ours.side.language) else 1
    pieces = ours.pieces([even_places(len(words), size) if mark else None for words, mark in zip(ours.words, marks, strict=True)])
    ends = wanted_ends(pieces, parts, _beads(worded, (pieces, parts), 1 - at, align))
    parted = theirs.cut(parts, dict.fromkeys(ends, 1.0))  # harmless where nothing ends: what the other side does decides
    return parted, {theirs.offsets[word]: places for word, places in ends.items()}


def _where_the_other_says(worded: Sequence[_Worded], at: int, marks: Sequence[bool], known: Places, align: Align) -> BitextSide:
    """Side number `at`, the marked segments of it split where the whole segments of the other side say so; see `wanted_cuts`."""
    from align.resegmentation import even_places, piece_size, wanted_cuts

    ours, theirs = worded[at], worded[1 - at]
    count = sum(map(len, ours.words))
    size = piece_size(count, len(theirs.words)) if is_spaced(ours.side.language) else 1
    pieces = ours.pieces([even_places(len(words), size) if mark else None for words, mark in zip(ours.words, marks, strict=True)])
    whole = theirs.pieces([None] * len(theirs.words))
    return ours.cut(pieces, wanted_cuts(pieces, whole, _beads(worded, (pieces, whole), at, align), known))


def _beads(
    worded: Sequence[_Worded], pieces: tuple[Pieces, Pieces], at: int, align: Align
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Beads of pieces, those of side number `at` first."""
    ours, theirs = worded[at].tried(pieces[0]), worded[1 - at].tried(pieces[1])
    beads = align(*((ours, theirs), (theirs, ours))[at], keep_order=True)
    return [((bead.source, bead.target), (bead.target, bead.source))[at] for bead in beads]


def less_sure(beads: Sequence[Bead], sides: Sequence[BitextSide]) -> list[Bead]:
    """The beads, each no surer than that its ends are where they should be, where a sentence was split and nobody locked the place.

    Those that are doubtful have the doubt `cut`, with the less sure end.
    """
    unsure = [{k: part.begins for k, part in enumerate(side.segments) if part.begins < 1} for side in sides]
    for bead in beads:
        if bead.status == "locked":
            for known, own in zip(unsure, (bead.source, bead.target), strict=True):
                for k in _ends(own):
                    known.pop(k, None)
    return [_less_sure(bead, unsure) for bead in beads]


def _less_sure(bead: Bead, unsure: Sequence[Mapping[int, float]]) -> Bead:
    from align.doubts import DOUBTED

    ends = {
        (at, k): known[k]
        for at, (known, own) in enumerate(zip(unsure, (bead.source, bead.target), strict=True))
        for k in _ends(own)
        if k in known
    }
    if not ends:
        return bead
    confidence = round(bead.confidence * prod(ends.values()), 4)
    if confidence >= DOUBTED:
        return replace(bead, confidence=confidence)
    at, k = least = min(ends, key=ends.__getitem__)
    doubt = Doubt("cut", ends[least], *(((k,), ()), ((), (k,)))[at])
    return replace(bead, confidence=confidence, doubts=(*bead.doubts, doubt))


def _ends(segments: Sequence[int]) -> tuple[int, ...]:
    """The segments that begin where a bead of these begins and behind it."""
    return (segments[0], segments[-1] + 1) if segments else ()


@dataclass(frozen=True, slots=True)
class _Worded:
    """A side with its words.

    Attributes:
        text: that its segments are parts of.
        words: of each segment, with the spaces behind them.
        signs: between the words of each segment, see `border_signs`.
        offsets: where each word of the side begins in the text.
    """

    text: str
    side: BitextSide
    words: list[list[str]]
    signs: list[list[tuple[int, int, int]]]
    offsets: list[int]

    @classmethod
    def of(cls, text: str, side: BitextSide) -> _Worded:
        bodies = [text[part.start : part.end] for part in side.segments]
        words = [words_of(body, side.language) for body in bodies]
        capitals = capitals_of(words, side.language)
        offsets = [
            part.start + before
            for part, body, inside in zip(side.segments, bodies, words, strict=True)
            for before in accumulate(map(len, inside[:-1]), initial=len(body) - len("".join(inside)))
            if inside
        ]
        return cls(text, side, words, [border_signs(inside, side.language, capitals) for inside in words], offsets)

    def not_in_front(self, marks: Iterable[bool]) -> list[bool]:
        """The marks, without those of titles, addresses and the like."""
        return [mark and not part.kind.is_front for mark, part in zip(marks, self.side.segments, strict=True)]

    def pieces(self, inside: Sequence[Sequence[int] | None]) -> Pieces:
        """See `Pieces.of`."""
        from align.beginnings import beginnings
        from align.strips import Pieces

        begins = beginnings(tuple(word for words in self.words for word in words), self.side.language)
        return Pieces.of(self.words, self.signs, inside, begins)

    def tried(self, pieces: Pieces) -> BitextSide:
        """The side with pieces for segments."""
        parts = []
        for first, last in pieces.spans:
            end = self.offsets[last - 1] + len(pieces.words[last - 1].rstrip())
            parts.append(joined(self.text, self.side.segments[pieces.segment[first]], self.offsets[first], end))
        return replace(self.side, segments=tuple(parts))

    def cut(self, pieces: Pieces, words: Mapping[int, float]) -> BitextSide:
        """The side, its segments split before these words, so probable as beginnings; itself where there are none."""
        if not words:
            return self.side
        starts: dict[int, list[tuple[int, float]]] = {}
        for word, probability in sorted(words.items()):
            starts.setdefault(int(pieces.segment[word]), []).append((self.offsets[word], probability))
        segments = []
        for k, part in enumerate(self.side.segments):
            bounds = [(part.start, part.begins), *starts.get(k, ()), (part.end, 1.0)]
            split = [
                replace(joined(self.text, part, a, a + len(self.text[a:b].rstrip())), begins=round(sure, 3))
                for (a, sure), (b, _) in pairwise(bounds)
            ]
            segments += split if k in starts else [part]
        return replace(self.side, segments=tuple(segments))
