"""Web pages that a browser saved as one file (MHTML, RFC 2557): the page among its pictures and styles, and the address it had."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

from corpora.encodings import decode
from corpora.errors import ReadError

if TYPE_CHECKING:
    from email.message import EmailMessage

_MOST_PARTS = 10_000  # a page with all its pictures has some hundred


def read_saved(data: bytes, *, path: str, encoding: str | None = None) -> tuple[str, str]:
    """The page's HTML and its address on the web, empty where the file does not say it. Raises ReadError."""
    if data.count(b"\n--") > _MOST_PARTS:
        raise ReadError("a saved page of too many parts", path=path)
    try:
        message: EmailMessage = email.message_from_bytes(data, policy=email.policy.default)
        address = str(message.get("Snapshot-Content-Location", "")).strip()
        pages = [part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise ReadError(f"not a saved page: {error}", path=path) from None
    if not pages:
        raise ReadError("there is no page in it", path=path)
    page = next((part for part in pages if address and str(part.get("Content-Location", "")).strip() == address), pages[0])
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise ReadError("there is no page in it", path=path)
    told = encoding or page.get_content_charset()
    try:
        text = decode(content, path=path, encoding=told).text
    except ReadError:
        text = decode(content, path=path, encoding=encoding).text  # its own word for it was wrong
    address = address or str(page.get("Content-Location", "")).strip()
    return text, address if address.startswith(("http://", "https://")) else ""
