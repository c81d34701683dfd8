"""The manifest of a batch: a CSV, TSV, JSON lines or Parquet file, a row a pair of documents."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, ReadError
from corpora.languages import checked
from corpora.reading import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LONGEST_ID = 300
_LONGEST_TEXT = 256 << 20  # characters of a cell: texts may stand in the manifest
_OWN = ("id", "source", "target", "source_text", "target_text", "source_lang", "target_lang")


@dataclass(frozen=True, slots=True)
class Task:
    """One pair of documents.

    Attributes:
        row: its number in the manifest, from 0.
        id: its name in the output; its line's number where the manifest has none.
        source, target: paths or addresses, as written; empty where the texts stand in the manifest.
        source_text, target_text: the texts themselves, or empty.
        source_lang, target_lang: detected where not given.
        more: the manifest's further columns.
    """

    row: int
    id: str
    source: str = ""
    target: str = ""
    source_text: str = ""
    target_text: str = ""
    source_lang: str = ""
    target_lang: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def read_manifest(path: Path) -> Iterator[Task]:
    """The rows of a manifest, one at a time.

    Raises:
        ReadError: it cannot be read, or a row is none, with its line.
    """
    suffix = path.suffix.lower()
    rows = (
        _parquet(path) if suffix == ".parquet" else _json_lines(path) if suffix in {".jsonl", ".ndjson", ".json"} else _table(path)
    )
    number = -1
    for number, (line, row) in enumerate(rows):
        yield _task(number, row, path, line)
    if number < 0:
        raise ReadError("there are no pairs in it", path=path)


def _task(number: int, row: Mapping[str, Any], path: Path, line: int) -> Task:
    values = {name: _text(row.get(name), name, path, line) for name in _OWN}
    if len(values["id"]) > _LONGEST_ID or any(ord(c) < 32 or ord(c) == 127 for c in values["id"]):
        raise ReadError("an id that is no name", path=path, line=line, hint=f"at most {_LONGEST_ID} characters, in one line")
    for side in ("source", "target"):
        if bool(values[side]) == bool(values[f"{side}_text"]):
            what = "both" if values[side] else "neither"
            raise ReadError(f"'{side}' and '{side}_text': {what} of them given", path=path, line=line, hint="a path, or the text")
        if values[f"{side}_lang"]:
            try:
                checked(values[f"{side}_lang"])
            except MuqabalaError as error:
                raise ReadError(error.reason, path=path, line=line, hint=error.hint) from None
    more = {str(name): value for name, value in row.items() if name not in _OWN and value not in (None, "") and value == value}  # noqa: PLR0124  NaN
    _refuse_halves(json.dumps(more, ensure_ascii=False, default=str), path, line)
    return Task(number, values.pop("id") or f"{number + 1:07d}", **values, more=more)


def _text(value: Any, name: str, path: Path, line: int) -> str:
    """A value that is to be a text: numbers are taken, lists and objects are not."""
    if isinstance(value, list | dict | bool):
        raise ReadError(f"'{name}' is not a text", path=path, line=line)
    text = "" if value is None else str(value).strip()
    _refuse_halves(text, path, line)
    return text


def _refuse_halves(text: str, path: Path, line: int) -> None:
    """Halves of characters, which JSON can hold and nothing else."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ReadError("half a character in it", path=path, line=line)


def _table(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_TEXT)
    lines = open_text(path)
    first = next(lines, "")
    reader = csv.reader(_joined(first, lines), delimiter="\t" if "\t" in first else ",")
    header = [name.strip() for name in next(reader, [])]
    if not {"source", "source_text"} & set(header) or not {"target", "target_text"} & set(header):
        raise ReadError("no columns 'source' and 'target'", path=path, line=1, hint=f"it may have {', '.join(_OWN)} and any others")
    if len(set(header)) < len(header):
        raise ReadError("a column stands twice in the header", path=path, line=1)
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise ReadError(f"{len(cells)} cells under {len(header)} columns", path=path, line=reader.line_num)
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise ReadError(f"not a table: {error}", path=path, line=reader.line_num) from None


def _joined(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, text in enumerate(open_text(path), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise ReadError("not an object in JSON", path=path, line=line)
        yield line, row


def _parquet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        import pyarrow.lib
        import pyarrow.parquet as pq
    except ImportError:
        raise ReadError("Parquet needs pyarrow", path=path, hint="pip install 'muqabala[parquet]'") from None
    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(1000):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pyarrow.lib.ArrowException, OSError) as error:
        raise ReadError(f"not Parquet: {str(error).splitlines()[0]}", path=path) from None
