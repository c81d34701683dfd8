"""A bitext as JSON lines and as TSV, both of which read back to the same bitext.

Each record is a bead:

    id          name of the bead, b0001 ...
    source      lang, segments (indices), text, starts (where each segment begins in the text)
    target      the same
    score, confidence, status, findings
    doubts      why the confidence is low: code, value, segments that it is about
    provenance  for each side: path, sha256, encoding, format, kinds of the segments and their spans in the decoded file, `cut`
                and `begins` where some were split by their translation: which, and how probably each begins at the right word;
                signature: what made the alignment

    document, note    where there are any: the name of the document in its project; what a person said of the bead

The first record also carries in its provenance what the statements say of themselves (`metadata`), and `belief`: the probability
that the two are translations of each other at all. Where a person has written a side anew, `text` is that and the provenance of the
side has the segments' text as `unedited`.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpora.characters import fold_line
from corpora.errors import ReadError
from corpora.model import Bead, Bitext, BitextSide, BlockKind, Doubt, Finding, Metadata, Origin, Segment, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLUMNS = (
    "id", "source_lang", "target_lang", "source_segments", "target_segments", "source", "target", "score", "confidence", "status",
    "findings", "doubts", "source_starts", "target_starts", "provenance", "document", "note",
)  # fmt: skip
_OLDER = COLUMNS[:-2]


def bead_record(bitext: Bitext, index: int) -> dict[str, Any]:
    """One bead as plain data."""
    bead = bitext.beads[index]
    sides = {"source": (bitext.source, bead.source), "target": (bitext.target, bead.target)}
    record: dict[str, Any] = {"id": bitext.bead_id(index)}
    for (name, (side, segments)), text in zip(sides.items(), bitext.texts(index), strict=True):
        record[name] = {"lang": side.language, "segments": list(segments), "text": text, "starts": _starts(side, segments)}
    record |= {"score": bead.score, "confidence": bead.confidence, "status": bead.status}
    record["findings"] = [asdict(finding) for finding in bead.findings]
    record["doubts"] = [asdict(doubt) for doubt in bead.doubts]
    provenance: dict[str, Any] = {name: _provenance(side, segments) for name, (side, segments) in sides.items()}
    for (name, (side, segments)), own in zip(sides.items(), bead.edited, strict=True):
        if own is not None:
            provenance[name]["unedited"] = side.text(segments)
    if index == 0:
        for name, (side, _) in sides.items():
            provenance[name]["metadata"] = asdict(side.metadata)
        if bitext.belief >= 0:
            provenance["belief"] = bitext.belief
    record["provenance"] = provenance | {"signature": bitext.signature}
    if bitext.name:
        record["document"] = bitext.name
    if bead.note:
        record["note"] = bead.note
    return record


def to_jsonl(bitext: Bitext) -> str:
    """One bead a line."""
    return "".join(_dump(bead_record(bitext, k)) + "\n" for k in range(len(bitext.beads)))


def from_jsonl(text: str, *, path: str = "") -> Bitext:
    """Read what `to_jsonl` wrote. Raises ReadError with the line."""
    records = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                records.append((number, json.loads(line)))
            except (ValueError, RecursionError):
                raise ReadError("not JSON", path=path or None, line=number) from None
    return bitext_from(records, path)


def to_tsv(bitext: Bitext) -> str:
    """One bead a line under a header; segment texts hold no tab or line break, so nothing is quoted."""
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    table.writerow(COLUMNS)
    for k in range(len(bitext.beads)):
        table.writerow(tsv_row(bead_record(bitext, k)))
    return out.getvalue()


def tsv_row(record: Mapping[str, Any]) -> list[Any]:
    """A record as the cells under `COLUMNS`."""
    source, target = record["source"], record["target"]
    numbers = [" ".join(map(str, values)) for values in (source["segments"], target["segments"])]
    starts = [" ".join(map(str, values)) for values in (source["starts"], target["starts"])]
    return [
        record["id"], source["lang"], target["lang"], *numbers, source["text"], target["text"],
        record["score"], record["confidence"], record["status"],
        _dump(record["findings"]), _dump(record["doubts"]), *starts, _dump(record["provenance"]),
        fold_line(record.get("document", "")), fold_line(record.get("note", "")),
    ]  # fmt: skip


def from_tsv(text: str, *, path: str = "") -> Bitext:
    """Read what `to_tsv` wrote. Raises ReadError with the line."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    header = tuple(lines[0].split("\t")) if lines else ()
    if header not in {COLUMNS, _OLDER}:
        raise ReadError("not a bitext: the header is another", path=path or None, line=1)
    records = []
    for number, line in enumerate(lines[1:], 2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(header):
            raise ReadError(f"{len(cells)} cells under {len(header)} columns", path=path or None, line=number)
        records.append((number, _record_of(dict(zip(header, cells, strict=True)), path, number)))
    return bitext_from(records, path)


def _record_of(row: dict[str, str], path: str, number: int) -> dict[str, Any]:
    try:
        sides = {
            name: {
                "lang": row[f"{name}_lang"],
                "segments": [int(k) for k in row[f"{name}_segments"].split()],
                "text": row[name],
                "starts": [int(k) for k in row[f"{name}_starts"].split()],
            }
            for name in ("source", "target")
        }
        numbers = {"score": float(row["score"]), "confidence": float(row["confidence"])}
        data = {name: json.loads(row[name]) for name in ("findings", "doubts", "provenance")}
    except (ValueError, RecursionError) as error:
        raise ReadError(f"not a bead: {error}", path=path or None, line=number) from None
    told = {name: row[name] for name in ("document", "note") if row.get(name)}
    return {"id": row["id"], **sides, **numbers, "status": row["status"], **data, **told}


def parse_bitext(text: str, *, path: str = "") -> Bitext:
    """Read a bitext in JSON lines or TSV, whichever it is. Raises ReadError."""
    if not text.strip():
        raise ReadError("the bitext is empty", path=path or None)
    return from_jsonl(text, path=path) if text.lstrip().startswith("{") else from_tsv(text, path=path)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _starts(side: BitextSide, segments: Iterable[int]) -> list[int]:
    starts, at = [], 0
    for k in segments:
        starts.append(at)
        at += len(side.segments[k].text) + 1
    return starts


def _provenance(side: BitextSide, segments: Iterable[int]) -> dict[str, Any]:
    chosen = [side.segments[k] for k in segments]
    return {
        **asdict(side.origin),
        "kinds": [segment.kind.value for segment in chosen],
        "spans": [[segment.start, segment.end] for segment in chosen],
        **({"cut": [segment.cut for segment in chosen]} if any(segment.cut for segment in chosen) else {}),
        **({"begins": [segment.begins for segment in chosen]} if any(segment.begins < 1 for segment in chosen) else {}),
    }


def bitext_from(records: list[tuple[int, dict[str, Any]]], path: str, *, gaps: bool = False) -> Bitext:
    """The bitext of records with their lines; `gaps`: segments that no bead has are empty ones. Raises ReadError."""
    segments: dict[str, dict[int, Segment]] = {"source": {}, "target": {}}
    beads: list[Bead] = []
    first: dict[str, Any] = {}
    for number, record in records:
        try:
            first = first or record
            for name, known in segments.items():
                known.update(_segments(record[name], record["provenance"].get(name, {})))
            findings = tuple(finding_from(row) for row in record.get("findings", ()))
            source, target = (tuple(int(k) for k in record[name]["segments"]) for name in segments)
            doubts = tuple(_doubt(row) for row in record.get("doubts", ()))
            status = str(record.get("status", "machine"))
            score, confidence = float(record.get("score", 0)), _probability(record.get("confidence", 0))
            edited = tuple(_edited(record[name], record["provenance"].get(name, {})) for name in segments)
            own = str(record.get("id", ""))
            name = own if own != f"b{len(beads) + 1:04d}" else ""
            note = str(record.get("note", ""))
            beads.append(Bead(source, target, score, confidence, status, findings, doubts, name, (edited[0], edited[1]), note))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ReadError(f"not a bead: {_problem(error)}", path=path or None, line=number) from None
    for name, known in segments.items():
        for k in range(max(known, default=-1)) if gaps else ():
            known.setdefault(k, Segment("", 0, 0))
        if sorted(known) != list(range(len(known))):
            raise ReadError(f"{name} segments are missing", path=path or None)
    try:
        sides = [_side(first[name], first["provenance"].get(name, {}), segments[name]) for name in segments]
        told = first["provenance"]
        belief, name = float(told.get("belief", -1)), str(first.get("document", ""))
        return Bitext(sides[0], sides[1], tuple(beads), str(told.get("signature", "")), belief, name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReadError(f"not a bead: {_problem(error)}", path=path or None) from None


def _probability(value: Any) -> float:
    """Raises ValueError where it is none."""
    if not 0 <= (number := float(value)) <= 1:
        raise ValueError(f"{number} is no probability")
    return number


def _problem(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _edited(side: dict[str, Any], provenance: dict[str, Any]) -> str | None:
    return str(side["text"]) if "unedited" in provenance else None


def _segments(side: dict[str, Any], provenance: dict[str, Any]) -> dict[int, Segment]:
    numbers, text = [int(k) for k in side["segments"]], str(provenance.get("unedited", side["text"]))
    starts = [int(k) for k in side.get("starts", [0] if len(numbers) == 1 else [])]
    if len(starts) != len(numbers):
        raise ValueError("starts and segments differ in number")
    ends = [start - 1 for start in starts[1:]] + [len(text)]
    spans = provenance.get("spans") or [[0, 0]] * len(numbers)
    kinds = provenance.get("kinds") or ["paragraph"] * len(numbers)
    cuts = provenance.get("cut") or [False] * len(numbers)
    begins = provenance.get("begins") or [1] * len(numbers)
    rows = zip(numbers, starts, ends, spans, kinds, cuts, begins, strict=False)
    return {
        k: Segment(text[a:b], int(span[0]), int(span[1]), BlockKind(kind), bool(cut), _probability(sure))
        for k, a, b, span, kind, cut, sure in rows
    }


def _side(side: dict[str, Any], provenance: dict[str, Any], segments: dict[int, Segment]) -> BitextSide:
    told = dict(provenance.get("metadata", {}))
    told["issuer"] = tuple(told.get("issuer", ()))
    origin = Origin(**{name: str(provenance.get(name, "")) for name in ("path", "sha256", "encoding", "format")})
    return BitextSide(str(side["lang"]), tuple(segments[k] for k in sorted(segments)), Metadata(**told), origin)


def finding_from(row: Mapping[str, Any]) -> Finding:
    """A finding of a record."""
    spans = [tuple((int(a), int(b)) for a, b in row.get(name, ())) for name in ("source", "target")]
    expected = tuple(str(term) for term in row.get("expected", ()))
    severity = Severity(row["severity"])
    return Finding(str(row["code"]), severity, spans[0], spans[1], str(row.get("concept", "")), expected, str(row.get("found", "")))


def _doubt(row: dict[str, Any]) -> Doubt:
    source, target = (tuple(int(k) for k in row.get(name, ())) for name in ("source", "target"))
    return Doubt(str(row["code"]), float(row.get("value", 0)), source, target)
