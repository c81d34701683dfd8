"""The Moses pair: two plain text files, line i of one is line i of the other. One-sided units are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora.exports.writer import Writer

if TYPE_CHECKING:
    from corpora.units import Unit


class MosesWriter(Writer):
    """NAME.ar and NAME.en, or NAME.source.ar and NAME.target.ar where both languages are one."""

    def open(self) -> None:
        """Open both files."""
        codes = [self.info.source, self.info.target]
        if codes[0] == codes[1]:
            codes = [f"source.{codes[0]}", f"target.{codes[1]}"]
        self._files = [(self.folder / f"{self.info.name}.{code}").open("wb") for code in codes]

    def write(self, unit: Unit) -> None:
        """A line in each file."""
        for file, side in zip(self._files, (unit.source, unit.target), strict=True):
            file.write((side.text + "\n").encode())

    def close(self) -> None:
        """Close both files."""
        for file in self._files:
            file.close()
