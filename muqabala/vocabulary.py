"""A subword vocabulary of a corpus as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora import MuqabalaError
from corpora.languages import primary
from corpora.subwords import Fertility, fertility_of, train, vocabulary_of
from corpora.writing import write_files
from muqabala.corpus import require_languages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from muqabala.corpus import Units


def train_on(units: Units, output: Path, *, size: int, kind: str, language: str = "") -> list[Fertility]:
    """Train on the train part (on all where there are no parts), write OUT.model and OUT.vocab, and measure both languages.

    Args:
        units: of the corpus.
        output: beginning of the files' names.
        size: of the vocabulary.
        kind: `unigram` or `bpe`.
        language: only this side; both where not given.

    Raises:
        MuqabalaError: the corpus does not have the language, or the vocabulary is too large or too small for it.
        WriteError: the files cannot be written.
    """
    languages = require_languages(units)
    if language and primary(language) not in map(primary, languages):
        raise MuqabalaError(f"the corpus is not in '{language}'", hint=f"it is in {' and '.join(languages)}")
    chosen = [code for code in languages if not language or primary(code) == primary(language)]
    split = any(unit.split for unit in units())

    def lines(code: str) -> Iterator[str]:
        for unit in units():
            if unit.split == "train" or not split:
                yield from (side.text for side in (unit.source, unit.target) if side.language == code and side.text)

    model = train((line for code in chosen for line in lines(code)), size=size, kind=kind)
    write_files({
        output.with_name(f"{output.name}.model"): model,
        output.with_name(f"{output.name}.vocab"): vocabulary_of(model).encode(),
    })  # fmt: skip
    return [fertility_of(model, code, lambda code=code: lines(code)) for code in chosen]  # type: ignore[misc]
