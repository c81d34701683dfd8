"""Statements in, corpora out."""

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
