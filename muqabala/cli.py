"""The command line. A command parses, calls one function, prints; errors become one line at one place, `main`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpora import MuqabalaError
from muqabala.batch_commands import batch
from muqabala.corpus_commands import corpus_app
from muqabala.formats import Format
from muqabala.glossary_commands import chosen_glossary, glossary_app
from muqabala.output import print_line, write_bytes
from muqabala.project_commands import register

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from corpora import Bitext

_MANY = 0.1  # share of beads with a long segment from which on one hears of it

app = typer.Typer(
    name="muqabala", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
app.add_typer(corpus_app, name="corpus", help="Count, filter, split, score corpora; train vocabularies on them.")
app.add_typer(glossary_app, name="glossary", help="Find terms, check bitexts, keep glossaries.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of the files; detected where not given.")]


@app.callback(invoke_without_command=True)
def about(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Align, check and export statements and their translations."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"muqabala {installed('muqabala')}")
        raise typer.Exit


@app.command()
def demo(folder: Annotated[Path, typer.Argument(help="Where the results go.")] = Path("muqabala-demo")) -> None:
    """Run the whole line on the bundled statements, then say what to open."""
    from muqabala.demo import run_demo

    with _progress("statements") as progress:
        page = run_demo(folder, progress=progress)
    typer.echo(f"Open {page.resolve()}")


@app.command()
def segment(
    file: Annotated[str, typer.Argument(help="Text, Markdown or HTML; - is standard input.")],
    lang: Annotated[str | None, typer.Option(help="Its language; detected where not given.")] = None,
    encoding: Encoding = None,
    json_: Json = False,
) -> None:
    """Print one segment a line."""
    from corpora.languages import checked
    from corpora.reading import read_bytes, read_statement
    from corpora.segmentation import segment as segments_of

    if file != "-" and not read_bytes(file).strip():
        return
    statement = read_statement(file, language=checked(lang) if lang else None, encoding=encoding)
    _tell_encoding(statement.origin.path, statement.origin.encoding, encoding)
    for part in segments_of(statement):
        row = {"text": part.text, "start": part.start, "end": part.end, "kind": part.kind.value}
        print_line(json.dumps(row, ensure_ascii=False) if json_ else part.text)


@app.command()
def align(
    source: Annotated[str, typer.Argument(help="The original; - is standard input.")],
    target: Annotated[str, typer.Argument(help="The translation.")],
    from_: Annotated[str | None, typer.Option("--from", help="Language of the source; detected where not given.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Language of the target; detected where not given.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="The files hold one segment a line already.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; standard output where not given.")] = None,
    format_: Annotated[Format | None, typer.Option("--format", help="Told by OUT's ending where not given, else ids.")] = None,
    glossary: Annotated[
        str | None,
        typer.Option("--glossary", help="Its terms help to align and are checked; without, the starter glossary checks."),
    ] = None,
    mt: Annotated[str | None, typer.Option("--mt", help="A machine translation of the source, a line each segment.")] = None,
    resegment: Annotated[bool, typer.Option("--resegment", help="Split segments where the other side says so.")] = False,
    encoder: Annotated[str, typer.Option(help="use, or the name or folder of a sentence-transformers model.")] = "use",
    encoding: Encoding = None,
    json_: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
) -> None:
    """Align two files sentence by sentence and check the terms."""
    from align.tokenizer import begin_loading
    from corpora.languages import checked
    from muqabala.formats import format_for
    from muqabala.pipeline import align_files, check_terms

    output = None if output == Path("-") else output
    kind = format_ or (Format.JSONL if json_ else format_for(output))
    if [source, target, glossary, mt].count("-") > 1:
        raise typer.BadParameter("only one file can be standard input")
    if kind is Format.MOSES and output is None:
        raise typer.BadParameter("moses is a pair of files: give -o OUT to get OUT.ar and OUT.en")
    inputs = [name for name in (source, target, glossary, mt) if name]
    if output:
        from corpora.writing import check_writable, refuse_input

        check_writable(output)
        refuse_input(output, inputs)
    begin_loading()
    _tell_first_time()
    with _progress("segments") as progress:
        bitext = align_files(
            source,
            target,
            source_language=checked(from_) if from_ else None,
            target_language=checked(to) if to else None,
            encoding=encoding,
            lines=lines,
            glossary=chosen_glossary(glossary) if glossary else None,
            translation=mt,
            resegment=resegment,
            encoder=_encoder(encoder),
            progress=progress,
        )
    if not glossary and kind.shows_findings:
        bitext = check_terms(bitext, chosen_glossary(None))
    _warn(bitext, encoding)
    if not (resegment or lines or mt):
        _tell_of_long_segments(bitext)
    _deliver(bitext, kind, output, inputs)


@app.command()
def evaluate(
    gold: Annotated[str, typer.Argument(help="The right alignment, `[0, 1]:[2]` a line.")],
    test: Annotated[str, typer.Argument(help="The alignment to judge.")],
    json_: Json = False,
) -> None:
    """Print strict and lax precision, recall and F1."""
    from dataclasses import asdict

    from align import evaluate as scores_of
    from corpora.ids import parse_ids
    from corpora.reading import read_text

    scores = scores_of(*(parse_ids(read_text(path), path=path) for path in (gold, test)))
    if json_:
        print_line(json.dumps({name: round(value, 6) for name, value in asdict(scores).items()}))
        return
    print_line("        precision  recall  F1")
    print_line(f"strict  {scores.strict_precision:9.4f}  {scores.strict_recall:6.4f}  {scores.strict_f1:6.4f}")
    print_line(f"lax     {scores.lax_precision:9.4f}  {scores.lax_recall:6.4f}  {scores.lax_f1:6.4f}")


def _encoder(name: str) -> Any:
    if name == "use":
        return None
    from align.plugin import SentenceTransformer, SpanEncoder

    return SpanEncoder(SentenceTransformer(name))


def _deliver(bitext: Bitext, kind: Format, output: Path | None, inputs: list[str]) -> None:
    from corpora.writing import write_files
    from muqabala.formats import files_for, render

    if output is None:
        write_bytes(render(bitext, kind))
    else:
        files = files_for(bitext, kind, output)
        if not kind.is_one_file and kind is not Format.MOSES:
            for path in files:
                path.parent.mkdir(parents=True, exist_ok=True)
        write_files(files, inputs=inputs)


def _warn(bitext: Bitext, encoding: str | None) -> None:
    for side in (bitext.source, bitext.target):
        _tell_encoding(side.origin.path, side.origin.encoding, encoding)
    if bitext.source.origin.sha256 == bitext.target.origin.sha256 and bitext.source.language == bitext.target.language:
        typer.echo("muqabala: note: both files are the same", err=True)
    if 0 <= bitext.belief < 0.5:
        doubt = f"belief {bitext.belief:.2f}"
        typer.echo(f"muqabala: warning: the two texts do not look like translations of each other ({doubt})", err=True)


def _tell_of_long_segments(bitext: Bitext) -> None:
    """A text that hardly has full stops comes out in beads that are too large to review."""
    from align.resegmentation import count_long

    count = count_long(bitext.beads, [part.text for part in bitext.source.segments], [part.text for part in bitext.target.segments])
    if count > _MANY * len(bitext.beads):
        typer.echo(
            f"muqabala: note: segments that are long or have several partners: {count}; --resegment may split them", err=True
        )


def _tell_encoding(path: str, found: str, given: str | None) -> None:
    if not given and found not in {"", "utf-8"}:
        typer.echo(f"muqabala: note: {path} was read as {found}", err=True)


def _tell_first_time() -> None:
    from align.compiled import is_warm

    if not is_warm():
        typer.echo("muqabala: note: the first alignment on this machine compiles the aligner, once (half a minute)", err=True)


def _progress(what: str) -> AbstractContextManager[Callable[[int, int], None] | None]:
    from muqabala.progress import progress_bar

    return progress_bar(what)


register(app)
app.command()(batch)


def main() -> None:
    """Entry point: the one place where errors become a line on stderr and exit codes."""
    try:
        app()
    except MuqabalaError as error:
        sys.stdout.flush()
        typer.echo(f"muqabala: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
