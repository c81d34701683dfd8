"""The beads of each document as `[0, 1]:[2]` lines, for those who measure alignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora.exports.writer import DocumentWriter, file_stem

if TYPE_CHECKING:
    from corpora.units import Unit


class IdsWriter(DocumentWriter):
    """Files below ids/."""

    two_sided = False

    def begin(self) -> None:
        """The folder."""
        self._taken: dict[str, str] = {}
        (self.folder / "ids").mkdir()

    def write_document(self, name: str, units: list[Unit]) -> None:
        """A line a bead."""
        lines = "".join(f"{list(unit.source.segments)}:{list(unit.target.segments)}\n" for unit in units)
        (self.folder / "ids" / f"{file_stem(name, self._taken)}.txt").write_text(lines, encoding="utf-8", newline="\n")

    def end(self) -> None:
        """Nothing is open."""
