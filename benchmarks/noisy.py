"""Texts as they come out of editors, scanners and other keyboards: gold texts, changed letter by letter, and aligned.

    python -m benchmarks.noisy GOLD_FOLDER

Strict F1 of each set, the mean of its texts (of news those of one draw of merges and splits), by weights that have seen them. What
says "target" changes the target's side only; Arabic keyboards and marks of direction change whichever side is Arabic.
"""

from __future__ import annotations

import argparse
import random
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from align import align_texts, evaluate
from benchmarks.gold import gold_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.gold import GoldText

    Change = Callable[[str, random.Random], str]

_ARABIC = re.compile("[\u0621-\u064a]")
_KEYBOARD = str.maketrans("\u064a\u0643\u0649", "\u06cc\u06a9\u06cc")
_PLAIN = str.maketrans("\u0623\u0625\u0622\u0629\u0649\u0624\u0626", "\u0627\u0627\u0627\u0647\u064a\u0648\u064a")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=CHANGES, action="append", help="measure these changes alone")
    options = parser.parse_args()
    texts = [text for text in gold_texts(options.folder) if _is_first_draw(text)]
    groups = list(dict.fromkeys(text.group for text in texts))
    print(f"{'':34}" + "".join(f"{group[:16]:>18}" for group in groups))
    for name in options.only or CHANGES:
        source, target = CHANGES[name]
        found: dict[str, list[float]] = {}
        for text in texts:
            dice = random.Random(f"{name} {text.name}")
            sides = [source(line, dice) for line in text.source], [target(line, dice) for line in text.target]
            found.setdefault(text.group, []).append(evaluate(text.beads, align_texts(*sides)).strict_f1)
        print(f"{name:34}" + "".join(f"{np.mean(found[group]):18.4f}" for group in groups), flush=True)


def _is_first_draw(text: GoldText) -> bool:
    return not text.group.startswith("news") or text.name.endswith(".0")


def _as_is(text: str, _: random.Random) -> str:
    return text


def _capitals(text: str, _: random.Random) -> str:
    return text.upper()


def _some_capitals(text: str, dice: random.Random) -> str:
    return text.upper() if dice.random() < 0.3 else text


def _some_spaced(text: str, dice: random.Random) -> str:
    """A twentieth of the segments with a space behind each letter and three between words."""
    return "   ".join(" ".join(word) for word in text.split()) if dice.random() < 0.05 else text


def _soft_hyphens(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=[^\W\d_]{3})(?=[^\W\d_]{3})", "\u00ad", text)


def _directions(text: str, dice: random.Random) -> str:
    """Marks of direction around marks and digits, an embedding around a segment in three; joiners within Arabic words."""
    marked = re.sub("(?<=[\u0621-\u064a]{3})(?=[\u0621-\u064a]{3})", "\u200d", re.sub(r"([\d.,:/()-])", "\u200f\\1\u200f", text))
    return f"\u202b{marked}\u202c" if dice.random() < 1 / 3 else marked


def _keyboard(text: str, _: random.Random) -> str:
    return text.translate(_KEYBOARD) if _ARABIC.search(text) else text


def _plain(text: str, _: random.Random) -> str:
    return text.translate(_PLAIN) if _ARABIC.search(text) else text


def _without_marks(text: str, _: random.Random) -> str:
    return "".join(sign for sign in text if not unicodedata.category(sign).startswith("P"))


def _run_together(text: str, dice: random.Random) -> str:
    return "".join("" if sign == " " and dice.random() < 0.05 else sign for sign in text)


def _misread(share: float) -> Change:
    """So many letters doubled, lost, or another one of the segment."""

    def change(text: str, dice: random.Random) -> str:
        return "".join(
            dice.choice((sign * 2, "", dice.choice(text))) if sign.isalpha() and dice.random() < share else sign for sign in text
        )

    return change


def _times(text: str, dice: random.Random) -> str:
    return f"[00:{dice.randrange(60):02}:{dice.randrange(60):02}] {text}"


def _paragraphs(text: str, dice: random.Random) -> str:
    return f"{dice.randrange(1, 400)}. {text}"


def _notes(text: str, dice: random.Random) -> str:
    """A note at the end of three segments in ten."""
    return f"{text} ({dice.randrange(1, 60)})" if dice.random() < 0.3 else text


def _glued_notes(text: str, dice: random.Random) -> str:
    return f"{text}{dice.randrange(1, 60)}" if dice.random() < 0.3 else text


CHANGES: dict[str, tuple[Change, Change]] = {
    "as they are": (_as_is, _as_is),
    "in capitals": (_capitals, _capitals),
    "three in ten in capitals, target": (_as_is, _some_capitals),
    "one in twenty letter by letter": (_some_spaced, _some_spaced),
    "soft hyphens": (_soft_hyphens, _soft_hyphens),
    "marks of direction": (_directions, _directions),
    "letters of a Persian keyboard": (_keyboard, _keyboard),
    "times, target": (_as_is, _times),
    "numbers of paragraphs, target": (_as_is, _paragraphs),
    "notes at the end, target": (_as_is, _notes),
    "notes without brackets, target": (_as_is, _glued_notes),
    "no hamza, no ta marbuta": (_plain, _plain),
    "no punctuation": (_without_marks, _without_marks),
    "one space in twenty lost": (_run_together, _run_together),
    "three letters in a hundred misread": (_misread(0.03), _misread(0.03)),
    "ten letters in a hundred misread": (_misread(0.1), _misread(0.1)),
}
"""By name what is done to the segments of the source and of the target."""


if __name__ == "__main__":
    main()
