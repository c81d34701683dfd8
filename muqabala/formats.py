"""The export formats by name, and what they make: of one bitext a file, of a corpus files in a folder."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from corpora import MuqabalaError

if TYPE_CHECKING:
    from corpora import Bitext
    from corpora.exports.writer import Writer


class Format(StrEnum):
    """What `--format` takes."""

    IDS = "ids"
    TSV = "tsv"
    CSV = "csv"
    JSONL = "jsonl"
    TMX = "tmx"
    XLIFF = "xliff"
    XLIFF12 = "xliff12"
    PO = "po"
    MOSES = "moses"
    HTML = "html"
    XLSX = "xlsx"
    TEI = "tei"
    XCES = "xces"
    PARQUET = "parquet"
    SQLITE = "sqlite"

    @property
    def shows_findings(self) -> bool:
        """Whether it has a place for what the checks found."""
        return self not in {Format.IDS, Format.MOSES, Format.XCES, Format.TEI}

    @property
    def is_one_file(self) -> bool:
        """Whether a bitext becomes one file in it."""
        return self not in {Format.MOSES, Format.TEI, Format.XCES, Format.PARQUET}


_WRITERS = {
    Format.IDS: "corpora.exports.ids:IdsWriter",
    Format.TSV: "corpora.exports.tables:TsvWriter",
    Format.CSV: "corpora.exports.tables:CsvWriter",
    Format.JSONL: "corpora.exports.tables:JsonLinesWriter",
    Format.TMX: "corpora.exports.tmx:TmxWriter",
    Format.XLIFF: "corpora.exports.xliff:Xliff2Writer",
    Format.XLIFF12: "corpora.exports.xliff:Xliff1Writer",
    Format.PO: "corpora.exports.po:PoWriter",
    Format.MOSES: "corpora.exports.moses:MosesWriter",
    Format.HTML: "corpora.exports.pages:PagesWriter",
    Format.XLSX: "corpora.exports.sheet:SheetWriter",
    Format.TEI: "corpora.exports.tei:TeiWriter",
    Format.XCES: "corpora.exports.xces:XcesWriter",
    Format.PARQUET: "corpora.exports.parquet:ParquetWriter",
    Format.SQLITE: "muqabala.database:DatabaseWriter",
}
_ENDINGS = {"xlf": Format.XLIFF, "xliff": Format.XLIFF, "db": Format.SQLITE, "sqlite": Format.SQLITE}


def writer_of(kind: Format) -> type[Writer]:
    """The writer of a format."""
    module, _, name = _WRITERS[kind].partition(":")
    found: type[Writer] = getattr(import_module(module), name)
    return found


def format_for(output: Path | None) -> Format:
    """The format a file's ending asks for; `ids` where it asks for none."""
    suffix = output.suffix.lower().lstrip(".") if output else ""
    if suffix in _ENDINGS:
        return _ENDINGS[suffix]
    return Format(suffix) if suffix in {"tsv", "csv", "jsonl", "tmx", "po", "html", "xlsx"} else Format.IDS


def parse_formats(text: str) -> list[Format]:
    """Formats from a list with commas. Raises MuqabalaError."""
    out = []
    for name in dict.fromkeys(part.strip() for part in text.split(",") if part.strip()):
        if name not in set(Format):
            raise MuqabalaError(f"unknown format '{name}'", hint=f"one of {', '.join(Format)}")
        out.append(Format(name))
    if not out:
        raise MuqabalaError("no format is given", hint=f"one of {', '.join(Format)}")
    return out


def render(bitext: Bitext, kind: Format) -> bytes:
    """The content of the one file that a format makes of a bitext.

    Raises:
        MuqabalaError: the format makes several files.
    """
    match kind:
        case Format.IDS:
            from corpora.ids import format_ids

            return format_ids(bitext.beads).encode()
        case Format.HTML:
            from corpora.page import to_html

            return to_html(bitext).encode()
        case _ if not kind.is_one_file:
            raise MuqabalaError(f"{kind.value} makes several files", hint="give -o OUT, the beginning of their names")
        case _:
            return next(iter(_written(bitext, kind, "bitext").values()))


def files_for(bitext: Bitext, kind: Format, output: Path) -> dict[Path, bytes]:
    """The files a format makes of a bitext, by path; those of several files are OUT.ar, or below a folder OUT."""
    if kind.is_one_file:
        return {output: render(bitext, kind)}
    written = _written(bitext, kind, output.name)
    if kind is Format.MOSES:
        return {output.with_name(str(name)): content for name, content in written.items()}
    return {output / name.relative_to(kind.value): content for name, content in written.items()}


def _written(bitext: Bitext, kind: Format, name: str) -> dict[Path, bytes]:
    """What a writer makes of a bitext: paths below its folder."""
    from corpora.exports.writer import CorpusInfo
    from corpora.units import units_of

    info = CorpusInfo(name, bitext.source.language, bitext.target.language, bitext.signature)
    with tempfile.TemporaryDirectory() as folder:
        with writer_of(kind)(Path(folder), info) as writer:
            for unit in units_of(bitext):
                writer.add(unit)
        return {path.relative_to(folder): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}
