"""What every writer is: it takes units, counts what it has no place for, and closes its files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from corpora.units import Unit

    Terms = Callable[[Unit], Sequence[tuple[str, Sequence[str]]]]

ONE_SIDED = "one side is empty"


@dataclass(frozen=True, slots=True)
class CorpusInfo:
    """What is said of a corpus as a whole.

    Attributes:
        name: of its files.
        source, target: language codes.
        signature: what made it.
        licence: of all of it.
        state: number of the last event that is in it, for changes that come back.
        terms: the terms of a unit's source with what the target may say, for formats that can hold them.
        card: a text about it, in Markdown.
    """

    name: str
    source: str
    target: str
    signature: str = ""
    licence: str = ""
    state: int = 0
    terms: Terms | None = None
    card: str = ""


class Writer(ABC):
    """Writes a corpus in one format below a folder.

    Attributes:
        left_out: units that the format has no place for, by reason.
        notices: what a reader of the files should know, by kind.
    """

    two_sided = True
    """Whether units with an empty side have no place in it."""

    def __init__(self, folder: Path, info: CorpusInfo) -> None:
        self.folder, self.info = folder, info
        self.left_out: Counter[str] = Counter()
        self.notices: Counter[str] = Counter()
        self.open()

    def add(self, unit: Unit) -> None:
        """Take the next unit."""
        if self.two_sided and not unit.is_two_sided:
            self.left_out[ONE_SIDED] += 1
        else:
            self.write(unit)

    @abstractmethod
    def open(self) -> None:
        """Open the files."""

    @abstractmethod
    def write(self, unit: Unit) -> None:
        """Write a unit that the format has a place for."""

    @abstractmethod
    def close(self) -> None:
        """Write what stands at the end, and close the files."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FileWriter(Writer):
    """A writer of one file, NAME.suffix."""

    suffix = ""

    def open(self) -> None:
        """Open the file and write what stands at its beginning."""
        self._file = (self.folder / f"{self.info.name}.{self.suffix}").open("wb")
        self.begin()

    def put(self, text: str) -> None:
        """Write text."""
        self._file.write(text.encode())

    def begin(self) -> None:
        """Write what stands at the beginning."""

    def end(self) -> None:
        """Write what stands at the end."""

    def close(self) -> None:
        """End and close the file."""
        self.end()
        self._file.close()


class DocumentWriter(Writer):
    """A writer that needs the units of a document together."""

    def open(self) -> None:
        """Begin without a document."""
        self._document: str | None = None
        self._units: list[Unit] = []
        self.begin()

    def write(self, unit: Unit) -> None:
        """Keep the unit; write the document before, where it is the first of another."""
        if unit.document != self._document:
            self._flush()
            self._document = unit.document
        self._units.append(unit)

    def begin(self) -> None:
        """Open what is open over all documents."""

    def end(self) -> None:
        """Close it."""

    @abstractmethod
    def write_document(self, name: str, units: list[Unit]) -> None:
        """Write the units of a document."""

    def close(self) -> None:
        """Write the last document, and close."""
        self._flush()
        self.end()

    def _flush(self) -> None:
        if self._units:
            self.write_document(self._document or self.info.name, self._units)
            self._units = []


def file_stem(document: str, taken: dict[str, str]) -> str:
    """A name for a document's file: letters, digits, hyphens; another where a different document has it."""
    plain = "".join(c if c.isalnum() or c in "-_" else "_" for c in document).strip("_")[:80] or "document"
    name = next(n for k in range(1, len(taken) + 2) if taken.get(n := plain if k == 1 else f"{plain}-{k}", document) == document)
    taken[name] = document
    return name


def as_element(tag: str, text: str = "", **attributes: Any) -> str:
    """An XML element as text; attributes that are empty are left out."""
    from xml.sax.saxutils import escape, quoteattr

    told = "".join(
        f" {name.replace('__', ':')}={quoteattr(str(value))}" for name, value in attributes.items() if value not in {None, ""}
    )
    return f"<{tag}{told}>{escape(text)}</{tag}>" if text else f"<{tag}{told}/>"
