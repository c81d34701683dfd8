"""A subword vocabulary of a corpus, by sentencepiece: the text as it is, bytes for what is rare, the same file every time."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.errors import MuqabalaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LEAST = 300  # the 256 bytes, the marks, and some letters
_LONGEST = 1 << 16  # bytes of the longest line it learns from


@dataclass(frozen=True, slots=True)
class Fertility:
    """How a vocabulary cuts the texts of one language.

    Attributes:
        language: its code.
        lines, words, tokens: counts.
        bytes: tokens that stand for single bytes of what the vocabulary does not have.
    """

    language: str
    lines: int
    words: int
    tokens: int
    bytes: int

    @property
    def fertility(self) -> float:
        """Tokens a word."""
        return self.tokens / max(self.words, 1)


def train(lines: Iterable[str], *, size: int, kind: str = "unigram", coverage: float = 0.9995) -> bytes:
    """Train a vocabulary; returns the model's bytes.

    Nothing is normalised (sentencepiece's usual rules lose joiners and marks of direction), and one thread trains, because their
    number would change the result.

    Args:
        lines: of both languages, or of one.
        size: of the vocabulary.
        kind: `unigram` or `bpe`.
        coverage: share of characters that get pieces of their own; the others are written as bytes.

    Raises:
        MuqabalaError: there are no lines, or the vocabulary is too large or too small for them; the message says what would do.
    """
    import sentencepiece

    if kind not in {"unigram", "bpe"}:
        raise MuqabalaError(f"unknown kind of vocabulary '{kind}'", hint="unigram or bpe")
    if size < _LEAST:
        raise MuqabalaError(f"a vocabulary of {size} is too small", hint=f"{_LEAST} or more: 256 bytes are in it")
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=_usable(lines),
            model_writer=model,
            vocab_size=size,
            model_type=kind,
            character_coverage=coverage,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            byte_fallback=True,
            num_threads=1,
            input_sentence_size=0,
            shuffle_input_sentence=False,
            max_sentence_length=_LONGEST,
            minloglevel=2,
        )
    except (RuntimeError, OSError) as error:
        raise _explained(str(error), size) from None
    return model.getvalue()


def _usable(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line.strip():
            yield line


def _explained(told: str, size: int) -> MuqabalaError:
    most = re.search(r"<= (\d+)", told)
    if "too high" in told and most:
        return MuqabalaError(f"a vocabulary of {size} is too large for these texts", hint=f"--size {most[1]} or less")
    if "smaller than required" in told or "too small" in told:
        least = re.search(r"(\d+) vs (\d+)", told)
        hint = f"--size {int(least[2]) + 1} or more" if least else "give a larger --size"
        return MuqabalaError(f"a vocabulary of {size} has no room for the letters of these texts", hint=hint)
    if "sentences_.empty" in told or "!sentences" in told:
        return MuqabalaError("there are no lines to learn from")
    return MuqabalaError(f"sentencepiece: {' '.join(told.split())[:200]}")


def fertility_of(model: bytes, language: str, lines: Callable[[], Iterable[str]]) -> Fertility:
    """How a model cuts lines."""
    import sentencepiece

    pieces: Any = sentencepiece.SentencePieceProcessor(model_proto=model)
    count = words = tokens = single = 0
    for line in lines():
        ids = pieces.encode(line)
        count += 1
        words += len(line.split())
        tokens += len(ids)
        single += sum(pieces.is_byte(k) for k in ids)
    return Fertility(language, count, words, tokens, single)


def vocabulary_of(model: bytes) -> str:
    """The pieces and their scores, a line each."""
    import sentencepiece

    pieces: Any = sentencepiece.SentencePieceProcessor(model_proto=model)
    rows = ((pieces.id_to_piece(k), pieces.get_score(k)) for k in range(pieces.get_piece_size()))
    return "".join(f"{piece}\t{score:g}\n" for piece, score in rows)
