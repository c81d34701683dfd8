"""How often beads of a given confidence were right: the error of calibration, and a plot as SVG."""

from __future__ import annotations

import numpy as np

from align.aligner import calibrate

SIZE, EDGE, BINS = 320, 44, 10


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Mean distance of confidence and share of right beads over ten bins of equal width, weighted by their size."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    parts = [abs(confidence[bin_of == k].mean() - right[bin_of == k].mean()) * (bin_of == k).mean() for k in set(bin_of.tolist())]
    return float(sum(parts))


def plot(rows: list[tuple[float, float, bool]], calibration: tuple[float, float, float]) -> str:
    """Ten bins of equal width; a point's area follows the number of beads in its bin, bars are two standard errors."""
    posterior, likeness, right = (np.array(column) for column in zip(*rows, strict=True))
    confidence = calibrate(posterior, likeness, calibration)
    bin_of = np.minimum((confidence * BINS).astype(int), BINS - 1)
    marks = []
    for k in range(BINS):
        chosen = bin_of == k
        if chosen.any():
            count, x, y = int(chosen.sum()), float(confidence[chosen].mean()), float(right[chosen].mean())
            error = 2 * (max(y * (1 - y), 1 / count / 4) / count) ** 0.5
            top, low = _y(min(1, y + error)), _y(max(0, y - error))
            label = f"{count} beads: confidence {x:.3f}, right {y:.3f}"
            marks.append(f'<line class="bar" x1="{_x(x)}" x2="{_x(x)}" y1="{top}" y2="{low}"/>')
            marks.append(f'<circle cx="{_x(x)}" cy="{_y(y)}" r="{2.5 + count**0.5 / 10:.1f}"><title>{label}</title></circle>')
    ticks = "".join(
        f'<text x="{_x(v)}" y="{_y(0) + 16}" text-anchor="middle">{v:.1f}</text>'
        f'<text x="{_x(0) - 6}" y="{_y(v) + 4}" text-anchor="end">{v:.1f}</text>'
        for v in (0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    whole = SIZE + EDGE + 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" role="img" '
        'aria-label="Share of right beads by confidence">\n'
        "<style>text{font:11px sans-serif;fill:#555}circle{fill:#2e6b3f;fill-opacity:.8}"
        ".frame{fill:#fff;stroke:#999}.even{stroke:#999;stroke-dasharray:4 3}.bar{stroke:#2e6b3f}</style>\n"
        f'<rect class="frame" x="{_x(0)}" y="{_y(1)}" width="{SIZE}" height="{SIZE}"/>\n'
        f'<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>\n{ticks}\n' + "\n".join(marks) + "\n"
        f'<text x="{_x(0.5)}" y="{_y(0) + 32}" text-anchor="middle">confidence</text>'
        f'<text transform="translate(12 {_y(0.5)}) rotate(-90)" text-anchor="middle">share of right beads</text>\n</svg>\n'
    )


def _x(value: float) -> float:
    return round(EDGE + SIZE * value, 1)


def _y(value: float) -> float:
    return round(8 + SIZE * (1 - value), 1)
