"""The verbs: read, segment, align, check. One straight line from two files to a checked bitext."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpora import Bead, Bitext, BitextSide, MuqabalaError, Segment, Statement
from corpora.bilingual import two_languages
from corpora.languages import NAMES, detect_apart, primary
from corpora.order import in_order
from corpora.plaintext import lines_in
from corpora.reading import read_statement, read_text
from corpora.scripts import LETTERS, script_of
from corpora.segmentation import segment
from muqabala.resegmenting import less_sure, split_segments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from align import Evidence
    from align.plugin import SpanEncoder
    from glossary import Glossary

    Progress = Callable[[int, int], None]

_WRITTEN = frozenset("ar de en es fr it nl pl pt tr".split())  # in letters that tell whether a side is swapped
_HELD = 0.1  # of what two languages hold of a file, the least that one does
_BOTH = 0.98  # confidence of a bead of subtitles where time and meaning agree
_TIME = 0.7  # and where they do not


def align_files(
    source: str | Path,
    target: str | Path,
    *,
    source_language: str | None = None,
    target_language: str | None = None,
    encoding: str | None = None,
    lines: bool = False,
    glossary: Glossary | None = None,
    translation: str | Path | None = None,
    resegment: bool = False,
    encoder: SpanEncoder | None = None,
    progress: Progress | None = None,
) -> Bitext:
    """Two files to a checked bitext.

    Args:
        source: the original.
        target: its translation.
        source_language: of the original; detected where not given.
        target_language: of the translation; detected where not given.
        encoding: of both files; detected where not given.
        lines: the files hold one segment a line already.
        glossary: its terms help to align, and are checked.
        translation: a file with a machine translation of each source segment, a line each.
        resegment: segments may be split where the other side says so.
        encoder: another one to judge spans.
        progress: called with (segments read, segments in all).

    Raises:
        MuqabalaError: a file cannot be read, a side is empty, a language is not one the encoder knows, or the machine translation
            is not of these segments.
    """
    given = source_language, target_language
    sides = _read_both((source, target), given, encoding, lines=lines)
    if sides[0].origin.sha256 == sides[1].origin.sha256 and sides[0].origin.format not in {"lines", "subtitles"}:
        sides = _apart(sides, given, encoding)
    if sides[0].language == sides[1].language and not all(given) and "-" not in map(str, (source, target)):
        # one of them may hold the other as well; what comes in is read but once
        texts = [[" ".join(side.text[block.start : block.end].split()) for block in side.blocks] for side in sides]
        detected = detect_apart(*texts) or (sides[0].language, sides[1].language)
        sides = _read_both(
            (source, target), [known or told for known, told in zip(given, detected, strict=True)], encoding, lines=lines
        )
    mt = lines_in(read_text(translation, encoding=encoding)) if translation else ()
    return align_statements(*sides, glossary=glossary, translation=mt, resegment=resegment, encoder=encoder, progress=progress)


def _read_both(
    paths: Sequence[str | Path], languages: Sequence[str | None], encoding: str | None, *, lines: bool
) -> list[Statement]:
    pairs = zip(paths, languages, strict=True)
    return [read_statement(path, language=language, encoding=encoding, lines=lines) for path, language in pairs]


def _apart(sides: list[Statement], given: tuple[str | None, str | None], encoding: str | None) -> list[Statement]:
    """The two languages of a file that was given for both sides; the sides as they are where it does not hold two."""
    ours, theirs = given
    told = two_languages(sides[0].text, sides[0].blocks) or ("", "")
    if (ours and primary(ours) == told[1]) or (theirs and primary(theirs) == told[0]):
        told = told[1], told[0]
    ours, theirs = ours or told[0], theirs or told[1]
    if not ours or not theirs or primary(ours) == primary(theirs):
        return sides
    path = next(side.origin.path for side in sides if side.origin.path != "-")  # what came in is read but once
    parts = [read_statement(path, language=own, beside=other, encoding=encoding) for own, other in ((ours, theirs), (theirs, ours))]
    letters = [sum(block.end - block.start for block in part.blocks) for part in parts]
    return parts if min(letters) >= _HELD * sum(letters) else sides


def align_statements(
    source: Statement,
    target: Statement,
    *,
    glossary: Glossary | None = None,
    translation: Sequence[str] = (),
    resegment: bool = False,
    encoder: SpanEncoder | None = None,
    progress: Progress | None = None,
) -> Bitext:
    """Segment, align and check two statements.

    Raises:
        MuqabalaError: a side is empty, a language is not one the encoder knows, or the machine translation is of other segments.
    """
    sides = [BitextSide(part.language, segment(part), part.metadata, part.origin) for part in (source, target)]
    if resegment:
        if translation:
            raise MuqabalaError("segments cannot be split and have a machine translation each", hint="give --mt or --resegment")
        sides = resegmented((source, target), sides, glossary=glossary, encoder=encoder)
    together = shown_together((source, target), sides)
    bitext = align_sides(*sides, glossary=glossary, translation=translation, together=together, encoder=encoder, progress=progress)
    return check_terms(bitext, glossary) if glossary else bitext


def shown_together(statements: Sequence[Statement], sides: Sequence[BitextSide]) -> list[tuple[int, int]]:
    """The segments of two subtitle files that are shown at the same time; none of other documents."""
    if not all(statement.cues for statement in statements):
        return []
    from align.timing import spoken_together
    from corpora.subtitles import spoken

    ours, theirs = (spoken(statement.cues, side.segments) for statement, side in zip(statements, sides, strict=True))
    return spoken_together(ours, theirs)


def align_sides(
    source: BitextSide,
    target: BitextSide,
    *,
    glossary: Glossary | None = None,
    translation: Sequence[str] = (),
    locked: Sequence[Bead] = (),
    together: Sequence[tuple[int, int]] = (),
    encoder: SpanEncoder | None = None,
    progress: Progress | None = None,
) -> Bitext:
    """Align two segmented statements.

    The fronts (title, address, date, issuing block) are collated by what they are, the bodies by meaning.

    Args:
        source: one side.
        target: the other.
        glossary: its terms help to align.
        translation: of the source's segments, one each.
        locked: beads that stay as they are.
        together: segments of two subtitle files that are shown at the same time; they decide where they and the meaning differ.
        encoder: another one to judge spans.
        progress: called with (segments read, segments in all).

    Raises:
        MuqabalaError: a side is empty, a language is not one the encoder knows, or the machine translation is of other segments.
    """
    from align.aligner import signature

    for side in (source, target):
        _require_text(side)
        _require_language(side, encoder)
    aligner = _Aligner(glossary, encoder, translation, progress)
    beads, belief = aligner.align(source, target, locked)
    if together:
        beads = _by_time(aligner, (source, target), beads, locked, together)
    made_by = f"muqabala {version()} {signature(encoder=encoder)}" + (" mt" if translation else "")
    if any(part.cut for side in (source, target) for part in side.segments):
        from align.cutting import cutting_digest

        made_by += f" cuts={cutting_digest()}"
        beads = less_sure(beads, (source, target))
    return Bitext(source, target, tuple(beads), made_by, belief)


def resegmented(
    statements: tuple[Statement, Statement],
    sides: Sequence[BitextSide],
    *,
    glossary: Glossary | None = None,
    encoder: SpanEncoder | None = None,
) -> list[BitextSide]:
    """The sides with those segments split whose translation says so. Raises MuqabalaError as `align_sides`."""
    for side in sides:
        _require_text(side)
        _require_language(side, encoder)
    aligner = _Aligner(glossary, encoder)

    def align(source: BitextSide, target: BitextSide, *, keep_order: bool) -> list[Bead]:
        return aligner.align(source, target, keep_order=keep_order)[0]

    return split_segments([one.text for one in statements], sides, align)


def check_terms(bitext: Bitext, glossary: Glossary) -> Bitext:
    """The bitext with findings, and the glossary in its signature."""
    from glossary import check

    signed = replace(bitext, signature=f"{bitext.signature} glossary={glossary.name}:{glossary.digest}")
    return check(signed, glossary)


def _evidence(source: BitextSide, target: BitextSide, glossary: Glossary | None, translation: Sequence[str]) -> Evidence:
    """What is known besides the texts; raises MuqabalaError where the translation is not of the source's segments."""
    from align import Evidence
    from glossary import Matcher

    terms: list[list[tuple[str, ...]]] = []
    if glossary and {primary(source.language), primary(target.language)} <= {primary(code) for code in glossary.languages}:
        for side in (source, target):
            matcher = Matcher(glossary, side.language)
            terms.append([tuple(match.concept for match in matcher.find(part.text, overlaps=False)) for part in side.segments])
    evidence = Evidence(translation, *terms)
    evidence.check(len(source.segments), len(target.segments))
    return evidence


def version() -> str:
    """Of this package."""
    from importlib.metadata import version

    return version("muqabala")


def _require_text(side: BitextSide) -> None:
    if not any(part.text for part in side.segments):
        raise MuqabalaError("there is no text in it", path=side.origin.path or None)


def _require_language(side: BitextSide, encoder: SpanEncoder | None) -> None:
    code = primary(side.language)
    if code not in NAMES and encoder is None:
        hint = f"it knows {', '.join(sorted(NAMES))}; --encoder takes a sentence-transformers model that knows more"
        raise MuqabalaError(f"the encoder does not know the language '{side.language}'", path=side.origin.path or None, hint=hint)
    letters = [c for part in side.segments for c in part.text[:2000] if c.isalpha()][:20_000]
    expected = LETTERS[script_of(code)] if code in _WRITTEN else None
    if expected and letters and sum(bool(expected.match(c)) for c in letters) < 0.1 * len(letters):
        reason = f"hardly a letter in it is {NAMES[code]}"
        raise MuqabalaError(reason, path=side.origin.path or None, hint="are the two files or languages swapped?")


@dataclass(frozen=True, slots=True)
class _Aligner:
    """Who aligns two segmented statements, and what is known of them."""

    glossary: Glossary | None = None
    encoder: SpanEncoder | None = None
    translation: Sequence[str] = ()
    progress: Progress | None = None

    def align(
        self, source: BitextSide, target: BitextSide, locked: Sequence[Bead] = (), *, keep_order: bool = False
    ) -> tuple[list[Bead], float]:
        """Beads over all segments, and the belief in the bodies."""
        from align import align_document

        parts = source.segments, target.segments
        evidence = _evidence(source, target, self.glossary, self.translation)
        taken = [{k for bead in locked for k in getattr(bead, name)} for name in ("source", "target")]
        front = [
            [k for k, part in enumerate(side) if part.kind.is_front and k not in done]
            for side, done in zip(parts, taken, strict=True)
        ]
        fronts: list[Bead] = []
        firm: list[Bead] = []
        for bead in locked:
            is_front = any(side[k].kind.is_front for side, run in zip(parts, (bead.source, bead.target), strict=True) for k in run)
            (fronts if is_front else firm).append(replace(bead, status="locked", confidence=1.0, doubts=()))
        placed_beads = [*fronts, *_collate_front(*parts, *front)]
        placed = [{k for bead in placed_beads for k in getattr(bead, name)} for name in ("source", "target")]
        ours, theirs = ([k for k in range(len(side)) if k not in done] for side, done in zip(parts, placed, strict=True))
        body = align_document(
            [parts[0][k].text for k in ours],
            [parts[1][k].text for k in theirs],
            evidence=evidence.of(ours, theirs),
            locked=[bead.renumbered(_at(_places(ours)), _at(_places(theirs))) for bead in firm],
            languages=(primary(source.language), primary(target.language)),
            encoder=self.encoder,
            keep_order=keep_order,
            progress=self.progress,
        )
        return in_order([*placed_beads, *(bead.renumbered(_at(ours), _at(theirs)) for bead in body.beads)]), body.belief


def _by_time(
    aligner: _Aligner,
    sides: tuple[BitextSide, BitextSide],
    beads: list[Bead],
    locked: Sequence[Bead],
    together: Sequence[tuple[int, int]],
) -> list[Bead]:
    """Align again between the segments that are shown together; a bead that the meaning alone has as well is as good as sure."""
    taken = [{k for bead in locked for k in getattr(bead, name)} for name in ("source", "target")]
    timed = {((i,), (j,)) for i, j in together if i not in taken[0] and j not in taken[1]}
    known = {(bead.source, bead.target): bead for bead in beads}
    out = []
    for bead in aligner.align(*sides, [*locked, *(Bead(*ends, 0.0, 1.0) for ends in sorted(timed))])[0]:
        ends = (bead.source, bead.target)
        if ends not in timed:
            out.append(bead)
        elif ends in known:
            out.append(replace(known[ends], confidence=max(known[ends].confidence, _BOTH)))
        else:
            out.append(replace(bead, confidence=_TIME, status="machine"))
    return out


def _at(numbers: Sequence[int] | Mapping[int, int]) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    """What gives a run of segments these numbers."""
    return lambda run: tuple(numbers[k] for k in run)


def _places(numbers: Sequence[int]) -> dict[int, int]:
    return {k: at for at, k in enumerate(numbers)}


def _collate_front(source: Sequence[Segment], target: Sequence[Segment], ours: list[int], theirs: list[int]) -> list[Bead]:
    """Pair the segments of each kind in order where both fronts have as many of them.

    Addresses and links that the other side lacks stay without partner; titles, issuing lines and dates go to the body's alignment:
    what they translate may not have been told for one. What the aligner says of the same lines decides the confidence.
    """
    from align import align_texts

    found: list[tuple[int, int]] = []
    alone: list[Bead] = []
    for kind in dict.fromkeys(part.kind for part in (*source, *target) if part.kind.is_front):
        own = [[k for k in chosen if side[k].kind is kind] for side, chosen in ((source, ours), (target, theirs))]
        if len(own[0]) == len(own[1]):
            found += zip(*own, strict=True)
        elif kind.value in {"address", "link"}:
            alone += [Bead((k,), (), 0.0, 0.9) for k in own[0]] + [Bead((), (k,), 0.0, 0.9) for k in own[1]]
    if not found:
        return alone
    found.sort()
    machine = align_texts([source[i].text for i, _ in found], [target[j].text for _, j in found])
    judged = {bead.source[0]: bead for bead in machine if len(bead.source) == 1 and bead.source == bead.target}
    for at, (i, j) in enumerate(found):
        same = source[i].text == target[j].text
        bead = judged.get(at)
        sure = 0.99 if same else bead.confidence if bead else 0.5
        alone.append(Bead((i,), (j,), 1.0 if same else bead.score if bead else 0.0, sure))
    return alone
