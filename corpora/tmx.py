"""TMX 1.4b, the exchange format of translation memories. One-sided beads have no place in it and are left out."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from corpora.writing import write_files

if TYPE_CHECKING:
    from corpora.model import Bitext

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'


def to_tmx(bitext: Bitext) -> bytes:
    """The two-sided beads as translation units, with score, confidence, status and origin as properties."""
    root = etree.Element("tmx", version="1.4")
    header = {
        "creationtool": "muqabala", "creationtoolversion": version("muqabala"), "segtype": "sentence", "o-tmf": "muqabala",
        "adminlang": "en", "srclang": bitext.source.language, "datatype": "plaintext", "o-encoding": "UTF-8",
    }  # fmt: skip
    head = etree.SubElement(root, "header", header)
    for name, side in (("source", bitext.source), ("target", bitext.target)):
        _prop(head, f"x-{name}-file", side.origin.path)
        _prop(head, f"x-{name}-sha256", side.origin.sha256)
    _prop(head, "x-signature", bitext.signature)
    body = etree.SubElement(root, "body")
    for k, bead in enumerate(bitext.beads):
        sides = [(side.language, side.text(own)) for side, own in ((bitext.source, bead.source), (bitext.target, bead.target))]
        if not all(text for _, text in sides):
            continue
        unit = etree.SubElement(body, "tu", tuid=bitext.bead_id(k))
        _prop(unit, "x-score", f"{bead.score:.4f}")
        _prop(unit, "x-confidence", f"{bead.confidence:.4f}")
        _prop(unit, "x-status", bead.status)
        for finding in bead.findings:
            _prop(unit, "x-finding", f"{finding.severity.value}: {finding.code}: {finding.concept}")
        for language, text in sides:
            variant = etree.SubElement(unit, "tuv", {_LANG: language})
            etree.SubElement(variant, "seg").text = text
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=_DOCTYPE) + b"\n"


def _prop(parent: etree._Element, name: str, value: str) -> None:
    if value:
        etree.SubElement(parent, "prop", type=name).text = value


def write_tmx(bitext: Bitext, path: str | Path) -> None:
    """Write a TMX file, whole or not at all. Raises WriteError."""
    write_files({Path(path): to_tmx(bitext)})
