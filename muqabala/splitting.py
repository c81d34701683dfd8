"""Parts and remains of a corpus as files, written as the units pass by."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.characters import fold_line
from corpora.exports.writer import CorpusInfo
from corpora.splits import PARTS, Proof, prove, split
from corpora.statistics import flag_kind
from corpora.units import read_units, to_line
from corpora.writing import check_writable
from muqabala.corpus import require_languages
from muqabala.formats import Format, writer_of
from muqabala.project.exporting import close_all, staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpora.units import Unit
    from muqabala.corpus import Units

_HEADER = "id\tdocument\treasons\tsource\ttarget\n"


def write_kept(units: Iterable[Unit], output: Path, left_out: Path | None) -> tuple[int, Counter[str]]:
    """Write units without flags as JSON lines and list the others; returns how many were kept, and the others by reason.

    Raises:
        WriteError: a file cannot be written; none is there then.
    """
    reasons: Counter[str] = Counter()
    kept = 0
    for path in (output, left_out):
        if path is not None:
            check_writable(path)
    with ExitStack() as stack:
        files = {}
        for path in (output, left_out):
            if path is not None:
                handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
                stack.callback(Path(name).unlink, missing_ok=True)
                files[path] = (os.fdopen(handle, "w", encoding="utf-8", newline="\n"), name)
        if left_out is not None:
            files[left_out][0].write(_HEADER)
        for unit in units:
            if unit.flags:
                reasons.update(dict.fromkeys(map(flag_kind, unit.flags), 1))
                if left_out is not None:
                    files[left_out][0].write(_row(unit))
            else:
                kept += 1
                files[output][0].write(to_line(unit))
        for path, (file, name) in files.items():
            file.close()
            os.chmod(name, 0o644)
            os.replace(name, path)
    return kept, reasons


def _row(unit: Unit) -> str:
    cells = (unit.id, unit.document, "; ".join(unit.flags), unit.source.text, unit.target.text)
    return "\t".join(fold_line(cell) for cell in cells) + "\n"


def split_corpus(units: Units, folder: Path, formats: Sequence[Format], *, dev: float, test: float, seed: str, name: str) -> Proof:
    """Write train, dev and test below a folder, with what was left out; returns the proof over the written files.

    Raises:
        WriteError: the folder cannot be written.
        MuqabalaError: there are no units.
    """
    info = CorpusInfo(name or "corpus", *require_languages(units))
    kinds = [Format.JSONL, *(kind for kind in formats if kind is not Format.JSONL)]
    taken: Counter[str] = Counter()
    with staged(folder) as place:
        writers = {}
        for part in PARTS:
            (place / part).mkdir()
            writers[part] = [writer_of(kind)(place / part, info) for kind in kinds]
        try:
            with (place / "left-out.tsv").open("w", encoding="utf-8", newline="\n") as lost:
                lost.write(_HEADER)
                for unit in split(units, dev=dev, test=test, seed=seed):
                    if unit.flags:
                        taken.update(dict.fromkeys(map(flag_kind, unit.flags), 1))
                        lost.write(_row(unit))
                    else:
                        for writer in writers[unit.split]:
                            writer.add(unit)
        finally:
            close_all(writer for part in writers.values() for writer in part)
        proof = prove(lambda: _written(place, info.name))
    return replace(proof, taken_out=dict(sorted(taken.items())))


def _written(place: Path, name: str) -> Iterator[Unit]:
    for part in PARTS:
        for unit in read_units(place / part / f"{name}.jsonl"):
            yield replace(unit, split=part)
