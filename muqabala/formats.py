"""The export formats by name: a bitext to the files it becomes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from corpora import MuqabalaError

if TYPE_CHECKING:
    from pathlib import Path

    from corpora import Bitext


class Format(StrEnum):
    """What `--format` takes."""

    IDS = "ids"
    TSV = "tsv"
    JSONL = "jsonl"
    TMX = "tmx"
    MOSES = "moses"
    HTML = "html"

    @property
    def shows_findings(self) -> bool:
        """Whether it has a place for what the checks found."""
        return self not in {Format.IDS, Format.MOSES}


def format_for(output: Path | None) -> Format:
    """The format a file's ending asks for; `ids` where it asks for none."""
    suffix = output.suffix.lower().lstrip(".") if output else ""
    return Format(suffix) if suffix in {"tsv", "jsonl", "tmx", "html"} else Format.IDS


def render(bitext: Bitext, kind: Format) -> bytes:
    """The content of the one file a format makes.

    Raises:
        MuqabalaError: the format makes two files.
    """
    match kind:
        case Format.IDS:
            from corpora.ids import format_ids

            return format_ids(bitext.beads).encode()
        case Format.TSV | Format.JSONL:
            from corpora.records import to_jsonl, to_tsv

            return (to_tsv if kind is Format.TSV else to_jsonl)(bitext).encode()
        case Format.TMX:
            from corpora.tmx import to_tmx

            return to_tmx(bitext)
        case Format.HTML:
            from corpora.page import to_html

            return to_html(bitext).encode()
        case Format.MOSES:
            raise MuqabalaError("moses is a pair of files", hint="give -o OUT to get OUT.ar and OUT.en")


def files_for(bitext: Bitext, kind: Format, output: Path) -> dict[Path, bytes]:
    """The files a format makes of a bitext, by path."""
    if kind is not Format.MOSES:
        return {output: render(bitext, kind)}
    from corpora.moses import to_moses

    codes = [bitext.source.language, bitext.target.language]
    if codes[0] == codes[1]:
        codes = [f"source.{codes[0]}", f"target.{codes[1]}"]
    return {output.with_name(f"{output.name}.{code}"): text.encode() for code, text in zip(codes, to_moses(bitext), strict=True)}
