"""Bitexts in from other tools: TMX, XLIFF 1.2 and 2, PO, TSV, CSV, XLSX and our JSON lines, row by row.

Two uses: a ready-made bitext becomes two documents and their alignment, and a corpus of ours that was changed elsewhere comes back.
A row therefore keeps what a tool says of its state, in the tool's own words.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.archives import refuse_bombs
from corpora.characters import fold_line
from corpora.encodings import decode
from corpora.errors import ReadError
from corpora.exports.po import UNSURE
from corpora.exports.xliff import OLD_STATES, STATES
from corpora.languages import checked, primary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_XML = "{http://www.w3.org/XML/1998/namespace}"
_ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I", re.IGNORECASE)
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut", "x", "bx", "ex", "sub"})  # inline elements whose content is no text
_STATE = re.compile(r"muqabala-state-(\d+)")
_LONGEST_CELL = 10_000_000

SUFFIXES = frozenset({".tmx", ".xlf", ".xliff", ".mxliff", ".sdlxliff", ".po", ".tsv", ".csv", ".xlsx", ".jsonl"})
"""Endings of files that hold both sides."""


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of texts of a file.

    Attributes:
        id: what the file calls it, or empty.
        document: the document it says it belongs to, or empty.
        source, target: texts as lines, empty where there is none.
        state: what the file says of its state, in the format's words; None where the format says nothing.
        note: what it says besides; None where the format has no place for it.
        place: line or number in the file, for messages.
    """

    id: str
    document: str
    source: str
    target: str
    state: str | None = None
    note: str | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Foreign:
    """The content of a file that holds both sides.

    Attributes:
        kind: `tmx`, `xliff`, `xliff12`, `po`, `table` or `jsonl`.
        source, target: its languages, empty where it does not say.
        rows: its rows.
        state: the number of the project's event that it was made at, 0 where it is not from a project.
    """

    kind: str
    source: str
    target: str
    rows: tuple[Row, ...]
    state: int = 0


def state_of(kind: str, status: str) -> str | None:
    """How a format says a status of ours; None where it does not."""
    match kind:
        case "xliff":
            return STATES.get(status, "translated")
        case "xliff12":
            return OLD_STATES.get(status, "translated")
        case "po":
            return "fuzzy" if status in UNSURE else "translated"
        case "table" | "jsonl":
            return status
    return None


def status_of(kind: str, state: str) -> str | None:
    """The decision that a changed state means; None where it means none."""
    match kind:
        case "xliff" | "xliff12":
            if state in {"final", "reviewed", "signed-off"}:
                return "accepted"
            return "rejected" if state in {"initial", "new", "needs-translation"} else "needs review"
        case "po":
            return "needs review" if state == "fuzzy" else "accepted"
    return state if state in {"accepted", "needs review", "rejected", "machine"} else None


def read_foreign(path: str | Path, data: bytes, *, source: str = "", target: str = "") -> Foreign:
    """Read a file that holds both sides.

    Args:
        path: its ending tells the format.
        data: its bytes.
        source: the language to take where it holds several, and to name where it names none.
        target: the other one.

    Raises:
        ReadError: it cannot be read as what its ending says, or does not hold these languages.
    """
    suffix = Path(path).suffix.lower()
    reader: Callable[[str, bytes, str, str], Foreign] | None = {
        ".tmx": _tmx, ".xlf": _xliff, ".xliff": _xliff, ".mxliff": _xliff, ".sdlxliff": _xliff, ".po": _po,
        ".tsv": _delimited, ".csv": _delimited, ".xlsx": _xlsx, ".jsonl": _jsonl,
    }.get(suffix)  # fmt: skip
    if reader is None:
        raise ReadError(f"'{suffix}' is not a kind of bitext it reads", path=path, hint=f"one of {', '.join(sorted(SUFFIXES))}")
    return reader(str(path), data, source, target)


def _tmx(path: str, data: bytes, source: str, target: str) -> Foreign:
    rows = []
    state, header = 0, ""
    wanted = (primary(source), primary(target))
    for number, element in enumerate(_elements(path, data, {"header", "tu"}), 1):
        if _local(element) == "header":
            header = element.get("srclang", "")
            told = [prop.text or "" for prop in element.iterfind("prop[@type='x-state']")]
            state = int(told[0]) if told and told[0].isdecimal() else 0
            continue
        texts: dict[str, str] = {}
        for variant in element.iterfind("tuv"):
            code = (variant.get(f"{_XML}lang") or variant.get("lang") or "").replace("_", "-")
            segment = variant.find("seg")
            if segment is not None:
                texts.setdefault(primary(code), _line(segment))
        codes = list(texts)
        if not any(wanted):
            first = primary(header) if primary(header) in codes else codes[0] if codes else ""
            wanted = (first, next((code for code in codes if code != first), ""))
        document = element.findtext("prop[@type='x-document']") or ""
        note = element.findtext("note")
        row = Row(element.get("tuid") or "", document, texts.get(wanted[0], ""), texts.get(wanted[1], ""), None, note or "", number)
        if row.source or row.target:
            rows.append(row)
    return Foreign("tmx", source or wanted[0], target or wanted[1], _some(rows, path), state)


def _xliff(path: str, data: bytes, source: str, target: str) -> Foreign:
    rows: list[Row] = []
    codes, state, kind = ["", ""], 0, "xliff12"
    files = 0
    for element in _elements(path, data, {"file", "xliff"}):
        if _local(element) == "xliff":
            if element.get("srcLang"):
                kind, codes = "xliff", [element.get("srcLang", ""), element.get("trgLang", "")]
            continue
        files += 1
        if element.get("source-language"):
            codes = [element.get("source-language", ""), element.get("target-language", "")]
        found = _STATE.search(element.get("category", ""))
        state = int(found[1]) if found else state
        name = element.get("original", "")
        for unit in element.iter("{*}trans-unit", "{*}unit"):
            rows += _xliff_rows(unit, name, len(rows))
        for note in element.iterfind("{*}notes/{*}note[@category='muqabala-state']"):
            state = int(note.text) if (note.text or "").isdecimal() else state
        if any(_local(unit) == "unit" for unit in element.iter("{*}unit")):
            kind = "xliff"
    return Foreign(kind, source or codes[0], target or codes[1], _some(rows, path), state)


def _xliff_rows(unit: Any, document: str, before: int) -> Iterator[Row]:
    name = unit.get("id", "")
    if _local(unit) == "trans-unit":
        target = unit.find("{*}target")
        state = (target.get("state") if target is not None else None) or (
            "final" if unit.get("approved") == "yes" else "translated"
        )
        notes = [n.text or "" for n in unit.iterfind("{*}note") if n.get("from") != "muqabala"]
        first = unit.find("{*}source")
        texts = (_line(first) if first is not None else "", _line(target) if target is not None else "")
        yield Row(name, document, texts[0], texts[1], state, fold_line(" ".join(notes)), before + 1)
        return
    segments = unit.findall("{*}segment")
    sides = [
        " ".join(_line(s.find(f"{{*}}{tag}")) for s in segments if s.find(f"{{*}}{tag}") is not None)
        for tag in ("source", "target")
    ]
    states = {segment.get("state", "initial") for segment in segments}
    notes = [n.text or "" for n in unit.iterfind("{*}notes/{*}note")]
    state = states.pop() if len(states) == 1 else "translated"
    yield Row(name, document, fold_line(sides[0]), fold_line(sides[1]), state, fold_line(" ".join(notes)), before + 1)


def _po(path: str, data: bytes, source: str, target: str) -> Foreign:
    import polib

    text = decode(data, path=path).text
    try:
        file = polib.pofile(text)
    except (OSError, ValueError, IndexError, KeyError, AttributeError, UnicodeError) as error:
        raise ReadError(f"not a PO file: {str(error).lower()}", path=path) from None
    rows = []
    for entry in file:
        if entry.obsolete or entry.msgid_plural:
            continue
        where = entry.occurrences[0][0] if entry.occurrences else ""
        state = "fuzzy" if entry.fuzzy else "translated"
        texts = fold_line(entry.msgid), fold_line(entry.msgstr)
        rows.append(Row(entry.msgctxt or "", where, *texts, state, fold_line(entry.tcomment), entry.linenum or 0))
    told = file.metadata.get("X-Muqabala-State", "")
    codes = file.metadata.get("X-Source-Language", ""), file.metadata.get("Language", "").replace("_", "-")
    return Foreign("po", source or codes[0], target or codes[1], _some(rows, path), int(told) if told.isdecimal() else 0)


def _delimited(path: str, data: bytes, source: str, target: str) -> Foreign:
    text = decode(data, path=path).text
    tabs = path.lower().endswith(".tsv") or "\t" in text.split("\n", 1)[0]
    csv.field_size_limit(_LONGEST_CELL)
    lines = io.StringIO(text, newline="")
    try:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.reader(lines))
    except csv.Error as error:
        raise ReadError(f"not a table: {error}", path=path) from None
    return _table(path, rows, source, target)


def _xlsx(path: str, data: bytes, source: str, target: str) -> Foreign:
    import zipfile

    from openpyxl import load_workbook

    refuse_bombs(data, path=path, kind="XLSX")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        told = _STATE.search(book.properties.keywords or "")
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = []
            for row in sheet.iter_rows():
                formula = next((cell for cell in row if cell.data_type == "f"), None)
                if formula is not None:
                    raise ReadError(f"a formula in {formula.coordinate}", path=path, hint="paste its value instead")
                rows.append(["" if cell.value is None else str(cell.value) for cell in row])
            if rows and len(rows[0]) >= 2:
                return _table(path, rows, source, target, state=int(told[1]) if told else 0)
    except (zipfile.BadZipFile, LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as error:
        raise ReadError(f"not a readable XLSX file: {error}", path=path, hint="save it again in a spreadsheet program") from None
    raise ReadError("no sheet with two columns", path=path)


def _table(path: str, rows: list[list[str]], source: str, target: str, *, state: int = 0) -> Foreign:
    """Columns `source` and `target` (or two language codes), with what else we know; without a header the first two columns."""
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    codes = [primary(source), primary(target)]
    named = next((pair for pair in (("source", "target"), tuple(codes)) if all(pair) and set(pair) <= set(header)), None)
    if named is None and len(header) >= 2 and all(re.fullmatch(r"[a-z]{2,3}(-[a-z]+)?", cell) for cell in header[:2]):
        named, codes = (header[0], header[1]), [checked(header[0]), checked(header[1])]
    if named is None and (len(header) < 2 or {"source", "target", "id"} & set(header)):
        raise ReadError("no columns 'source' and 'target'", path=path, line=1)
    at = {
        name: header.index(name)
        for name in ("id", "document", "status", "note", "provenance", "source_lang", "target_lang")
        if named and name in header
    }
    ends = (header.index(named[0]), header.index(named[1])) if named else (0, 1)
    out = []
    for number, row in enumerate(rows[1:] if named else rows, 2 if named else 1):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(ends):
            raise ReadError(f"{len(row)} cells where there should be {max(ends) + 1} or more", path=path, line=number)
        cells = {name: row[k] if k < len(row) else "" for name, k in at.items()}
        texts = fold_line(row[ends[0]]), fold_line(row[ends[1]])
        status = cells.get("status")
        note = cells.get("note")
        out.append(
            Row(cells.get("id", ""), cells.get("document", ""), *texts, status, note if note is None else fold_line(note), number)
        )
        if not state and "provenance" in cells:
            state = _stated(cells["provenance"])
        codes = [codes[0] or cells.get("source_lang", ""), codes[1] or cells.get("target_lang", "")]
    return Foreign("table", source or codes[0], target or codes[1], _some(out, path), state)


def _stated(provenance: str) -> int:
    try:
        return int(json.loads(provenance).get("state", 0))
    except (ValueError, TypeError, AttributeError):
        return 0


def _jsonl(path: str, data: bytes, source: str, target: str) -> Foreign:
    rows, state = [], 0
    codes = ["", ""]
    for number, line in enumerate(decode(data, path=path).text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            texts = fold_line(record["source"]["text"]), fold_line(record["target"]["text"])
            codes = [codes[0] or str(record["source"]["lang"]), codes[1] or str(record["target"]["lang"])]
            told = str(record.get("status", "machine")), fold_line(str(record.get("note", "")))
            rows.append(Row(str(record.get("id", "")), str(record.get("document", "")), *texts, *told, number))
            state = state or int(record.get("provenance", {}).get("state", 0))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            raise ReadError("not a unit", path=path, line=number) from None
    return Foreign("jsonl", source or codes[0], target or codes[1], _some(rows, path), state)


def _elements(path: str, data: bytes, names: set[str]) -> Iterator[Any]:
    """Elements of these local names as they end (`xliff` and `header` as they begin); what was read is let go."""
    from lxml import etree

    if _ENTITY.search(data):
        raise ReadError("declares entities, which is refused", path=path)
    parser: Any = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    early = {"xliff"}
    try:
        for event, element in parser:
            if not isinstance(element.tag, str) or _local(element) not in names:
                continue
            if (event == "start") == (_local(element) in early):
                yield element
                if event == "end":
                    element.clear()
                    while element.getprevious() is not None and element.getparent() is not None:
                        del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ReadError(f"not well-formed XML: {error.msg}", path=path, line=error.lineno) from None


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _line(element: Any) -> str:
    """The text of an element without the content of inline codes, as a line."""
    parts: list[str] = []

    def walk(node: Any) -> None:
        if node.text and not (node is not element and _local(node) in _CODES):
            parts.append(node.text)
        for child in node:
            if isinstance(child.tag, str):
                walk(child)
            if child.tail:
                parts.append(child.tail)

    walk(element)
    return fold_line("".join(parts))


def _some(rows: Iterable[Row], path: str) -> tuple[Row, ...]:
    found = tuple(rows)
    if not found:
        raise ReadError("no pairs of texts in it", path=path)
    return found
