"""Bytes to text. The encoding is detected, recorded and said; where the bytes do not tell, it is an error, never a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpora.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"\x7fELF",
    b"\x1f\x8b",
    b"SQLite format 3",
)
_ARABIC_WORD = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06af]{2,}")
_MIXED_WORD = re.compile("[A-Za-z][\u0621-\u064a]|[\u0621-\u064a][A-Za-z]")
_HINT = "name it with --encoding, as in --encoding windows-1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, *, path: str = "", encoding: str | None = None) -> Decoded:
    """Decode UTF-8, UTF-16, UTF-32 (with or, where unmistakable, without mark) or Arabic Windows-1256.

    Args:
        data: the whole file.
        path: for messages.
        encoding: the encoding, when the caller knows it.

    Raises:
        ReadError: binary data, an unknown encoding, or bytes that the encoding cannot hold.
    """
    if encoding:
        return Decoded(_strictly(data, encoding, path), encoding.lower())
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data, name, path), name.removesuffix("-sig"))
    if data.startswith(_BINARY):
        raise ReadError("not a text file", path=path or None)
    wide = _wide(data)
    if wide:
        return Decoded(_strictly(data, wide, path), wide)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged(data):
            reason = f"damaged UTF-8: byte {error.start} fits no character"
            raise ReadError(
                reason, path=path or None, hint="cut short, or put together from files in different encodings?"
            ) from None
        return Decoded(_windows_1256(data, path), "windows-1256")
    controls = sum(data.count(bytes([c])) for c in range(32) if c not in b"\t\n\v\f\r\x1c\x1d\x1e")
    if controls > 2 + len(data) // 50:
        raise ReadError("not a text file: full of control characters", path=path or None)
    return Decoded(text, "utf-8")


def _strictly(data: bytes, encoding: str, path: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise ReadError(f"unknown encoding '{encoding}'", path=path or None) from None
    except UnicodeError as error:
        raise ReadError(f"not valid {encoding.removesuffix('-sig')}: {error.args[-1]}", path=path or None) from None


def _is_damaged(data: bytes) -> bool:
    """Whether a good part of what is not ASCII is UTF-8; in a code page hardly two bytes in a row are (Arabic: one in forty)."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return 4 * (sum(not c.isascii() for c in text) - bad) > bad


def _wide(data: bytes) -> str:
    """UTF-16 without mark: every second byte is the zero or Arabic high byte of most characters."""
    if len(data) < 8 or len(data) % 2:
        return ""
    for name, high in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        low = data[::2] if name == "utf-16-le" else data[1::2]
        zeros = high.count(0)
        if zeros + high.count(6) > 0.9 * len(high) and zeros > 0.05 * len(high) and low.count(0) < 0.02 * len(low):
            return name
    return ""


def _windows_1256(data: bytes, path: str) -> str:
    """Windows-1256, when it makes Arabic words and none half Latin; French and other Latin text in a code page does not."""
    text = data.decode("windows-1256", errors="replace")
    words = len(_ARABIC_WORD.findall(text))
    if b"\x00" in data or words < 1 or len(_MIXED_WORD.findall(text)) > 0.02 * words or "\ufffd" in text:
        kind = "not a text file" if b"\x00" in data else "the encoding cannot be told: neither Unicode nor Arabic Windows-1256"
        raise ReadError(kind, path=path or None, hint=None if b"\x00" in data else _HINT)
    return text
