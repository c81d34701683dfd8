"""What commands print: bytes as they are, whatever the terminal's encoding."""

from __future__ import annotations

import sys


def print_line(line: str) -> None:
    """One line on standard output, in UTF-8."""
    write_bytes((line + "\n").encode())


def write_bytes(data: bytes) -> None:
    """Bytes on standard output."""
    sys.stdout.buffer.write(data)
