"""The report of a batch: what came of the pairs, in numbers and by name; the same batch gives the same bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpora.characters import fold_line
from corpora.writing import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from muqabala.batch.ledger import Ledger


def write_report(ledger: Ledger, out: Path) -> dict[str, Any]:
    """Write `report.json`, `README.md` and `failed.tsv`; returns the report."""
    states, counts = ledger.states(), ledger.counts()
    taken = int(ledger.fact("duplicates") or 0)
    kept = counts.get("kept", 0) - taken
    types = {name.removeprefix("type "): count for name, count in counts.items() if name.startswith("type ")}
    left = {name.removeprefix("left out: "): count for name, count in counts.items() if name.startswith("left out: ")}
    if taken:
        left["duplicates"] = taken
    findings = {name.removeprefix("finding: "): count for name, count in counts.items() if name.startswith("finding: ")}
    report = {
        "pairs": sum(states.values()),
        "done": states["done"],
        "failed": states["failed"],
        "waiting": states["waiting"],
        "units": counts.get("units", 0),
        "kept": kept,
        "left out": dict(sorted(left.items(), key=lambda row: (-row[1], row[0]))),
        "words": {"source": counts.get("source words", 0), "target": counts.get("target words", 0)},
        "bead types": dict(sorted(types.items(), key=lambda row: (-row[1], row[0]))),
        "findings": dict(sorted(findings.items(), key=lambda row: (-row[1], row[0]))),
        "manifest": json.loads(ledger.fact("manifest") or '""'),
        "plan": json.loads(ledger.fact("plan") or "{}"),
        "signature": ledger.fact("signature"),
    }
    failed = "id\treason\n" + "".join(f"{fold_line(name)}\t{fold_line(error)}\n" for name, _, error in ledger.failures())
    files = {
        out / "report.json": json.dumps(report, ensure_ascii=False, indent=2) + "\n",
        out / "README.md": _readme(report),
        out / "failed.tsv": failed,
    }
    write_files({path: text.encode() for path, text in files.items()})
    return report


def _readme(report: dict[str, Any]) -> str:
    def rows(title: str, table: dict[str, int]) -> str:
        body = "".join(f"| {name} | {count:,} |\n" for name, count in table.items())
        return f"\n## {title}\n\n| | |\n| --- | --- |\n{body}" if table else ""

    states = {name: report[name] for name in ("pairs", "done", "failed", "waiting")}
    units = {"aligned": report["units"], "kept": report["kept"]}
    return (
        "# A batch\n\n`parts/` holds the units, a partition a file, in the manifest's order; `left-out/` those left out,\n"
        "each with its reasons in `flags`; `failed.tsv` the pairs of which there is nothing, and why; `report.json` all.\n"
        + rows("Pairs", states)
        + rows("Units", units)
        + rows("Left out", report["left out"])
        + rows("Bead types", report["bead types"])
        + rows("Findings", report["findings"])
        + f"\nMade by {report['signature']}\n"
    )
