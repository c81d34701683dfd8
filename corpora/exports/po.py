"""PO: a unit an entry, its id the context, so that equal sources stay apart. One-sided units are left out."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from corpora.exports.writer import FileWriter
from corpora.languages import NAMES, primary

if TYPE_CHECKING:
    from corpora.units import Unit

UNSURE = frozenset({"machine", "needs review", "rejected"})
"""The statuses that are fuzzy in PO: nobody has said yet that the translation is right."""


class PoWriter(FileWriter):
    """Entries by polib; what is not confirmed is fuzzy, findings and notes are comments."""

    suffix = "po"

    def begin(self) -> None:
        """The header entry."""
        import polib

        told = {
            "Project-Id-Version": self.info.name,
            "PO-Revision-Date": "1970-01-01 00:00+0000",  # nobody's clock: the same units give the same bytes
            "Last-Translator": "Muqabala",
            "Language-Team": NAMES.get(primary(self.info.target), self.info.target),
            "Language": self.info.target.replace("-", "_"),
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "X-Generator": f"muqabala {version('muqabala')}",
            "X-Source-Language": self.info.source,
        }
        if self.info.state:
            told["X-Muqabala-State"] = str(self.info.state)
        header = polib.POFile(wrapwidth=0)
        header.metadata = told
        self.put(str(header).rstrip("\n") + "\n")

    def write(self, unit: Unit) -> None:
        """An entry."""
        import polib

        told = [f"{f.severity.value}: {f.code}" + (f": {f.concept}" if f.concept else "") for f in unit.findings]
        entry = polib.POEntry(
            msgctxt=unit.id,
            msgid=unit.source.text,
            msgstr=unit.target.text,
            comment="\n".join([f"{unit.status}, confidence {unit.confidence:.2f}", *told]),
            tcomment=unit.note,
            occurrences=[(unit.document.replace(" ", "_"), "")] if unit.document else [],
            flags=["fuzzy"] if unit.status in UNSURE else [],
        )
        self.put("\n" + entry.__unicode__(wrapwidth=0).rstrip("\n") + "\n")
