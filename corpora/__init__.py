"""Statements in, corpora out: the nouns, readers, segmentation, writers."""

from corpora.errors import MuqabalaError, ReadError, WriteError
from corpora.model import (
    Bead,
    Bitext,
    BitextSide,
    Block,
    BlockKind,
    Finding,
    Metadata,
    Origin,
    Segment,
    Severity,
    Statement,
)

_LATE = {
    "parse_bitext": "corpora.records",
    "read_statement": "corpora.reading",
    "segment": "corpora.segmentation",
    "segment_text": "corpora.segmentation",
    "to_jsonl": "corpora.records",
    "to_tsv": "corpora.records",
    "write_tmx": "corpora.tmx",
}

__all__ = [
    "Bead",
    "Bitext",
    "BitextSide",
    "Block",
    "BlockKind",
    "Finding",
    "Metadata",
    "MuqabalaError",
    "Origin",
    "ReadError",
    "Segment",
    "Severity",
    "Statement",
    "WriteError",
    *sorted(_LATE),
]


def __getattr__(name: str) -> object:
    """Import readers and writers with their libraries only when they are used."""
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'corpora' has no attribute {name!r}")
