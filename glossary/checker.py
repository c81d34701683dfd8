"""Check the beads of a bitext: every check by its code, switched by a profile.

Three outcomes: nothing (a match), `info` (probably wrong), `error` or `warning` (a violation). Only errors alarm.

| code | severity | fires when |
| --- | --- | --- |
| `term missing` | error, info | the source has a concept and the target no approved term of it; info for English further forms |
| `term forbidden` | error | the target has a forbidden term of a concept that the source has |
| `term forbidden` | warning | the same where the source does not have the concept, and for deprecated and superseded terms |
| `term translated` | error | a term that is not to be translated is not in the target as it is |
| `term inconsistent` | info | a concept is rendered by another approved term than in most of the statement |
| `acronym unexplained` | info | an acronym stands before its long form ever did |
| `number differs` | error, info | a number is not on the other side; info for one spelled out that faces no other number |
| `date differs` | error | both sides have a date, and they are not the same day, month or year in any calendar |
| `time differs` | error | both sides have a time of the day, and not the same |
| `numbers of one side` | info | signs of notes, numbers of paragraphs, times that only one side has, told but once |
| `name differs` | info | nothing on the Arabic side sounds like a name of the English one |
| `untranslated` | error, warning | the target is the source; warning where it has a run of its words |
| `wrong language` | error, info | most letters are of another script; info where the words look like another language |
| `empty side` | warning | a segment without a translation, or a translation of nothing |
| `length outlier` | info | a side is far longer or shorter than the statement lets expect |
| `punctuation` | warning | Latin marks in Arabic or Arabic ones elsewhere; a question that is none on the other side |
| `brackets` | warning | brackets or quotes are not balanced on one side |
| `mixed digits` | warning | Arabic-Indic and European digits in one text |
| `direction marks` | warning | overrides of direction, or embeddings and isolates that are not closed |
| `doubled word` | warning | the same word twice in a row |
| `negation lost` | info | a plain negation on one side and nothing of the kind on the other |
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from corpora import Finding, ReadError, Severity
from glossary.checks import figures, sides, signs, wording
from glossary.checks import names as spelled
from glossary.checks.acronyms import plain_acronyms
from glossary.checks.apparatus import numbers_of_one_side, with_apparatus
from glossary.checks.pair import Pair, Shown
from glossary.checks.terms import TermChecks

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping, Sequence

    from corpora import Bitext
    from glossary.model import Glossary

CHECKS: dict[str, Callable[[Pair], list[Finding]]] = {
    "number differs": figures.numbers,
    "date differs": figures.dates,
    "time differs": figures.times,
    "name differs": spelled.names,
    "untranslated": sides.untranslated,
    "wrong language": sides.wrong_language,
    "empty side": sides.empty_side,
    "punctuation": signs.punctuation,
    "brackets": signs.brackets,
    "mixed digits": signs.mixed_digits,
    "direction marks": signs.direction_marks,
    "doubled word": wording.doubled_words,
    "negation lost": wording.negation,
}
"""The checks that need no glossary, by code."""
_OF_THE_UNSEEN = signs.direction_marks
"""The only check of what readers do not see."""

CODES = (
    "term missing", "term forbidden", "term translated", "term inconsistent", "acronym unexplained", *CHECKS, "numbers of one side",
    "length outlier",
)  # fmt: skip
_OUTLIER = 4.0  # robust standard deviations
_LEAST_BEADS = 8  # to tell what is usual


@dataclass(frozen=True, slots=True)
class Profile:
    """Which checks run, and how grave their findings are: a severity by code, None to switch it off; unnamed ones as documented."""

    severities: Mapping[str, Severity | None] = field(default_factory=dict)

    def is_on(self, code: str) -> bool:
        """True where the check runs."""
        return self.severities.get(code, Severity.INFO) is not None

    def judged(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings as grave as the profile says; what is only probable stays so."""
        out = []
        for finding in findings:
            severity = self.severities.get(finding.code, finding.severity)
            if severity is not None:
                out.append(finding if finding.severity is Severity.INFO else replace(finding, severity=severity))
        return out


def parse_profile(text: str, *, path: str = "") -> Profile:
    """A profile from TOML: a table `checks` with `"code" = "error" | "warning" | "info" | "off"`. Raises ReadError."""
    try:
        table = tomllib.loads(text).get("checks", {})
    except tomllib.TOMLDecodeError as error:
        raise ReadError(f"not a profile: {error}", path=path or None) from None
    if not isinstance(table, dict) or not table:
        raise ReadError("no table [checks]", path=path or None, hint='such as [checks] and then "punctuation" = "off"')
    for code, severity in table.items():
        if code not in CODES:
            raise ReadError(f"unknown check '{code}'", path=path or None, hint=f"one of {', '.join(CODES)}")
        if severity not in {*Severity, "off"}:
            raise ReadError(f"unknown severity '{severity}' of '{code}'", path=path or None, hint="error, warning, info or off")
    return Profile({code: None if severity == "off" else Severity(severity) for code, severity in table.items()})


class Checker:
    """A glossary and a profile made ready for one pair of languages."""

    def __init__(self, glossary: Glossary, source: str, target: str, *, profile: Profile | None = None) -> None:
        self._languages = source, target
        self._profile = profile or Profile()
        terms = self._terms = TermChecks(glossary, source, target)
        single: dict[str, Callable[[Pair], list[Finding]]] = {
            "term missing": terms.missing,
            "term forbidden": terms.refused,
            "term translated": terms.kept,
            **CHECKS,
        }
        self._single = [function for code, function in single.items() if self._profile.is_on(code)]

    def findings(self, source: str, target: str) -> tuple[Finding, ...]:
        """What one bead shows by itself."""
        pair = Pair(source, target, *self._languages)
        return self._of_one(pair, Shown.of(pair))

    def renderings(self, texts: Sequence[tuple[str, str]]) -> dict[str, Counter[str]]:
        """For each concept of a statement how often each approved term renders it."""
        return self._terms.renderings([Shown.of(Pair(*text, *self._languages)).pair for text in texts])

    def usual(self, concept: str, counts: Mapping[str, int]) -> str:
        """The term that renders a concept most; among equal ones the preferred."""
        return self._terms.usual(concept, counts)

    def statement_findings(
        self, texts: Sequence[tuple[str, str]], *, elsewhere: Mapping[str, str] | None = None
    ) -> list[tuple[Finding, ...]]:
        """What each bead of a statement shows, by itself and beside the others.

        Args:
            texts: both sides of each bead.
            elsewhere: the terms that are usual in other statements of the same project, by concept.
        """
        whole = [Pair(*text, *self._languages) for text in texts]
        shown = with_apparatus([Shown.of(pair) for pair in whole])
        pairs = [one.pair for one in shown]
        out = [list(self._of_one(*both)) for both in zip(whole, shown, strict=True)]
        closed = signs.carried_on(pairs) if self._profile.is_on("brackets") else set()
        out = [
            [one for one in findings if one.code != "brackets" or (k, "source" if one.source else "target") not in closed]
            for k, findings in enumerate(out)
        ]
        across = {
            "term inconsistent": lambda pairs: self._terms.inconsistent(pairs, elsewhere=elsewhere),
            "acronym unexplained": self._unexplained,
            "numbers of one side": numbers_of_one_side,
            "length outlier": length_outliers,
        }
        for code, function in across.items():
            if self._profile.is_on(code):
                for k, findings in function(pairs).items():
                    out[k] += self._profile.judged(shown[k].found(findings))
        return [tuple(findings) for findings in out]

    def _of_one(self, pair: Pair, shown: Shown) -> tuple[Finding, ...]:
        found: list[Finding] = []
        for function in self._single:
            found += function(pair) if function is _OF_THE_UNSEEN else shown.found(function(shown.pair))
        return tuple(self._profile.judged(found))

    def _unexplained(self, pairs: Sequence[Pair]) -> dict[int, list[Finding]]:
        """Acronyms that nobody explained, the glossary's and others."""
        out = {k: list(findings) for k, findings in self._terms.unexplained(pairs).items()}
        for k, findings in plain_acronyms(pairs, self._terms.acronyms).items():
            out.setdefault(k, []).extend(findings)
        return out


def length_outliers(pairs: Sequence[Pair]) -> dict[int, list[Finding]]:
    """Beads whose ratio of lengths is far from the statement's usual one, by the median and its absolute deviation."""
    ratios = {k: math.log((len(p.target) + 8) / (len(p.source) + 8)) for k, p in enumerate(pairs) if p.is_two_sided}
    if len(ratios) < _LEAST_BEADS:
        return {}
    usual = median(ratios.values())
    spread = max(1.4826 * median(abs(ratio - usual) for ratio in ratios.values()), 0.15)
    return {
        k: [Finding("length outlier", Severity.INFO, found=f"{math.exp(ratio - usual):.1f}")]
        for k, ratio in ratios.items()
        if abs(ratio - usual) > _OUTLIER * spread
    }


def check(bitext: Bitext, glossary: Glossary, *, profile: Profile | None = None) -> Bitext:
    """The bitext with the findings of its beads; findings of earlier runs of these checks are replaced.

    Args:
        bitext: what to check.
        glossary: its terms.
        profile: which checks run; all where not given.
    """
    checker = Checker(glossary, bitext.source.language, bitext.target.language, profile=profile)
    texts = [bitext.texts(k) for k in range(len(bitext.beads))]
    beads = [
        replace(bead, findings=(*(f for f in bead.findings if f.code not in CODES), *found))
        for bead, found in zip(bitext.beads, checker.statement_findings(texts), strict=True)
    ]
    return replace(bitext, beads=tuple(beads))
