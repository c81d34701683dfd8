"""Statements in, corpora out: the nouns, readers, segmentation, writers."""

from typing import TYPE_CHECKING

from corpora.errors import MuqabalaError, ReadError, WriteError
from corpora.model import (
    Bead,
    Bitext,
    BitextSide,
    Block,
    BlockKind,
    Doubt,
    Finding,
    Metadata,
    Origin,
    Segment,
    Severity,
    Statement,
)

if TYPE_CHECKING:
    from corpora.exports.tmx import write_tmx
    from corpora.reading import read_statement
    from corpora.records import parse_bitext, to_jsonl, to_tsv
    from corpora.segmentation import segment, segment_text

_LATE = {
    "parse_bitext": "corpora.records",
    "read_statement": "corpora.reading",
    "segment": "corpora.segmentation",
    "segment_text": "corpora.segmentation",
    "to_jsonl": "corpora.records",
    "to_tsv": "corpora.records",
    "write_tmx": "corpora.exports.tmx",
}

__all__ = [
    "Bead",
    "Bitext",
    "BitextSide",
    "Block",
    "BlockKind",
    "Doubt",
    "Finding",
    "Metadata",
    "MuqabalaError",
    "Origin",
    "ReadError",
    "Segment",
    "Severity",
    "Statement",
    "WriteError",
    "parse_bitext",
    "read_statement",
    "segment",
    "segment_text",
    "to_jsonl",
    "to_tsv",
    "write_tmx",
]


def __getattr__(name: str) -> object:
    """Import readers and writers with their libraries only when they are used."""
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'corpora' has no attribute {name!r}")
