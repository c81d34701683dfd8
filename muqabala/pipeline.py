"""The verbs: read, segment, align, check. One straight line from two files to a checked bitext."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpora import Bead, Bitext, BitextSide, MuqabalaError, Segment, Statement
from corpora.languages import NAMES, primary
from corpora.reading import read_statement
from corpora.segmentation import segment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from align.plugin import SpanEncoder
    from glossary import Glossary

    Progress = Callable[[int, int], None]

_LATIN = frozenset("de en es fr it nl pl pt tr".split())
_ARABIC = frozenset({"ar"})


def align_files(
    source: str | Path,
    target: str | Path,
    *,
    source_language: str | None = None,
    target_language: str | None = None,
    encoding: str | None = None,
    lines: bool = False,
    glossary: Glossary | None = None,
    encoder: SpanEncoder | None = None,
    progress: Progress | None = None,
) -> Bitext:
    """Two files to a checked bitext.

    Raises:
        MuqabalaError: a file cannot be read, a side is empty, or a language is not one the encoder knows.
    """
    sides = [
        read_statement(path, language=language, encoding=encoding, lines=lines)
        for path, language in ((source, source_language), (target, target_language))
    ]
    return align_statements(*sides, glossary=glossary, encoder=encoder, progress=progress)


def align_statements(
    source: Statement,
    target: Statement,
    *,
    glossary: Glossary | None = None,
    encoder: SpanEncoder | None = None,
    progress: Progress | None = None,
) -> Bitext:
    """Segment, align and check two statements.

    The fronts (title, address, date, issuing block) are collated by what they are, the bodies by meaning.

    Raises:
        MuqabalaError: a side is empty, or a language is not one the encoder knows.
    """
    from align.aligner import signature
    from glossary import check

    sides = []
    for statement in (source, target):
        side = BitextSide(statement.language, segment(statement), statement.metadata, statement.origin)
        _require_text(side)
        _require_language(side, encoder)
        sides.append(side)
    beads = _align(sides[0].segments, sides[1].segments, encoder, progress)
    made_by = signature(encoder=encoder) + (f" glossary={glossary.name}:{glossary.digest}" if glossary else "")
    bitext = Bitext(sides[0], sides[1], tuple(beads), f"muqabala {_version()} {made_by}")
    return check(bitext, glossary) if glossary else bitext


def _version() -> str:
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
    expected = _script(code)
    if expected and letters and sum(expected(c) for c in letters) < 0.1 * len(letters):
        reason = f"hardly a letter in it is {NAMES[code]}"
        raise MuqabalaError(reason, path=side.origin.path or None, hint="are the two files or languages swapped?")


def _script(code: str) -> Callable[[str], bool] | None:
    if code in _ARABIC:
        return lambda c: "\u0600" <= c <= "\u06ff" or "\u0750" <= c <= "\u077f" or "\ufb50" <= c <= "\ufefc"
    if code in _LATIN:
        return lambda c: c < "\u0250" or "\u1e00" <= c < "\u1f00"
    return None


def _align(
    source: Sequence[Segment], target: Sequence[Segment], encoder: SpanEncoder | None, progress: Progress | None
) -> list[Bead]:
    from align import align_texts

    front = [[k for k, part in enumerate(side) if part.kind.is_front] for side in (source, target)]
    front_beads = _collate_front(source, target, *front)
    placed = [{k for bead in front_beads for k in getattr(bead, name)} for name in ("source", "target")]
    ours, theirs = ([k for k in range(len(side)) if k not in done] for side, done in zip((source, target), placed, strict=True))
    body = align_texts([source[k].text for k in ours], [target[k].text for k in theirs], encoder=encoder, progress=progress)
    return in_order([*front_beads, *(_renumbered(bead, ours, theirs) for bead in body)])


def _collate_front(source: Sequence[Segment], target: Sequence[Segment], ours: list[int], theirs: list[int]) -> list[Bead]:
    """Pair the segments of each kind in order where both fronts have as many of them.

    Titles and issuing lines that the other side lacks go to the body's alignment, the rest stay without partner. What the aligner
    says of the same lines decides the confidence.
    """
    from align import align_texts

    found: list[tuple[int, int]] = []
    alone: list[Bead] = []
    for kind in dict.fromkeys(part.kind for part in (*source, *target) if part.kind.is_front):
        own = [[k for k in chosen if side[k].kind is kind] for side, chosen in ((source, ours), (target, theirs))]
        if len(own[0]) == len(own[1]):
            found += zip(*own, strict=True)
        elif kind.value in {"address", "date", "link"}:
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


def _renumbered(bead: Bead, ours: list[int], theirs: list[int]) -> Bead:
    doubts = tuple(
        replace(doubt, source=tuple(ours[k] for k in doubt.source), target=tuple(theirs[k] for k in doubt.target))
        for doubt in bead.doubts
    )
    source, target = tuple(ours[k] for k in bead.source), tuple(theirs[k] for k in bead.target)
    return replace(bead, source=source, target=target, doubts=doubts)


def in_order(beads: list[Bead]) -> list[Bead]:
    """Beads by their place in the source; those without source behind the bead that has the target segment before them."""
    anchored = sorted((bead for bead in beads if bead.source), key=lambda bead: bead.source)
    behind: dict[int, list[Bead]] = {}
    before = {k: bead.target[-1] for bead in anchored for k in bead.target}
    for bead in sorted((bead for bead in beads if not bead.source), key=lambda bead: bead.target):
        place = before.get(bead.target[0] - 1, -1)
        before[bead.target[-1]] = place
        behind.setdefault(place, []).append(bead)
    ordered = behind.get(-1, [])
    for bead in anchored:
        ordered.append(bead)
        ordered += behind.get(bead.target[-1], []) if bead.target else []
    return ordered
