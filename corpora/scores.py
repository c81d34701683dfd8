"""Machine translation scored against a reviewed test part, by sacrebleu: chrF++ first, every score with its signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.errors import MuqabalaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpora.units import Unit

_WORST = 10


@dataclass(frozen=True, slots=True)
class Score:
    """One score of one system.

    Attributes:
        metric: `chrF++`, `BLEU` or `TER`.
        value: as sacrebleu prints it; TER is better lower.
        signature: what it was computed with.
        low, high: the 95 % interval by bootstrap, where it was computed; equal to the value elsewhere.
        p: probability of so large a difference to the baseline by chance, where there is one; -1 elsewhere.
    """

    metric: str
    value: float
    signature: str
    low: float
    high: float
    p: float = -1.0


@dataclass(frozen=True, slots=True)
class SystemScores:
    """What is said of one system.

    Attributes:
        name: of the system; the first one is the baseline.
        scores: of the whole part.
        documents: chrF++ of each document.
        worst: the ids of the units with the lowest chrF++, with it and the system's text.
    """

    name: str
    scores: tuple[Score, ...]
    documents: Mapping[str, float]
    worst: tuple[tuple[str, float, str], ...]


def score_systems(units: Sequence[Unit], systems: Mapping[str, Sequence[str]], *, samples: int = 1000) -> list[SystemScores]:
    """Score systems against the units' targets.

    Args:
        units: of the test part.
        systems: for each system its translations of the units, in order.
        samples: of the bootstrap; 0 for none.

    Raises:
        MuqabalaError: no units, or a system has another number of lines.
    """
    if not units:
        raise MuqabalaError("there are no units to score against", hint="muqabala corpus split makes a test part")
    for name, lines in systems.items():
        if len(lines) != len(units):
            raise MuqabalaError(
                f"{len(lines)} lines for {len(units)} units", path=name, hint="a line for every unit of the test part"
            )
    references = [[unit.target.text for unit in units]]
    metrics = _metrics(units[0].target.language, references)
    whole = _tested(systems, metrics, samples) if samples else _plain(systems, metrics)
    return [SystemScores(name, whole[name], _by_document(units, lines), _worst(units, lines)) for name, lines in systems.items()]


def _metrics(language: str, references: Sequence[Sequence[str]]) -> dict[str, Any]:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    tokenizer = {"zh": "zh", "ja": "char", "ko": "char", "th": "char"}.get(language[:2], "13a")
    return {
        "chrF++": CHRF(word_order=2, references=references),
        "BLEU": BLEU(tokenize=tokenizer, references=references),
        "TER": TER(references=references),
    }


def _plain(systems: Mapping[str, Sequence[str]], metrics: Mapping[str, Any]) -> dict[str, tuple[Score, ...]]:
    out = {}
    for name, lines in systems.items():
        rows = [(metric, judge, judge.corpus_score(list(lines), None)) for metric, judge in metrics.items()]
        out[name] = tuple(
            Score(metric, round(found.score, 2), str(judge.get_signature()), round(found.score, 2), round(found.score, 2))
            for metric, judge, found in rows
        )
    return out


def _tested(systems: Mapping[str, Sequence[str]], metrics: Mapping[str, Any], samples: int) -> dict[str, tuple[Score, ...]]:
    """The scores with intervals; with several systems also the paired bootstrap against the first (Koehn 2004)."""
    import os

    os.environ.setdefault("SACREBLEU_SEED", "12345")
    if len(systems) > 1:
        from sacrebleu.significance import PairedTest

        named: Any = [(name, list(lines)) for name, lines in systems.items()]
        told: Any = PairedTest(named, dict(metrics), None, "bs", samples)()
        signatures, scores = told
        out: dict[str, list[Score]] = {name: [] for name in systems}
        for metric, own in zip(metrics, [key for key in scores if key != "System"], strict=True):
            for name, found in zip(scores["System"], scores[own], strict=True):
                low, high = found.mean - found.ci, found.mean + found.ci
                p = -1.0 if found.p_value is None else round(float(found.p_value), 4)
                row = Score(metric, round(found.score, 2), str(signatures[own]), round(float(low), 2), round(float(high), 2), p)
                out[str(name).removeprefix("Baseline: ")].append(row)
        return {name: tuple(rows) for name, rows in out.items()}
    out_single = {}
    for name, lines in systems.items():
        rows = []
        for metric, judge in metrics.items():
            found = judge.corpus_score(list(lines), None, n_bootstrap=samples)
            mean, ci = found._mean, found._ci  # noqa: SLF001  sacrebleu prints them and gives no other name
            rows.append(
                Score(
                    metric,
                    round(found.score, 2),
                    str(judge.get_signature()),
                    round(float(mean - ci), 2),
                    round(float(mean + ci), 2),
                )
            )
        out_single[name] = tuple(rows)
    return out_single


def _by_document(units: Sequence[Unit], lines: Sequence[str]) -> dict[str, float]:
    from sacrebleu.metrics.chrf import CHRF

    judge = CHRF(word_order=2)
    groups: dict[str, list[int]] = {}
    for k, unit in enumerate(units):
        groups.setdefault(unit.document, []).append(k)
    return {
        name: round(judge.corpus_score([lines[k] for k in group], [[units[k].target.text for k in group]]).score, 2)
        for name, group in groups.items()
    }


def _worst(units: Sequence[Unit], lines: Sequence[str]) -> tuple[tuple[str, float, str], ...]:
    from sacrebleu.metrics.chrf import CHRF

    judge = CHRF(word_order=2)
    rows = [
        (round(judge.sentence_score(line, [unit.target.text]).score, 2), unit.id, line)
        for unit, line in zip(units, lines, strict=True)
    ]
    return tuple((name, value, line) for value, name, line in sorted(rows)[:_WORST])
