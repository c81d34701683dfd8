"""XCES as OPUS has it: a file of sentences for each document and language, and one file of links between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora.exports.writer import DocumentWriter, as_element, file_stem

if TYPE_CHECKING:
    from corpora.units import Unit, UnitSide


class XcesWriter(DocumentWriter):
    """xces/ar/NAME.xml, xces/en/NAME.xml, and xces/ar-en.xml that links them.

    A text that a person wrote anew is a sentence of its own.
    """

    two_sided = False

    def begin(self) -> None:
        """The folders and the head of the links."""
        self._taken: dict[str, str] = {}
        self._codes = (self.info.source, self.info.target)
        if self._codes[0] == self._codes[1]:
            self._codes = (f"{self.info.source}-source", f"{self.info.target}-target")
        for code in self._codes:
            (self.folder / "xces" / code).mkdir(parents=True)
        self._links = (self.folder / "xces" / f"{self._codes[0]}-{self._codes[1]}.xml").open("w", encoding="utf-8", newline="\n")
        self._links.write('<?xml version="1.0" encoding="utf-8"?>\n')
        self._links.write('<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">\n<cesAlign version="1.0">\n')

    def write_document(self, name: str, units: list[Unit]) -> None:
        """Both files of a document, and its group of links."""
        stem = file_stem(name, self._taken)
        files = [f"{code}/{stem}.xml" for code in self._codes]
        for file, side in zip(files, ("source", "target"), strict=True):
            rows: dict[str, str] = {}
            for unit in units:
                rows |= dict(_sentences(getattr(unit, side)))
            with (self.folder / "xces" / file).open("w", encoding="utf-8", newline="\n") as out:
                out.write('<?xml version="1.0" encoding="utf-8"?>\n<text>\n')
                for key in sorted(rows, key=_order):
                    out.write(as_element("s", rows[key], id=key) + "\n")
                out.write("</text>\n")
        told = {"targType": "s", "fromDoc": files[0], "toDoc": files[1]}
        self._links.write(as_element("linkGrp", **told).removesuffix("/>") + ">\n")
        for unit in units:
            ends = ";".join(" ".join(key for key, _ in _sentences(side)) for side in (unit.source, unit.target))
            link = as_element("link", id=unit.id, xtargets=ends, certainty=f"{unit.confidence:.4f}")
            self._links.write(f"{link}\n")
        self._links.write("</linkGrp>\n")

    def end(self) -> None:
        """The end of the links."""
        self._links.write("</cesAlign>\n")
        self._links.close()


def _sentences(side: UnitSide) -> list[tuple[str, str]]:
    """Ids (from 1) and texts of a side's sentences; a text written anew has the first one's id and an e."""
    if side.text != " ".join(side.parts):
        return [(f"{side.segments[0] + 1 if side.segments else 0}e", side.text)] if side.text else []
    return [(str(k + 1), part) for k, part in zip(side.segments, side.parts, strict=True)]


def _order(key: str) -> tuple[int, str]:
    return int(key.rstrip("e")), key
