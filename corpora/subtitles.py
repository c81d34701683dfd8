"""SRT and WebVTT: the words without numbers and marks, and when they are shown; a block is a run of cues up to a sentence's end."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from corpora.errors import ReadError
from corpora.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora.model import Cue, Segment

_CLOCK = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})"
_TIME = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}", re.ASCII)
_MARK = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}")
_ENDS = re.compile(r"""[.!?؟۔。！？…]["'»”’)\]]*$""")


def read_subtitles(text: str, *, path: str = "") -> tuple[str, list[Block], list[Cue]]:
    """The words as text, its blocks and its cues. Raises ReadError where there are none."""
    words, blocks = "", []
    cues: list[Cue] = []
    start = 0
    for first, last, cue in _cues(text):
        cues.append((len(words), len(words) + len(cue), first, last))
        words += cue
        if _ENDS.search(cue):
            blocks.append(Block(BlockKind.PARAGRAPH, start, len(words)))
            words += "\n"
            start = len(words)
        else:
            words += " "
    if words[start:].strip():
        blocks.append(Block(BlockKind.PARAGRAPH, start, len(words.rstrip())))
    if not blocks:
        raise ReadError("no subtitles in it", path=path or None)
    return words, blocks, cues


def _cues(text: str) -> list[tuple[int, int, str]]:
    cues: list[tuple[int, int, list[str]]] = []
    opened = False
    for line in re.split(r"\r\n|\n|\r", text):
        if times := _TIME.match(line):
            told = [int(number or 0) for number in times.groups()]
            cues.append((_milliseconds(*told[:4]), _milliseconds(*told[4:]), []))
            opened = True
        elif not line.strip():
            opened = False
        elif opened:
            cues[-1][2].append(_MARK.sub("", line).strip())
    return [(first, last, joined) for first, last, cue in cues if (joined := " ".join(part for part in cue if part))]


def _milliseconds(hours: int, minutes: int, seconds: int, thousandths: int) -> int:
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def spoken(cues: Sequence[Cue], segments: Sequence[Segment]) -> list[tuple[int, int] | None]:
    """When each segment is shown, in milliseconds: from where its first to where its last character stands in their cues."""
    starts = [cue[0] for cue in cues]
    return [_time(cues, starts, part) for part in segments]


def _time(cues: Sequence[Cue], starts: Sequence[int], part: Segment) -> tuple[int, int] | None:
    first = max(bisect_right(starts, part.start) - 1, 0)
    last = bisect_right(starts, part.end - 1) - 1
    if not cues or last < first:
        return None
    times = [
        low + (high - low) * min(max(at - a, 0), b - a) // max(b - a, 1)
        for (a, b, low, high), at in ((cues[first], part.start), (cues[last], part.end))
    ]
    return times[0], times[1]
