"""XLIFF 1.2 and 2.1 for translation tools: states, notes, where a bead comes from, and in 2.1 its terms.

A unit with one empty side is left out: a translation tool would ask to translate what has no translation, or nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpora.exports.writer import FileWriter, as_element

if TYPE_CHECKING:
    from corpora.units import Unit

STATES = {"accepted": "final", "edited": "final", "realigned": "reviewed", "needs review": "translated", "rejected": "initial"}
"""XLIFF 2.1's states of our statuses; `translated` for all others."""

OLD_STATES = {
    "accepted": "signed-off",
    "edited": "final",
    "needs review": "needs-review-translation",
    "rejected": "needs-translation",
}
"""XLIFF 1.2's; `translated` for all others."""

_NOT_TOKEN = re.compile(r"[^\w.-]")


class Xliff2Writer(FileWriter):
    """XLIFF 2.1: a `file` for each document, a `unit` for each bead, glossary and metadata modules in it."""

    suffix = "xlf"

    def begin(self) -> None:
        """The root."""
        self._document: str | None = None
        self._files = 0
        self.put('<?xml version="1.0" encoding="UTF-8"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0"')
        self.put(' xmlns:gls="urn:oasis:names:tc:xliff:glossary:2.0" xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0"')
        self.put(f' version="2.1" srcLang="{self.info.source}" trgLang="{self.info.target}">\n')

    def write(self, unit: Unit) -> None:
        """A unit, in the file of its document."""
        if unit.document != self._document:
            self._close_file()
            self._document = unit.document
            self._files += 1
            opening = as_element("file", id=f"f{self._files}", original=unit.document)
            self.put(f"  {opening.removesuffix('/>')}>\n")
            if self._files == 1 and self.info.state:
                self.put(f'    <notes><note category="muqabala-state">{self.info.state}</note></notes>\n')
        self.put(f'    <unit id="{_NOT_TOKEN.sub("_", unit.id)}">\n{self._terms(unit)}{_metadata(unit)}')
        if unit.note:
            self.put(f"      <notes>{as_element('note', unit.note)}</notes>\n")
        self.put(f'      <segment state="{STATES.get(unit.status, "translated")}">\n')
        self.put(f"        {_text('source', unit.source.text)}\n        {_text('target', unit.target.text)}\n")
        self.put("      </segment>\n    </unit>\n")

    def end(self) -> None:
        """The closing tags; a document without units is no valid one, so that an empty corpus gets an empty file."""
        if self._document is None:
            self.put('  <file id="f1">\n    <unit id="none"><segment><source/></segment></unit>\n')
        self._close_file(last=True)
        self.put("</xliff>\n")

    def _close_file(self, *, last: bool = False) -> None:
        if self._document is not None or last:
            self.put("  </file>\n")

    def _terms(self, unit: Unit) -> str:
        terms = self.info.terms(unit) if self.info.terms else ()
        entries = ""
        for term, renderings in terms:
            told = "".join(as_element("gls:translation", text) for text in renderings)
            entries += f"        <gls:glossEntry>{as_element('gls:term', term)}{told}</gls:glossEntry>\n"
        return f"      <gls:glossary>\n{entries}      </gls:glossary>\n" if entries else ""


def _metadata(unit: Unit) -> str:
    told = [
        ("status", unit.status),
        ("score", f"{unit.score:.4f}"),
        ("confidence", f"{unit.confidence:.4f}"),
        ("split", unit.split),
    ]
    told += [("finding", f"{f.severity.value}: {f.code}" + (f": {f.concept}" if f.concept else "")) for f in unit.findings]
    rows = "".join(f"          {as_element('mda:meta', value, type=name)}\n" for name, value in told if value)
    return f'      <mda:metadata>\n        <mda:metaGroup category="bead">\n{rows}        </mda:metaGroup>\n      </mda:metadata>\n'


def _text(tag: str, text: str) -> str:
    """A side; spaces at its ends and in rows are kept."""
    keeps = "  " in text or text != text.strip()
    return as_element(tag, text, xml__space="preserve" if keeps else "")


class Xliff1Writer(FileWriter):
    """XLIFF 1.2: a `file` for each document, a `trans-unit` for each bead, what there is to say of it as notes."""

    suffix = "12.xlf"

    def begin(self) -> None:
        """The root."""
        self._document: str | None = None
        self.put('<?xml version="1.0" encoding="UTF-8"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">\n')

    def write(self, unit: Unit) -> None:
        """A unit, in the file of its document."""
        if unit.document != self._document:
            self._close_file()
            self._document = unit.document
            self._open_file(unit.document)
        approved = "yes" if unit.status in {"accepted", "edited"} else "no"
        opening = as_element("trans-unit", id=unit.id, approved=approved)
        self.put(f"      {opening.removesuffix('/>')}>\n        {as_element('source', unit.source.text)}\n")
        self.put(f"        {as_element('target', unit.target.text, state=OLD_STATES.get(unit.status, 'translated'))}\n")
        told = [f"{unit.status}, confidence {unit.confidence:.2f}"]
        told += [f"{f.severity.value}: {f.code}" + (f": {f.concept}" if f.concept else "") for f in unit.findings]
        for text in told:
            self.put(f"        {as_element('note', text, **{'from': 'muqabala'})}\n")
        if unit.note:
            self.put(f"        {as_element('note', unit.note)}\n")
        self.put("      </trans-unit>\n")

    def end(self) -> None:
        """The closing tags."""
        if self._document is None:
            self._open_file("")
            self._document = ""
        self._close_file()
        self.put("</xliff>\n")

    def _open_file(self, document: str) -> None:
        told = {"source-language": self.info.source, "target-language": self.info.target, "datatype": "plaintext"}
        opening = as_element("file", original=document or self.info.name, **told)
        state = f' category="muqabala-state-{self.info.state}"' if self.info.state else ""
        self.put(f"  {opening.removesuffix('/>')}{state}>\n    <body>\n")

    def _close_file(self) -> None:
        if self._document is not None:
            self.put("    </body>\n  </file>\n")
