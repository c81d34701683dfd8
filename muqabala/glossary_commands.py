"""The commands of `muqabala glossary`. A command parses, calls one function, prints."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glossary.formats import GlossaryFormat  # noqa: TC001  typer reads the annotations
from muqabala.formats import Format
from muqabala.output import print_line, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpora import Bitext, Finding
    from glossary import Glossary

glossary_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

FOUND_ERRORS = 3

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of the files; detected where not given.")]
GlossaryFile = Annotated[str | None, typer.Option("--glossary", help="TSV, CSV, XLSX, TBX, PO, JSON; without it the starter one.")]
BitextFiles = Annotated[list[str], typer.Argument(help="Bitexts in JSON lines or TSV, as align writes them, and projects.")]
By = Annotated[str, typer.Option("--by", help="Who says so.")]


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

    matcher = Matcher(chosen_glossary(glossary), checked(lang))
    text = read_text(file, encoding=encoding)
    for number, (start, end) in enumerate(lines_of(text), 1):
        for match in matcher.find(text[start:end]):
            row = {"line": number, "start": match.start, "end": match.end, "concept": match.concept, "term": match.term}
            print_line(json.dumps(row | {"status": match.status.value}, ensure_ascii=False))


@glossary_app.command("check")
def glossary_check(
    bitext: Annotated[str, typer.Argument(help="A bitext in JSON lines or TSV, as align writes it.")],
    glossary: GlossaryFile = None,
    profile: Annotated[str | None, typer.Option(help="TOML: which checks run, and how grave they are.")] = None,
    waivers: Annotated[str | None, typer.Option(help="Findings that are right as they are, as waive writes them.")] = None,
    json_: Json = False,
    html: Annotated[bool, typer.Option("--html", help="Print a page to read.")] = False,
) -> None:
    """Check a bitext against a glossary; exit 3 where there are errors."""
    from corpora.reading import read_text
    from glossary import check
    from glossary.checker import parse_profile
    from glossary.waivers import parse_waivers, without_waived
    from muqabala.formats import render

    if json_ and html:
        raise typer.BadParameter("give --json or --html, not both")
    chosen = parse_profile(read_text(profile), path=profile) if profile else None
    checked = check(_bitext(bitext), chosen_glossary(glossary), profile=chosen)
    if waivers:
        checked = without_waived(checked, parse_waivers(read_text(waivers), path=waivers))
    if html:
        write_bytes(render(checked, Format.HTML))
    else:
        for name, finding in _findings(checked):
            print_line(_finding_line(name, finding, as_json=json_))
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
        write_bytes(data)
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
    label = "approved" if finding.concept else "expected"
    expected = f" ({label}: {', '.join(finding.expected)})" if finding.expected else ""
    return f"{name}: {finding.severity.value}: {explain(finding)}{expected}"


@glossary_app.command("lint")
def glossary_lint(
    file: Annotated[str | None, typer.Argument(help="A glossary; the starter one where not given.")] = None,
    json_: Json = False,
) -> None:
    """Say what is wrong or doubtful in a glossary; exit 3 where there are errors."""
    import datetime

    from glossary.lint import lint

    remarks = lint(chosen_glossary(file), today=datetime.datetime.now(tz=datetime.UTC).date().isoformat())
    for remark in remarks:
        about = f" '{remark.term}'" if remark.term else ""
        where = f" ({remark.language})" if remark.language else ""
        other = f", see {remark.other}" if remark.other else ""
        line = f"{remark.concept}: {remark.severity.value}: {remark.code}{about}{where}{other}"
        print_line(json.dumps(asdict(remark), ensure_ascii=False) if json_ else line)
    if any(remark.severity.value == "error" for remark in remarks):
        raise typer.Exit(FOUND_ERRORS)


@glossary_app.command("diff")
def glossary_diff(
    old: Annotated[str, typer.Argument(help="The version before.")],
    new: Annotated[str, typer.Argument(help="The version after.")],
    record_: Annotated[Path | None, typer.Option("--record", help="Write the new version with the changes in its history.")] = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """Print what changed between two versions, by concept."""
    import datetime

    from corpora.writing import write_files
    from glossary import read_glossary, write_glossary
    from glossary.formats import format_for
    from glossary.versions import diff, record

    before, after = read_glossary(old), read_glossary(new)
    for difference in diff(before, after):
        print_line(json.dumps(asdict(difference), ensure_ascii=False) if json_ else f"{difference.concept}: {difference}")
    if record_:
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        recorded = record(before, after, when=today, who=by)
        write_files({record_: write_glossary(recorded, format_for(record_))}, inputs=[old])


@glossary_app.command("coverage")
def glossary_coverage(bitexts: BitextFiles, glossary: GlossaryFile = None, json_: Json = False) -> None:
    """Print which concepts occur, how they are rendered, and which never do."""
    from glossary.coverage import coverage

    terms = chosen_glossary(glossary)
    for use in coverage(_bitexts(bitexts), terms):
        if json_:
            counts = {name: dict(getattr(use, name).most_common()) for name in ("forms", "renderings")}
            print_line(json.dumps({**{f.name: getattr(use, f.name) for f in fields(use)}, **counts}, ensure_ascii=False))
            continue
        rendered = ", ".join(f"{term or 'nothing of it'} {count}" for term, count in use.renderings.most_common())
        print_line(f"{use.occurrences:6}  {use.concept}" + (f": {rendered}" if rendered else ""))


@glossary_app.command("suggest")
def glossary_suggest(
    bitexts: BitextFiles,
    glossary: GlossaryFile = None,
    most: Annotated[int, typer.Option(help="How many.", min=1)] = 50,
    json_: Json = False,
) -> None:
    """Print pairs of phrases that keep company across beads and that the glossary does not have."""
    from glossary.suggestions import suggest

    for pair in suggest(_bitexts(bitexts), chosen_glossary(glossary), most=most):
        if json_:
            print_line(json.dumps(asdict(pair), ensure_ascii=False))
        else:
            counts = f"{pair.together:5} of {pair.source_count}, {pair.target_count}"
            print_line(f"{pair.statistic:9.2f} {counts}  {pair.source} | {pair.target}")


@glossary_app.command("impact")
def glossary_impact(
    old: Annotated[str, typer.Argument(help="The glossary as it is.")],
    new: Annotated[str, typer.Argument(help="The glossary as it would be.")],
    bitexts: BitextFiles,
    json_: Json = False,
) -> None:
    """Print the findings that a change of the glossary would bring (+) and take away (-)."""
    from glossary import read_glossary
    from glossary.coverage import impact

    for change in impact(_bitexts(bitexts), read_glossary(old), read_glossary(new)):
        line = f"{'+' if change.is_new else '-'} {change.bead}: {change.code}: {change.concept}"
        print_line(json.dumps(asdict(change), ensure_ascii=False) if json_ else line)


@glossary_app.command("waive")
def glossary_waive(
    waivers: Annotated[Path, typer.Argument(help="The file of waivers; made where it is not there.")],
    bitext: Annotated[str, typer.Argument(help="The bitext.")],
    bead: Annotated[str, typer.Argument(help="Name of the bead, such as b0004.")],
    code: Annotated[str, typer.Argument(help="The finding, such as 'term missing'.")],
    reason: Annotated[str, typer.Option(help="Why it is right as it is.")],
    by: By,
    concept: Annotated[str, typer.Option(help="Its concept, where a bead has several.")] = "",
    rendering: Annotated[str, typer.Option(help="The words that render the concept: a candidate for an admitted term.")] = "",
    glossary: GlossaryFile = None,
) -> None:
    """Remember that a finding is right as it is."""
    import datetime

    from corpora.reading import read_text
    from corpora.writing import write_files
    from glossary import check
    from glossary.waivers import parse_waivers, to_lines, waive

    known = parse_waivers(read_text(waivers), path=str(waivers)) if waivers.exists() else []
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    checked = check(_bitext(bitext), chosen_glossary(glossary))
    new = waive(checked, bead, code, concept=concept, rendering=rendering, reason=reason, by=by, when=today)
    write_files({waivers: to_lines([*known, new]).encode()}, inputs=[bitext])


@glossary_app.command("waivers")
def glossary_waivers(waivers: Annotated[str, typer.Argument(help="The file.")], json_: Json = False) -> None:
    """List waivers, and the renderings they speak for as new admitted terms."""
    from corpora.reading import read_text
    from glossary.waivers import parse_waivers, variants

    known = parse_waivers(read_text(waivers), path=waivers)
    for waiver in known:
        about = f" {waiver.concept}" if waiver.concept else ""
        line = f"{waiver.when} {waiver.by}: {waiver.code}{about}: {waiver.source or waiver.target}: {waiver.reason}"
        print_line(json.dumps(asdict(waiver), ensure_ascii=False) if json_ else line)
    for concept, text, count in variants(known):
        row = {"variant": text, "concept": concept, "count": count}
        print_line(json.dumps(row, ensure_ascii=False) if json_ else f"admit? {concept}: {text} ({count})")


@glossary_app.command("view")
def glossary_view(
    file: Annotated[str | None, typer.Argument(help="A glossary; the starter one where not given.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; standard output where not given.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown instead of a page.")] = False,
) -> None:
    """Write a glossary as a page to read and print."""
    from corpora.writing import write_files
    from glossary.views import to_html, to_markdown

    glossary = chosen_glossary(file)
    data = (to_markdown(glossary) if markdown or (output and output.suffix == ".md") else to_html(glossary)).encode()
    if output is None:
        write_bytes(data)
    else:
        write_files({output: data}, inputs=[file] if file else [])


def _bitexts(paths: list[str]) -> Iterator[Bitext]:
    """The bitexts of files, and of all pairs of projects."""
    from muqabala.corpus import bitexts_of_project

    for path in paths:
        if Path(path).is_dir():
            yield from bitexts_of_project(Path(path))
        else:
            yield _bitext(path)


def _bitext(path: str) -> Bitext:
    from corpora.reading import read_text
    from corpora.records import parse_bitext

    return parse_bitext(read_text(path), path=path)


def chosen_glossary(path: str | None) -> Glossary:
    """The glossary of a file, or the starter glossary."""
    from glossary import read_glossary, starter_glossary

    return read_glossary(path) if path else starter_glossary()
