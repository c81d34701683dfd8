"""The command line. A command parses, calls one function, prints; errors become one line at one place, `main`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpora import MuqabalaError
from glossary.formats import GlossaryFormat  # noqa: TC001  typer reads the annotations
from muqabala.formats import Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from corpora import Bitext, Finding
    from glossary import Glossary

app = typer.Typer(
    name="muqabala", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
glossary_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(glossary_app, name="glossary", help="Find terms, check bitexts.")

FOUND_ERRORS = 3

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of the files; detected where not given.")]
GlossaryFile = Annotated[str | None, typer.Option("--glossary", help="TSV, CSV, XLSX, TBX, PO or JSON; without, the starter one.")]


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
        _print(json.dumps(row, ensure_ascii=False) if json_ else part.text)


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
    _tell_first_time()
    with _progress("segments") as progress:
        bitext = align_files(
            source,
            target,
            source_language=checked(from_) if from_ else None,
            target_language=checked(to) if to else None,
            encoding=encoding,
            lines=lines,
            glossary=_glossary(glossary) if glossary else None,
            translation=mt,
            resegment=resegment,
            encoder=_encoder(encoder),
            progress=progress,
        )
    if not glossary and kind.shows_findings:
        bitext = check_terms(bitext, _glossary(None))
    _warn(bitext, encoding)
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
        _print(json.dumps({name: round(value, 6) for name, value in asdict(scores).items()}))
        return
    _print("        precision  recall  F1")
    _print(f"strict  {scores.strict_precision:9.4f}  {scores.strict_recall:6.4f}  {scores.strict_f1:6.4f}")
    _print(f"lax     {scores.lax_precision:9.4f}  {scores.lax_recall:6.4f}  {scores.lax_f1:6.4f}")


@glossary_app.command("match")
def glossary_match(
    file: Annotated[str, typer.Argument(help="Text, a sentence or paragraph a line; - is standard input.")],
    lang: Annotated[str, typer.Option(help="Its language.")],
    glossary: GlossaryFile = None,
    encoding: Encoding = None,
    json_: Annotated[bool, typer.Option("--json", help="JSON lines, which it always prints.")] = True,  # noqa: ARG001
) -> None:
    """Print the terms of each line as JSON lines; the starter glossary where none is given."""
    from corpora.languages import checked
    from corpora.plaintext import lines_of
    from corpora.reading import read_text
    from glossary import Matcher

    matcher = Matcher(_glossary(glossary), checked(lang))
    text = read_text(file, encoding=encoding)
    for number, (start, end) in enumerate(lines_of(text), 1):
        for match in matcher.find(text[start:end]):
            row = {"line": number, "start": match.start, "end": match.end, "concept": match.concept, "term": match.term}
            _print(json.dumps(row | {"status": match.status.value}, ensure_ascii=False))


@glossary_app.command("check")
def glossary_check(
    bitext: Annotated[str, typer.Argument(help="A bitext in JSON lines or TSV, as align writes it.")],
    glossary: GlossaryFile = None,
    profile: Annotated[str | None, typer.Option(help="TOML: which checks run, and how grave they are.")] = None,
    json_: Json = False,
    html: Annotated[bool, typer.Option("--html", help="Print a page to read.")] = False,
) -> None:
    """Check a bitext against a glossary; exit 3 where there are errors."""
    from corpora.reading import read_text
    from corpora.records import parse_bitext
    from glossary import check
    from glossary.check import parse_profile
    from muqabala.formats import render

    if json_ and html:
        raise typer.BadParameter("give --json or --html, not both")
    chosen = parse_profile(read_text(profile), path=profile) if profile else None
    checked = check(parse_bitext(read_text(bitext), path=bitext), _glossary(glossary), profile=chosen)
    if html:
        _write(render(checked, Format.HTML))
    else:
        for name, finding in _findings(checked):
            _print(_finding_line(name, finding, as_json=json_))
    if any(finding.severity.value == "error" for _, finding in _findings(checked)):
        raise typer.Exit(FOUND_ERRORS)


@glossary_app.command("convert")
def glossary_convert(
    file: Annotated[str, typer.Argument(help="A glossary: TSV, CSV, XLSX, TBX, PO or JSON; - is standard input.")],
    output: Annotated[Path, typer.Argument(help="What to write; its ending tells the format. - is standard output.")],
    format_: Annotated[GlossaryFormat | None, typer.Option("--format", help="tbx2 is TBX of version 2, for today's tools.")] = None,
    from_: Annotated[str, typer.Option("--from", help="The first language of a PO file.")] = "",
    to: Annotated[str, typer.Option("--to", help="Its second language.")] = "",
) -> None:
    """Write a glossary in another format; what that cannot hold is told on standard error."""
    from corpora.writing import write_files
    from glossary import read_glossary
    from glossary.files import losses, parse_glossary, write_glossary
    from glossary.formats import format_for

    kind = format_ or format_for(output)
    glossary = read_glossary(file)
    data = write_glossary(glossary, kind, source=from_, target=to)
    if output == Path("-"):
        _write(data)
    else:
        write_files({output: data}, inputs=[file])
    lost = losses(glossary, parse_glossary(data, kind, path=str(output)))
    if lost:
        typer.echo(f"muqabala: note: {kind.value} does not hold {', '.join(lost)}", err=True)


def _findings(bitext: Bitext) -> Iterator[tuple[str, Finding]]:
    return ((bitext.bead_id(k), finding) for k, bead in enumerate(bitext.beads) for finding in bead.findings)


def _finding_line(name: str, finding: Finding, *, as_json: bool) -> str:
    from dataclasses import asdict

    from corpora.page import explain

    if as_json:
        return json.dumps({"id": name, **asdict(finding)}, ensure_ascii=False)
    expected = f" (approved: {', '.join(finding.expected)})" if finding.expected else ""
    return f"{name}: {finding.severity.value}: {explain(finding)}{expected}"


def _glossary(path: str | None) -> Glossary:
    from glossary import read_glossary, starter_glossary

    return read_glossary(path) if path else starter_glossary()


def _encoder(name: str) -> Any:
    if name == "use":
        return None
    from align.plugin import SentenceTransformer, SpanEncoder

    return SpanEncoder(SentenceTransformer(name))


def _deliver(bitext: Bitext, kind: Format, output: Path | None, inputs: list[str]) -> None:
    from corpora.writing import write_files
    from muqabala.formats import files_for, render

    if output is None:
        _write(render(bitext, kind))
    else:
        write_files(files_for(bitext, kind, output), inputs=inputs)


def _warn(bitext: Bitext, encoding: str | None) -> None:
    for side in (bitext.source, bitext.target):
        _tell_encoding(side.origin.path, side.origin.encoding, encoding)
    if bitext.source.origin.sha256 == bitext.target.origin.sha256:
        typer.echo("muqabala: note: both files are the same", err=True)
    if 0 <= bitext.belief < 0.5:
        doubt = f"belief {bitext.belief:.2f}"
        typer.echo(f"muqabala: warning: the two texts do not look like translations of each other ({doubt})", err=True)


def _tell_encoding(path: str, found: str, given: str | None) -> None:
    if not given and found != "utf-8":
        typer.echo(f"muqabala: note: {path} was read as {found}", err=True)


def _tell_first_time() -> None:
    from align.compiled import is_warm

    if not is_warm():
        typer.echo("muqabala: note: the first alignment on this machine compiles the aligner, once (under a minute)", err=True)


def _print(line: str) -> None:
    _write((line + "\n").encode())


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)


def _progress(what: str) -> AbstractContextManager[Callable[[int, int], None] | None]:
    from muqabala.progress import progress_bar

    return progress_bar(what)


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
