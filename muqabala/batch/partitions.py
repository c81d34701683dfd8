"""The partitions of a batch's output: each file appears whole, and again as the same bytes when it is written twice."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, WriteError
from corpora.units import unit_from
from corpora.writing import write_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEPT, LEFT, ALIGNED = "parts", "left-out", ".aligned"
"""Folders: what is kept, what is left out, and what is kept before duplicates are taken out."""

FORMATS = ("jsonl", "parquet")


def name_of(part: int, kind: str = "jsonl") -> str:
    """The file of a partition."""
    return f"part-{part:05d}.{kind}"


def write_part(out: str, part: int, kept: str, left: str, *, kind: str, folder: str = KEPT, left_folder: str = LEFT) -> None:
    """Write a partition; where it is there already it is written over by the same.

    Args:
        out: the batch's folder, or an address that fsspec knows.
        part: its number.
        kept: JSON lines of the units that are kept.
        left: of those that are left out; always JSON lines, and no file where there are none.
        kind: of the kept ones' file.
        folder: of the kept ones' file.
        left_folder: of the others'.

    Raises:
        WriteError: it cannot be written.
    """
    contents = {f"{folder}/{name_of(part, kind)}": kept.encode() if kind == "jsonl" else to_parquet(kept)}
    if left:
        contents[f"{left_folder}/{name_of(part)}"] = left.encode()
    if "://" in out:
        _upload(out, contents)
        return
    from pathlib import Path

    for name in contents:
        Path(out, name).parent.mkdir(parents=True, exist_ok=True)
    write_files({Path(out, name): content for name, content in contents.items()})


def _upload(out: str, contents: dict[str, bytes]) -> None:
    """Into an object store: an object appears whole by itself."""
    try:
        import fsspec

        for name, content in contents.items():
            with fsspec.open(f"{out.rstrip('/')}/{name}", "wb", auto_mkdir=True) as file:
                file.write(content)
    except ImportError:
        raise WriteError("an address needs fsspec", hint="pip install 'muqabala[cluster]'") from None
    except (OSError, ValueError) as error:
        raise WriteError(f"cannot be written: {error}") from None


def to_parquet(lines: str) -> bytes:
    """Units as a Parquet file: the columns of the Parquet export, and the manifest's further columns as JSON."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise WriteError("Parquet needs pyarrow", hint="pip install 'muqabala[parquet]'") from None
    from corpora.exports.parquet import row_of, schema

    fields = [*schema(), pa.field("metadata", pa.string())]
    rows = [
        row_of(unit_from(record)) | {"metadata": json.dumps(record.get("metadata", {}), ensure_ascii=False)}
        for record in map(json.loads, lines.split("\n")[:-1])
    ]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), buffer, compression="zstd")
    return buffer.getvalue()


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a partition in JSON lines. Raises MuqabalaError."""
    from corpora.reading import open_text

    for number, text in enumerate(open_text(path), 1):
        try:
            yield json.loads(text)
        except ValueError:
            raise MuqabalaError("not a partition of units", path=path, line=number) from None
