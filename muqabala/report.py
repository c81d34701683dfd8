"""The statistics of a corpus as a page with plots. No script, nothing external."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora.statistics import Statistics

_MOST = 15


def to_page(statistics: Statistics, *, name: str) -> str:
    """The page."""
    lengths = ("1-5", "6-10", "11-20", "21-40", "41-80", "more")
    tenths = [f"{k * 10}-{k * 10 + 10} %" for k in range(len(statistics.confidence))]
    bounds = [0.0, *statistics.ratio_bounds]
    plots = [
        _plot("Beads by type", "beads", statistics.types.most_common(_MOST)),
        _plot("Beads by confidence", "beads", list(zip(tenths, statistics.confidence, strict=True))),
        _plot("Units by words of the source", "units", list(zip(lengths, statistics.lengths, strict=True))),
        _plot("Units by target/source characters", "units", [
            (f"from {bound:.2f}", count) for bound, count in zip(bounds, statistics.ratios, strict=True)
        ]),
        _plot("Findings by check", "findings", statistics.codes.most_common(_MOST)),
        _plot("Findings by concept", "findings", statistics.concepts.most_common(_MOST)),
        _plot("Units by status", "units", statistics.statuses.most_common(_MOST)),
        _plot("Left out, by reason", "units", statistics.flags.most_common(_MOST)),
    ]  # fmt: skip
    reviewed = sum(seen[0] for seen in statistics.reviewed.values())
    rows = [(document, seen[0], seen[1]) for document, seen in statistics.reviewed.items()]
    progress = sorted(rows, key=lambda row: (row[1] / row[2], row[0]))
    facts = {
        "units": statistics.units,
        "documents": statistics.documents,
        "source words": statistics.words[0],
        "target words": statistics.words[1],
        "decided by people": reviewed,
        "errors": statistics.severities.get("error", 0),
    }
    page = _template().render(
        name=name,
        facts=facts,
        plots=[plot for plot in plots if plot["rows"]],
        progress=progress[:200],
        more=max(len(progress) - 200, 0),
    )
    return str(page)


def _plot(title: str, what: str, rows: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """A bar plot: rows of label, count, and length of the bar in per cent."""
    most = max((count for _, count in rows), default=0)
    total = sum(count for _, count in rows)
    kept = [(label, count, 100 * count / most, 100 * count / total) for label, count in rows] if most else []
    return {"title": title, "what": what, "rows": kept, "total": total}


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    source = (files("muqabala") / "data" / "statistics.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(source)
