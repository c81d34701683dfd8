"""TEI P5: a file for each document, both texts as segments, the beads as links between them in `standOff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora.exports.writer import DocumentWriter, as_element, file_stem

if TYPE_CHECKING:
    from corpora.units import Unit, UnitSide


class TeiWriter(DocumentWriter):
    """Files below tei/."""

    two_sided = False

    def begin(self) -> None:
        """The folder."""
        self._taken: dict[str, str] = {}
        (self.folder / "tei").mkdir()

    def write_document(self, name: str, units: list[Unit]) -> None:
        """One file."""
        path = self.folder / "tei" / f"{file_stem(name, self._taken)}.xml"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n')
            file.write(self._header(name, units[0]))
            links, edited = _links(units), _edited(units)
            group = f'    <linkGrp type="alignment">\n{links}    </linkGrp>\n' if links else ""
            if links or edited:
                file.write(f"  <standOff>\n{group}{edited}  </standOff>\n")
            file.write("  <text>\n    <group>\n")
            for mark, side in (("s", "source"), ("t", "target")):
                file.write(_text(mark, [getattr(unit, side) for unit in units], getattr(self.info, side)))
            file.write("    </group>\n  </text>\n</TEI>\n")

    def _header(self, name: str, unit: Unit) -> str:
        told = unit.record.get("provenance", {})
        titles = [str(told.get(side, {}).get("metadata", {}).get("title", "")) for side in ("source", "target")]
        title = " / ".join(part for part in titles if part) or name
        licence = as_element("licence", self.info.licence) if self.info.licence else as_element("p", "No licence is stated.")
        files = "".join(
            f"        {as_element('bibl', str(told.get(side, {}).get('path', '')) or name)}\n" for side in ("source", "target")
        )
        return (
            "  <teiHeader>\n    <fileDesc>\n"
            f"      <titleStmt>{as_element('title', title)}</titleStmt>\n"
            f"      <publicationStmt>{as_element('publisher', self.info.name)}<availability>{licence}</availability>"
            "</publicationStmt>\n"
            f"      <sourceDesc>\n{files}      </sourceDesc>\n    </fileDesc>\n"
            f"    <encodingDesc>{as_element('p', self.info.signature or 'Aligned by Muqabala.')}</encodingDesc>\n  </teiHeader>\n"
        )


def _id(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name)


def _links(units: list[Unit]) -> str:
    """The beads of two and more segments."""
    rows = ""
    for unit in units:
        ends = [f"#s{k}" for k in unit.source.segments] + [f"#t{k}" for k in unit.target.segments]
        if len(ends) > 1:
            link = as_element("link", xml__id=_id(unit.id), target=" ".join(ends), type=unit.status.replace(" ", "-"))
            rows += f"      {link}\n"
    return rows


def _edited(units: list[Unit]) -> str:
    """The texts that a person wrote anew, each with the segments in whose place it stands."""
    rows = ""
    for unit in units:
        for mark, side in (("s", unit.source), ("t", unit.target)):
            if side.text != " ".join(side.parts):
                place = " ".join(f"#{mark}{k}" for k in side.segments)
                edited = as_element("seg", side.text, type="edited", corresp=place, xml__lang=side.language)
                rows += f"    {edited}\n"
    return rows


def _text(mark: str, sides: list[UnitSide], language: str) -> str:
    parts = {k: part for side in sides for k, part in zip(side.segments, side.parts, strict=False)}
    rows = "".join(f"          {as_element('seg', parts[k], xml__id=f'{mark}{k}')}\n" for k in sorted(parts))
    body = f"        <p>\n{rows}        </p>\n" if rows else "        <p/>\n"
    return f'      <text xml:lang="{language}"><body>\n{body}      </body></text>\n'
