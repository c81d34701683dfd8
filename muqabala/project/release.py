"""A release: a folder with the corpus in all formats, split by document, its card, what was left out and why, and checksums.

The same project gives the same bytes: nothing in the folder tells the time of its making.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError
from corpora.characters import fold_line
from corpora.duplicates import Duplicates
from corpora.quality import flags_of, measure, usual_ratio
from corpora.splits import PARTS, Proof, prove, split
from corpora.statistics import Statistics, flag_kind
from corpora.units import read_units
from muqabala.formats import Format, writer_of
from muqabala.project import shelf
from muqabala.project.exporting import close_all, info_of, project_units, staged
from muqabala.project.people import Review, review_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from corpora.exports.writer import CorpusInfo
    from corpora.quality import Limits
    from corpora.units import Unit
    from muqabala.project.project import Project
    from muqabala.pseudonyms import Pseudonyms

STANDARD = (Format.JSONL, Format.TMX, Format.MOSES, Format.TSV, Format.XCES)


@dataclass(frozen=True, slots=True)
class Released:
    """What a release holds.

    Attributes:
        units: of the project.
        kept: of each part.
        left_out: units by reason.
        proof: that the parts share nothing.
        files: how many files.
    """

    units: int
    kept: dict[str, int]
    left_out: dict[str, int]
    proof: Proof
    files: int


def flagged(units: Callable[[], Iterable[Unit]], limits: Limits, duplicates: str) -> Iterator[Unit]:
    """The units with the reasons for which a corpus leaves them out. Of duplicates the first one that is kept stays."""
    usual = usual_ratio(units())
    seen = Duplicates(duplicates)
    for unit in units():
        flags = flags_of(measure(unit, usual), limits)
        if not flags:
            repeated = seen.earlier(unit)
            flags = (repeated,) if repeated else ()
        yield replace(unit, flags=flags)


def release(
    project: Project,
    folder: Path,
    *,
    name: str = "",
    formats: Sequence[Format] = STANDARD,
    pseudonyms: Pseudonyms | None = None,
) -> Released:
    """Write a release.

    Args:
        project: the project.
        folder: to write; a release that is there already is replaced.
        name: of the corpus; the project's folder where not given.
        formats: of each part; JSON lines are always among them.
        pseudonyms: replaces names, where they are to be replaced.

    Raises:
        WriteError: the folder cannot be written.
        MuqabalaError: nothing is left to release.
    """
    corpus = _Corpus(project, pseudonyms)
    info = info_of(project, name=name)
    with staged(folder) as place:
        statistics = _write_parts(place, corpus, info, [Format.JSONL, *(kind for kind in formats if kind is not Format.JSONL)])
        if not statistics.units:
            raise MuqabalaError("no unit is left to release", hint=f"left out: {_counted(corpus.left_out)}")
        everything = _write_left_out(place / "left-out.tsv", corpus)
        proof = prove(lambda: _read_back(place, info.name))
        leaks = {name: count for name, count in sorted(corpus.left_out.items()) if name.startswith(("in ", "near in "))}
        facts = _facts(corpus, info, statistics, everything, replace(proof, taken_out=leaks))
        _write(place / "card.json", json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
        _write(place / "README.md", _card(facts))
        files = sorted(path for path in place.rglob("*") if path.is_file())
        _write(place / "SHA256SUMS", "".join(f"{_digest(path)}  {path.relative_to(place).as_posix()}\n" for path in files))
    kept = {part: statistics.splits[part] for part in PARTS}
    return Released(everything.units, kept, dict(sorted(corpus.left_out.items())), proof, len(files) + 1)


class _Corpus:
    """The units of a project on their way into a release.

    Attributes:
        reasons: why units are left out, by their ids.
    """

    def __init__(self, project: Project, pseudonyms: Pseudonyms | None) -> None:
        self.project, self.pseudonyms = project, pseudonyms
        settings = project.settings.filters
        self.reasons = {unit.id: unit.flags for unit in flagged(self.all, settings, settings.duplicates) if unit.flags}

    @property
    def left_out(self) -> Counter[str]:
        """Units by reason, without the reasons' values."""
        return Counter(kind for flags in self.reasons.values() for kind in dict.fromkeys(map(flag_kind, flags)))

    def all(self) -> Iterator[Unit]:
        """All units, with pseudonyms where names are to be replaced."""
        for unit in project_units(self.project):
            yield self.pseudonyms.apply(unit) if self.pseudonyms else unit

    def kept(self) -> Iterator[Unit]:
        """Those that are not left out."""
        return (unit for unit in self.all() if unit.id not in self.reasons)


def _write_parts(place: Path, corpus: _Corpus, info: CorpusInfo, formats: Sequence[Format]) -> Statistics:
    """Write the parts; what leaks is added to the reasons."""
    shares = corpus.project.settings.splits
    statistics = Statistics()
    writers = _writers(place, info, formats)
    leaks: dict[str, tuple[str, ...]] = {}
    try:
        for unit in split(corpus.kept, dev=shares.dev, test=shares.test):
            if unit.flags:
                leaks[unit.id] = unit.flags
                continue
            statistics.add(unit)
            for writer in writers[unit.split]:
                writer.add(unit)
    finally:
        close_all({id(writer): writer for part in writers.values() for writer in part}.values())
    corpus.reasons |= leaks
    return statistics


def _write_left_out(path: Path, corpus: _Corpus) -> Statistics:
    """List what was left out, with its reasons; returns the statistics of all units."""
    everything = Statistics()
    with path.open("w", encoding="utf-8", newline="\n") as lost:
        lost.write("id\tdocument\treasons\tsource\ttarget\n")
        for plain in project_units(corpus.project):
            unit = plain
            if corpus.pseudonyms:
                corpus.pseudonyms.count(plain)
                unit = corpus.pseudonyms.apply(plain)
            everything.add(unit)
            if flags := corpus.reasons.get(unit.id):
                row = (unit.id, unit.document, "; ".join(flags), unit.source.text, unit.target.text)
                lost.write("\t".join(fold_line(cell) for cell in row) + "\n")
    return everything


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _writers(place: Path, info: CorpusInfo, formats: Sequence[Format]) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    whole = [kind for kind in formats if kind is Format.PARQUET]
    shared = [writer_of(kind)(place, info) for kind in whole]
    for part in PARTS:
        (place / part).mkdir()
        out[part] = [*(writer_of(kind)(place / part, info) for kind in formats if kind not in whole), *shared]
    return out


def _read_back(place: Path, name: str) -> Iterator[Unit]:
    """The units as they were written: the proof is about the files, not about what we meant."""
    for part in PARTS:
        for unit in read_units(place / part / f"{name}.jsonl"):
            yield replace(unit, split=part)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facts(corpus: _Corpus, info: CorpusInfo, statistics: Statistics, everything: Statistics, proof: Proof) -> dict[str, Any]:
    """All that the card says, as data."""
    project, pseudonyms = corpus.project, corpus.pseudonyms
    settings = project.settings
    sources = []
    for pair in sorted(
        shelf.pairs(project.store, where="p.active = 1 AND p.source_segmentation IS NOT NULL"), key=lambda p: p.source.name
    ):
        row: dict[str, Any] = {}
        for side, document in (("source", pair.source), ("target", pair.target)):
            told = json.loads(project.store.value("SELECT metadata FROM statement WHERE id = ?", document.statement))
            row[side] = {
                "document": document.name,
                "sha256": document.sha256,
                "licence": document.licence or settings.licence,
                **{key: told[key] for key in ("title", "date", "address") if told[key] and not pseudonyms},
            }
        reviewed, beads = everything.reviewed.get(pair.source.name, [0, 0])
        sources.append(row | {"beads": beads, "decided": reviewed})
    dates = sorted(row[side]["date"] for row in sources for side in ("source", "target") if row[side].get("date"))
    licences = Counter(row[side]["licence"] or "none stated" for row in sources for side in ("source", "target"))
    review: Review = review_of(project)
    return {
        "name": info.name,
        "languages": {"source": info.source, "target": info.target},
        "units": {part: statistics.splits[part] for part in PARTS} | {"all": statistics.units, "in the project": everything.units},
        "documents": proof.documents,
        "words": {"source": statistics.words[0], "target": statistics.words[1]},
        "characters": {"source": statistics.characters[0], "target": statistics.characters[1]},
        "bead types": dict(statistics.types.most_common()),
        "statuses": dict(statistics.statuses.most_common()),
        "dates": {"first": dates[0], "last": dates[-1]} if dates else {},
        "licences": dict(licences.most_common()),
        "review": asdict(review),
        "glossary": {"name": project.glossary.name, "digest": project.glossary.digest, "concepts": len(project.glossary.concepts)},
        "findings that remain": dict(statistics.codes.most_common()),
        "filters": asdict(settings.filters),
        "left out": dict(sorted(corpus.left_out.items())),
        "splits": asdict(settings.splits),
        "proof": asdict(proof),
        "pseudonyms": _named(pseudonyms),
        "signature": info.signature,
        "state": info.state,
        "sources": sources,
    }


def _named(pseudonyms: Pseudonyms | None) -> dict[str, Any]:
    if pseudonyms is None:
        return {}
    return {"people": len(pseudonyms), "replaced": dict(pseudonyms.replaced), "on one side only": list(pseudonyms.one_sided)}


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


def _card(facts: dict[str, Any]) -> str:
    """The card as Markdown."""
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    source = (files("muqabala") / "data" / "card.md.j2").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)  # noqa: S701  Markdown
    environment.filters["cell"] = lambda text: fold_line(str(text)).replace("|", "\\|")
    return environment.from_string(source).render(facts=facts)
