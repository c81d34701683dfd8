"""The nouns: statement, segment, bead, finding, bitext. Everything is immutable; offsets are code points."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Numbers = Callable[[tuple[int, ...]], tuple[int, ...]]


class BlockKind(StrEnum):
    """What a block of a statement is."""

    TITLE = "title"
    ADDRESS = "address"
    DATE = "date"
    ISSUER = "issuer"
    LINK = "link"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_CELL = "table cell"
    FOOTNOTE = "footnote"
    CLOSING = "closing"

    @property
    def is_front(self) -> bool:
        """True for the blocks that stand before the body and say what the statement is."""
        return self in _FRONT


_FRONT = frozenset({BlockKind.TITLE, BlockKind.ADDRESS, BlockKind.DATE, BlockKind.ISSUER, BlockKind.LINK})


class Severity(StrEnum):
    """How much a finding weighs; only errors alarm."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Block:
    """A run text[start:end] of a statement's text."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text came from: file name as given, SHA-256 of its bytes, how it was decoded and read."""

    path: str = ""
    sha256: str = ""
    encoding: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a statement says of itself. `date` is ISO 8601, or empty."""

    title: str = ""
    address: str = ""
    date: str = ""
    issuer: tuple[str, ...] = ()
    original: str = ""


Cue = tuple[int, int, int, int]
"""A span of a statement's text, and when it is shown, from and to in milliseconds."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One document in one language. The text is kept as it came; blocks are spans of it in order, as are the cues of subtitles."""

    text: str
    language: str
    blocks: tuple[Block, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    origin: Origin = field(default_factory=Origin)
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence-like span of a statement.

    Attributes:
        text: the span as one line: white space folded, control characters that no format can hold left out.
        start, end: where it stands in the statement's text.
        kind: of the block it belongs to.
        cut: it is a part of a sentence that was split where the translation said so.
        begins: probability that it begins at the right word; below 1 only where it was split off another.
    """

    text: str
    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH
    cut: bool = False
    begins: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check noticed in a bead.

    Attributes:
        code: name of the check, as documented.
        severity: only `error` alarms.
        source, target: spans (start, end) in the bead's source and target text.
        concept: id of the glossary concept, or empty.
        expected: what the check would have accepted.
        found: what it found instead.
    """

    code: str
    severity: Severity
    source: tuple[tuple[int, int], ...] = ()
    target: tuple[tuple[int, int], ...] = ()
    concept: str = ""
    expected: tuple[str, ...] = ()
    found: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the aligner is not sure of a bead.

    Attributes:
        code: `length`, `weak similarity`, `numbers differ`, `linked elsewhere` (a one-sided bead whose words are found on the
            other side), `repeated line` (a running head or the like), `rival boundary`, `cut` (a sentence was split at one of its
            ends), or `crossing` (its two sides stand at different places; told whatever the confidence).
        value: how many times too long one side is; the centred cosine; how many numbers stand on one side only; the share of
            words; how many lines are alike; the rival's probability; the probability that it was split where it should, or that
            the crossing parts belong together.
        source, target: the segments of the rival bead; the one that begins where it was split.
    """

    code: str
    value: float = 0.0
    source: tuple[int, ...] = ()
    target: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bead:
    """The unit of alignment: indices of source and target segments, ascending; one side may be empty.

    Attributes:
        score: cosine of the two sides, 0 where one is empty.
        confidence: calibrated probability that the bead is right, 0 to 1.
        status: the last decision on it; `machine` before any, `locked` where a person had fixed it before.
        doubts: why its confidence is low.
        id: its name, where it has one that outlives a new alignment.
        edited: source and target as a person wrote them anew; None where the segments stand.
        note: what a person said of it last.
    """

    source: tuple[int, ...]
    target: tuple[int, ...]
    score: float = 0.0
    confidence: float = 0.0
    status: str = "machine"
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    id: str = ""
    edited: tuple[str | None, str | None] = (None, None)
    note: str = ""

    def renumbered(self, source: Numbers, target: Numbers) -> Bead:
        """The bead, and the rivals in its doubts, with the numbers that these give to runs of segments."""
        doubts = tuple(replace(doubt, source=source(doubt.source), target=target(doubt.target)) for doubt in self.doubts)
        return replace(self, source=source(self.source), target=target(self.target), doubts=doubts)

    def moved(self, i: int, j: int) -> Bead:
        """The bead so many segments further on."""
        return self.renumbered(lambda run: tuple(k + i for k in run), lambda run: tuple(k + j for k in run)) if i or j else self


@dataclass(frozen=True, slots=True)
class BitextSide:
    """The segments of one statement and where it came from."""

    language: str
    segments: tuple[Segment, ...]
    metadata: Metadata = field(default_factory=Metadata)
    origin: Origin = field(default_factory=Origin)

    def text(self, indices: tuple[int, ...]) -> str:
        """The segments of a bead as one line."""
        return " ".join(self.segments[k].text for k in indices)


@dataclass(frozen=True, slots=True)
class Bitext:
    """Two statements' segments and the beads between them, in reading order.

    Attributes:
        signature: what made it.
        belief: probability that one statement is a translation of the other at all; -1 where nobody judged it.
        name: of the document in its project.
    """

    source: BitextSide
    target: BitextSide
    beads: tuple[Bead, ...]
    signature: str = ""
    belief: float = -1.0
    name: str = ""

    def bead_id(self, index: int) -> str:
        """The bead's own name, or else one within its bitext, counted from 1."""
        return self.beads[index].id or f"b{index + 1:04d}"

    def texts(self, index: int) -> tuple[str, str]:
        """Both sides of a bead as lines, as they were edited last."""
        bead = self.beads[index]
        source, target = bead.edited
        return (
            self.source.text(bead.source) if source is None else source,
            self.target.text(bead.target) if target is None else target,
        )
