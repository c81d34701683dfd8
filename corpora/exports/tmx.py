"""TMX 1.4b, the exchange format of translation memories. One-sided units have no place in it and are left out."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from corpora.exports.writer import CorpusInfo, FileWriter
from corpora.units import units_of
from corpora.writing import write_files

if TYPE_CHECKING:
    from corpora.model import Bitext
    from corpora.units import Unit

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class TmxWriter(FileWriter):
    """Units with document, score, confidence, status and findings as properties; the id is the unit's."""

    suffix = "tmx"

    def begin(self) -> None:
        """The header."""
        header = etree.Element("header", {
            "creationtool": "muqabala", "creationtoolversion": version("muqabala"), "segtype": "sentence", "o-tmf": "muqabala",
            "adminlang": "en", "srclang": self.info.source, "datatype": "plaintext", "o-encoding": "UTF-8",
        })  # fmt: skip
        _prop(header, "x-signature", self.info.signature)
        _prop(header, "x-licence", self.info.licence)
        _prop(header, "x-state", str(self.info.state or ""))
        self.put('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n')
        self.put(_line(header, 1) + "  <body>\n")

    def write(self, unit: Unit) -> None:
        """One translation unit."""
        element = etree.Element("tu", tuid=unit.id)
        if unit.note:
            etree.SubElement(element, "note").text = unit.note
        _prop(element, "x-document", unit.document)
        _prop(element, "x-score", f"{unit.score:.4f}")
        _prop(element, "x-confidence", f"{unit.confidence:.4f}")
        _prop(element, "x-status", unit.status)
        _prop(element, "x-split", unit.split)
        for finding in unit.findings:
            _prop(element, "x-finding", f"{finding.severity.value}: {finding.code}: {finding.concept}")
        for side in (unit.source, unit.target):
            variant = etree.SubElement(element, "tuv", {_LANG: side.language})
            etree.SubElement(variant, "seg").text = side.text
        self.put(_line(element, 2))

    def end(self) -> None:
        """The closing tags."""
        self.put("  </body>\n</tmx>\n")


def _line(element: etree._Element, level: int) -> str:
    """The element with its children, a line each."""
    etree.indent(element, level=level)
    return "  " * level + etree.tostring(element, encoding="unicode").rstrip() + "\n"


def _prop(parent: etree._Element, name: str, value: str) -> None:
    if value:
        etree.SubElement(parent, "prop", type=name).text = value


def to_tmx(bitext: Bitext) -> bytes:
    """A bitext as TMX."""
    info = CorpusInfo("bitext", bitext.source.language, bitext.target.language, bitext.signature)
    with tempfile.TemporaryDirectory() as folder:
        with TmxWriter(Path(folder), info) as writer:
            for unit in units_of(bitext):
                writer.add(unit)
        return (Path(folder) / "bitext.tmx").read_bytes()


def write_tmx(bitext: Bitext, path: str | Path) -> None:
    """Write a TMX file, whole or not at all. Raises WriteError."""
    write_files({Path(path): to_tmx(bitext)})
