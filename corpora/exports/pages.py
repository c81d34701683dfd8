"""HTML to read: a page for each document, and an index of them. No script, nothing external."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from corpora.exports.writer import DocumentWriter, file_stem
from corpora.page import DOUBTFUL, to_html
from corpora.units import bitext_from

if TYPE_CHECKING:
    from corpora.units import Unit

_STYLE = (
    ":root{color-scheme:light dark}body{margin:0 auto;max-width:60rem;padding:1.5rem;font:1rem/1.6 system-ui,sans-serif}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.35rem .75rem;border-bottom:1px solid #8886}"
    "td:not(:first-child){text-align:end}th:not(:first-child){text-align:end}"
)


class PagesWriter(DocumentWriter):
    """Files below html/; open html/index.html."""

    two_sided = False

    def begin(self) -> None:
        """The folder and the index."""
        self._taken: dict[str, str] = {}
        (self.folder / "html").mkdir()
        self._index = (self.folder / "html" / "index.html").open("w", encoding="utf-8", newline="\n")
        self._index.write(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(self.info.name)}</title>'
            f"<style>{_STYLE}</style></head><body>\n<h1>{escape(self.info.name)}</h1>\n"
            "<table><tr><th>document</th><th>beads</th><th>doubtful</th><th>errors</th></tr>\n"
        )

    def write_document(self, name: str, units: list[Unit]) -> None:
        """A page and its row in the index."""
        stem = file_stem(name, self._taken)
        (self.folder / "html" / f"{stem}.html").write_text(to_html(bitext_from(units)), encoding="utf-8", newline="\n")
        doubtful = sum(unit.confidence < DOUBTFUL and unit.status == "machine" for unit in units)
        errors = sum(unit.errors for unit in units)
        self._index.write(
            f'<tr><td><a href="{escape(stem)}.html">{escape(name)}</a></td><td>{len(units)}</td>'
            f"<td>{doubtful}</td><td>{errors}</td></tr>\n"
        )

    def end(self) -> None:
        """The end of the index."""
        self._index.write("</table></body></html>\n")
        self._index.close()
