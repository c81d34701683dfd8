"""SRT and WebVTT: the words without numbers, times and marks; a block is a run of cues up to a sentence's end."""

from __future__ import annotations

import re

from corpora.errors import ReadError
from corpora.model import Block, BlockKind

_TIME = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}")
_MARK = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}")
_ENDS = re.compile(r"""[.!?؟۔。！？…]["'»”’)\]]*$""")


def read_subtitles(text: str, *, path: str = "") -> tuple[str, list[Block]]:
    """The words as text and its blocks. Raises ReadError where there are no cues."""
    words, blocks = "", []
    start = 0
    for cue in _cues(text):
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
    return words, blocks


def _cues(text: str) -> list[str]:
    cues: list[list[str]] = []
    opened = False
    for line in re.split(r"\r\n|\n|\r", text):
        if _TIME.match(line):
            cues.append([])
            opened = True
        elif not line.strip():
            opened = False
        elif opened:
            cues[-1].append(_MARK.sub("", line).strip())
    return [joined for cue in cues if (joined := " ".join(part for part in cue if part))]
