"""The commands of `muqabala corpus`. A command parses, calls one function, prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpora import MuqabalaError
from muqabala.output import print_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpora.units import Unit

corpus_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Corpus = Annotated[Path, typer.Argument(metavar="CORPUS", help="A project, a release, JSON lines, TMX, XLIFF, PO, TSV, CSV, XLSX.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Output = Annotated[Path, typer.Option("-o", "--output", help="JSON lines to write.")]
LeftOut = Annotated[Path | None, typer.Option("--left-out", help="Where what is left out is listed, with its reasons.")]


@corpus_app.command("stats")
def corpus_stats(
    corpus: Corpus,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with plots.")] = None,
    json_: Json = False,
) -> None:
    """Print what a corpus is in numbers, or write a page with plots."""
    from corpora.statistics import statistics_of
    from muqabala.corpus import units_at

    found = statistics_of(units_at(corpus)())
    if html:
        from corpora.writing import write_files
        from muqabala.report import to_page

        write_files({html: to_page(found, name=corpus.name or str(corpus)).encode()})
        return
    told = found.facts()
    told.pop("reviewed")
    if json_:
        print_line(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        rows = list(value.items())[:12] if isinstance(value, dict) else [("", value)]
        line = ", ".join(f"{key}: {count}" if key else str(count) for key, count in rows)
        print_line(f"{name.replace('_', ' ')}\t{line or 'none'}")


@corpus_app.command("filter")
def corpus_filter(
    corpus: Corpus,
    output: Output,
    left_out: LeftOut = None,
    confidence: Annotated[float, typer.Option(help="Machine beads less sure than this are left out.")] = 0.5,
    length_ratio: Annotated[float, typer.Option(help="One side so many times as long as usual.")] = 4.0,
    letters: Annotated[float, typer.Option(help="The least share of letters on a side.")] = 0.5,
    errors: Annotated[bool, typer.Option("--errors/--no-errors", help="Leave out what has findings that alarm.")] = True,
    language: Annotated[bool, typer.Option("--language/--no-language", help="Leave out sides in another language.")] = True,
    copied: Annotated[bool, typer.Option("--copied/--no-copied", help="Leave out targets that are their source.")] = True,
) -> None:
    """Leave out what is no good pair; every unit that is left out is listed with its reasons."""
    from corpora.quality import Limits
    from muqabala.corpus import units_at
    from muqabala.project.release import flagged

    limits = Limits(confidence, length_ratio, letters, errors, language, copied)
    _write_kept(flagged(units_at(corpus), limits, "none"), output, left_out)


@corpus_app.command("dedup")
def corpus_dedup(
    corpus: Corpus,
    output: Output,
    left_out: LeftOut = None,
    how: Annotated[str, typer.Option(help="exact, normalised (marks, hamza, case, digits, punctuation), or near.")] = "normalised",
) -> None:
    """Leave out what repeats an earlier unit; every unit that is left out is listed with the one it repeats."""
    from dataclasses import replace

    from corpora.duplicates import Duplicates
    from muqabala.corpus import units_at

    if how not in {"exact", "normalised", "near"}:
        raise MuqabalaError(f"unknown way '{how}'", hint="exact, normalised or near")
    seen = Duplicates(how)
    units = (replace(unit, flags=(flag,) if (flag := seen.earlier(unit)) else ()) for unit in units_at(corpus)())
    _write_kept(units, output, left_out)


@corpus_app.command("split")
def corpus_split(
    corpus: Corpus,
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder to write.")],
    dev: Annotated[float, typer.Option(min=0, max=0.9, help="Share of units.")] = 0.05,
    test: Annotated[float, typer.Option(min=0, max=0.9, help="Share of units.")] = 0.05,
    seed: Annotated[str, typer.Option(help="Of the draw; the same seed gives the same parts.")] = "muqabala",
    format_: Annotated[str, typer.Option("--format", help="Of each part; one or several, with commas.")] = "jsonl,moses",
    json_: Json = False,
) -> None:
    """Split by document into train, dev and test that share no sentence and no near-duplicate, and prove it."""
    from muqabala.corpus import units_at
    from muqabala.formats import parse_formats
    from muqabala.splitting import split_corpus

    proof = split_corpus(units_at(corpus), output, parse_formats(format_), dev=dev, test=test, seed=seed, name=corpus.stem)
    if json_:
        print_line(json.dumps(asdict(proof), ensure_ascii=False))
        return
    for part, count in proof.units.items():
        print_line(f"{part}\t{count} units\t{proof.documents[part]} documents")
    print_line(f"shared\t{proof.shared_documents} documents, {proof.shared_sides} sentences, {proof.near} near-duplicates")
    for reason, count in proof.taken_out.items():
        print_line(f"left out\t{count} units: {reason}")


@corpus_app.command("subwords")
def corpus_subwords(
    corpus: Corpus,
    output: Annotated[Path, typer.Option("-o", "--output", help="Beginning of the names: OUT.model and OUT.vocab.")],
    size: Annotated[int, typer.Option(min=1, help="Of the vocabulary.")] = 8000,
    kind: Annotated[str, typer.Option(help="unigram or bpe.")] = "unigram",
    lang: Annotated[str, typer.Option(help="Only this side; both in one vocabulary where not given.")] = "",
    json_: Json = False,
) -> None:
    """Train a sentencepiece vocabulary on the train part, and print tokens and fertility of each language."""
    from muqabala.corpus import units_at
    from muqabala.vocabulary import train_on

    rows = train_on(units_at(corpus), output, size=size, kind=kind, language=lang)
    for row in rows:
        if json_:
            print_line(json.dumps(asdict(row) | {"fertility": round(row.fertility, 4)}, ensure_ascii=False))
        else:
            print_line(f"{row.language}\t{row.lines} lines\t{row.tokens} tokens\t{row.fertility:.3f} a word\t{row.bytes} bytes")


@corpus_app.command("names")
def corpus_names(
    corpus: Corpus,
    output: Annotated[Path, typer.Option("-o", "--output", help="The table to write, for a person to go through.")],
) -> None:
    """List the names that both sides have, by how they sound: a table to take places out of and give to release --pseudonyms."""
    from corpora.writing import write_files
    from muqabala.corpus import units_at
    from muqabala.persons import names_of, to_table

    names = names_of(units_at(corpus))
    write_files({output: to_table(names).encode()})
    print_line(f"{len(names.found)} names in {output}: go through them, then muqabala release DIR --pseudonyms {output}")


@corpus_app.command("score")
def corpus_score(
    corpus: Corpus,
    systems: Annotated[
        list[Path], typer.Argument(help="Translations, a line for every unit of the test part; the first is the baseline.")
    ],
    part: Annotated[str, typer.Option(help="The part to score on.")] = "test",
    glossary: Annotated[str | None, typer.Option("--glossary", help="Whose terms are counted; without, the starter one.")] = None,
    samples: Annotated[int, typer.Option(min=0, help="Of the bootstrap; 0 for none.")] = 1000,
    json_: Json = False,
) -> None:
    """Score machine translation against the reviewed part: chrF++, BLEU, TER with signatures, by document, worst units, terms."""
    from corpora.plaintext import lines_in
    from corpora.reading import read_text
    from corpora.scores import score_systems
    from muqabala.corpus import glossary_accuracy, part_of, units_at
    from muqabala.glossary_commands import chosen_glossary

    units = part_of(units_at(corpus), part)
    lines = {str(path): lines_in(read_text(path)) for path in systems}
    terms = chosen_glossary(glossary)
    for found in score_systems(units, lines, samples=samples):
        right, total = glossary_accuracy(units, lines[found.name], terms)
        if json_:
            row = asdict(found) | {"terms": {"right": right, "total": total, "glossary": f"{terms.name}:{terms.digest}"}}
            print_line(json.dumps(row, ensure_ascii=False))
            continue
        print_line(f"{found.name}\t{len(units)} units")
        for score in found.scores:
            p = f"\tp {score.p:.4f}" if score.p >= 0 else ""
            print_line(f"  {score.metric}\t{score.value:.2f}\t[{score.low:.2f}, {score.high:.2f}]{p}\t{score.signature}")
        print_line(f"  terms\t{right} of {total} as the glossary wants" if total else "  terms\tnone in it")
        for name, value in found.documents.items():
            print_line(f"  {value:.2f}\t{name}")
        for name, value, line in found.worst:
            print_line(f"  worst {value:.2f}\t{name}\t{line}")


def _write_kept(units: Iterable[Unit], output: Path, left_out: Path | None) -> None:
    """Write what has no flag, list what has, and print the counts."""
    from muqabala.splitting import write_kept

    if output == Path("-"):
        raise MuqabalaError("the corpus is a file", hint="give -o OUT.jsonl")
    kept, reasons = write_kept(units, output, left_out)
    print_line(f"kept\t{kept} units")
    for reason, count in sorted(reasons.items(), key=lambda row: (-row[1], row[0])):
        print_line(f"left out\t{count} units: {reason}")
