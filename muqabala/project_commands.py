"""The commands on a project. A command parses, calls one function, prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpora import MuqabalaError
from muqabala.output import print_line
from muqabala.progress import progress_bar

if TYPE_CHECKING:
    from muqabala.project.adding import Added
    from muqabala.project.project import Project
    from muqabala.project.running import Done

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The project.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
By = Annotated[str, typer.Option("--by", help="Who does it; kept in the project's history.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (init, add, pair, run, status, search, decide, history, export, release, review):
        app.command()(command)
    app.command("import")(import_)


def opened(folder: Path, *, write: bool = True) -> Project:
    """An open project. Raises MuqabalaError."""
    from muqabala.project.project import Project

    return Project(folder, write=write)


def init(
    folder: Folder,
    from_: Annotated[str, typer.Option("--from", help="Language of the originals.")] = "ar",
    to: Annotated[str, typer.Option("--to", help="Language of the translations.")] = "en",
    glossary: Annotated[str, typer.Option("--glossary", help="A glossary file; the bundled one where not given.")] = "",
) -> None:
    """Make a project: a folder with settings (muqabala.toml) and a database (muqabala.db)."""
    import os

    from corpora.languages import checked
    from muqabala.project.project import make_project

    if glossary and not Path(glossary).is_file():
        raise MuqabalaError("no such file", path=glossary)
    inside = os.path.relpath(glossary, folder) if glossary else ""
    make_project(folder, source=checked(from_), target=checked(to), glossary=Path(inside).as_posix() if inside else "")
    print_line(f"{folder}: edit {folder / 'muqabala.toml'}, then muqabala add {folder} FILES")


def add(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help="Files, folders: text, Markdown, HTML, DOCX, ODT, PDF, subtitles, bitexts.")],
    lang: Annotated[str | None, typer.Option(help="Language of all of them; detected where not given.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of all of them; detected where not given.")] = None,
    licence: Annotated[str, typer.Option(help="Licence of all of them.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Read files into the project; what did not change is left as it is."""
    from corpora.languages import checked
    from muqabala.project.adding import Wishes, add_files

    failed, counts = 0, dict.fromkeys(("added", "changed", "unchanged", "skipped", "failed"), 0)
    with opened(folder) as project:
        wishes = Wishes(checked(lang) if lang else None, encoding, licence, by)
        for result in add_files(project, files, wishes):
            failed += result.outcome == "failed"
            counts[result.outcome] += 1
            _tell_added(result, json_=json_)
    if not json_:
        print_line(", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing to add")
    if failed:
        raise typer.Exit(1)


def _tell_added(result: Added, *, json_: bool) -> None:
    if json_:
        print_line(json.dumps(asdict(result) | {"path": str(result.path)}, ensure_ascii=False))
    elif result.outcome in {"failed", "skipped"}:
        typer.echo(f"muqabala: {result.path}: {result.reason}" + (", skipped" if result.outcome == "skipped" else ""), err=True)
    else:
        for doubt in result.doubts:
            typer.echo(f"muqabala: warning: {result.path}: {doubt}", err=True)


def pair(
    folder: Folder,
    manifest: Annotated[Path | None, typer.Option(help="A table with columns source and target: pairs that are known.")] = None,
    join: Annotated[tuple[str, str], typer.Option(help="Pair these two documents.")] = ("", ""),
    part: Annotated[tuple[str, str], typer.Option(help="Take this pair apart.")] = ("", ""),
    by: By = "",
    json_: Json = False,
) -> None:
    """Find out which document is the translation of which."""
    from muqabala.project import pairing

    with opened(folder) as project:
        if any(join):
            pairing.join(project, *join, by=by)
        if any(part):
            pairing.part(project, *part, by=by)
        with progress_bar("documents") as progress:
            found = pairing.pair_documents(project, manifest=manifest, by=by, progress=progress)
    for row in found:
        if json_:
            print_line(json.dumps(asdict(row), ensure_ascii=False))
        elif row.source and row.target:
            print_line(f"{row.source}\t{row.target}\t{row.how}\t{row.confidence:.2f}")
        else:
            print_line(f"{row.source}\t{row.target}\tno partner\t")


def run(
    folder: Folder,
    again: Annotated[bool, typer.Option("--again", help="Align all pairs again, around their confirmed beads.")] = False,
    by: By = "",
    json_: Json = False,
) -> None:
    """Align and check what is new or has changed."""
    from muqabala.project.adding import refresh_all
    from muqabala.project.running import run as run_pairs

    failed = 0
    with opened(folder) as project, progress_bar("pairs") as progress:
        for result in refresh_all(project, by=by):
            failed += result.outcome == "failed"
            _tell_added(result, json_=False)
        for done in run_pairs(project, again=again, by=by, progress=progress):
            failed += done.outcome == "failed"
            _tell_done(done, json_=json_)
    if failed:
        raise typer.Exit(1)


def _tell_done(done: Done, *, json_: bool) -> None:
    if json_:
        print_line(json.dumps(asdict(done), ensure_ascii=False))
        return
    if done.outcome == "failed":
        typer.echo(f"muqabala: {done.name}: {done.reason}", err=True)
    elif done.outcome != "unchanged":
        print_line(f"{done.outcome}\t{done.name}\t{done.beads} beads, {done.doubtful} doubtful, {done.errors} errors")
    for name in done.lost:
        typer.echo(f"muqabala: warning: {done.name}: the text of {name}, which was confirmed, is another now", err=True)


def status(folder: Folder, json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Print how the project stands."""
    from muqabala.project.status import status_of

    with opened(folder, write=False) as project:
        now = status_of(project)
    if json_:
        print_line(json.dumps(asdict(now), ensure_ascii=False))
        return
    print_line("documents  " + (", ".join(f"{count} {language}" for language, count in now.documents.items()) or "none"))
    print_line(f"pairs      {now.pairs}, {now.aligned} aligned, {len(now.alone)} documents without partner")
    print_line("beads      " + (", ".join(f"{count} {name}" for name, count in now.beads.items()) or "none"))
    print_line(f"doubtful   {now.doubtful} that nobody looked at")
    print_line("findings   " + (", ".join(f"{count} {name}" for name, count in now.findings.items()) or "none"))
    for name in now.alone:
        print_line(f"no partner: {name}")
    for name, reason in now.problems.items():
        print_line(f"not aligned: {name}: {reason}")
    for name in now.unbelieved:
        print_line(f"hardly a translation: {name}")
    for name, doubts in now.doubts.items():
        print_line(f"doubtful reading: {name}: {'; '.join(doubts)}")


def search(
    folder: Folder,
    words: Annotated[str, typer.Argument(help='What to find: all words, those in "quotation marks" next to each other.')],
    lang: Annotated[str, typer.Option(help="The side to search; both where not given.")] = "",
    most: Annotated[int, typer.Option("--most", min=1, help="Beads to print at most.")] = 100,
    json_: Json = False,
) -> None:
    """Find beads by their words, with or without vowels, hamza, clitics, capitals."""
    from muqabala.project.words import search as find

    with opened(folder, write=False) as project:
        for hit in find(project.store, words, language=lang, most=most):
            print_line(json.dumps(asdict(hit), ensure_ascii=False) if json_ else f"{hit.bead}\t{hit.source}\t{hit.target}")


def decide(
    folder: Folder,
    beads: Annotated[list[str], typer.Argument(help="Names of beads, such as p0012-b0034.")],
    as_: Annotated[str, typer.Option("--as", help="accepted, needs review, rejected, or machine for no decision.")],
    note: Annotated[str, typer.Option(help="What there is to say of them.")] = "",
    by: By = "",
) -> None:
    """Accept or reject beads, or ask for a review."""
    from muqabala.project.deciding import decide as decide_beads

    with opened(folder) as project:
        decide_beads(project, beads, as_, note=note, by=by)


def history(
    folder: Folder,
    pair: Annotated[int, typer.Argument(min=1, help="Number of a pair: 12 of p0012-b0034.")],
    undo: Annotated[int, typer.Option(help="Number of an event that shall count no more.")] = 0,
    by: By = "",
    json_: Json = False,
) -> None:
    """Print what happened to a pair, or undo some of it."""
    from muqabala.project import shelf
    from muqabala.project.deciding import undo as undo_event

    with opened(folder, write=bool(undo)) as project:
        if undo:
            undo_event(project, pair, undo, by=by)
        for event in shelf.events(project.store, pair):
            data = dict(event.data)
            if event.kind == "aligned":
                data["beads"] = len(data["beads"])
            row = {"event": event.id, "at": event.at, "by": event.by, "kind": event.kind, "data": data}
            if json_:
                print_line(json.dumps(row, ensure_ascii=False))
            else:
                print_line(f"{event.id}\t{event.at}\t{event.by}\t{event.kind}\t{json.dumps(data, ensure_ascii=False)}")


def export(
    folder: Folder,
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write.")],
    format_: Annotated[str, typer.Option("--format", help="One or several, with commas.")] = "tmx",
    only: Annotated[str, typer.Option("--status", help="Only beads of these statuses, with commas.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write the project's beads in one or several formats."""
    from muqabala.formats import parse_formats
    from muqabala.project import exporting

    kinds = parse_formats(format_)
    statuses = [name.strip() for name in only.split(",") if name.strip()]
    with opened(folder, write=False) as project, progress_bar("pairs") as progress:
        units = exporting.project_units(project, statuses=statuses, progress=progress)
        made = exporting.export(units, kinds, output, exporting.info_of(project))
    if json_:
        print_line(json.dumps(asdict(made), ensure_ascii=False))
        return
    print_line(f"{made.units} units in {len(made.files)} files below {output}")
    for kind, reasons in (*made.left_out.items(), *made.notices.items()):
        for reason, count in reasons.items():
            typer.echo(f"muqabala: note: {kind}: {count}: {reason}", err=True)


def import_(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="PO, XLIFF, TMX, TSV, CSV, XLSX or JSON lines that the project was exported as.")],
    try_: Annotated[bool, typer.Option("--try", help="Tell what would be taken, and take nothing.")] = False,
    by: By = "",
    json_: Annotated[bool, typer.Option("--json", help="Print what came back as JSON.")] = False,
) -> None:
    """Take back what was changed in another tool; conflicts are listed and left, exit 3 where there are any."""
    from muqabala.project.importing import import_file

    with opened(folder) as project:
        back = import_file(project, file, by=by, try_only=try_)
    if json_:
        print_line(json.dumps(asdict(back), ensure_ascii=False))
    else:
        print_line(f"{back.rows} rows: {len(back.texts)} texts, {len(back.statuses)} decisions, {len(back.notes)} notes taken")
        if not back.had_base:
            typer.echo("muqabala: note: the file does not say what state of the project it was made of", err=True)
        for name in back.unknown:
            typer.echo(f"muqabala: note: there is no bead '{name}'", err=True)
        for c in back.conflicts:
            typer.echo(f"muqabala: conflict: {c.bead} {c.field}: {c.reason}: here '{c.ours}', there '{c.theirs}'", err=True)
    if back.conflicts:
        raise typer.Exit(3)


def release(
    folder: Folder,
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write.")],
    name: Annotated[str, typer.Option(help="Of the corpus; the project's folder where not given.")] = "",
    format_: Annotated[str, typer.Option("--format", help="Of each part, with commas.")] = "jsonl,tmx,moses,tsv,xces",
    pseudonyms: Annotated[Path | None, typer.Option(help="A table of names to replace, a column for each language.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print what was released as JSON.")] = False,
) -> None:
    """Write a release: train, dev and test in all formats, card, what was left out and why, checksums."""
    from corpora.reading import read_text
    from muqabala.formats import parse_formats
    from muqabala.project.release import release as write_release
    from muqabala.pseudonyms import Pseudonyms

    kinds = parse_formats(format_)
    with opened(folder, write=False) as project:
        codes = {"source": project.settings.source, "target": project.settings.target}
        names = Pseudonyms(read_text(pseudonyms), path=str(pseudonyms), **codes) if pseudonyms else None
        made = write_release(project, output, name=name, formats=kinds, pseudonyms=names)
    if json_:
        print_line(json.dumps(asdict(made), ensure_ascii=False))
        return
    print_line(f"{made.units} units: " + ", ".join(f"{count} {part}" for part, count in made.kept.items()))
    print_line("left out: " + (", ".join(f"{count} {reason}" for reason, count in made.left_out.items()) or "nothing"))
    proof = made.proof
    print_line(f"shared by the parts: {proof.shared_documents} documents, {proof.shared_sides} sentences, {proof.near} near")
    print_line(f"{made.files} files below {output}, the card is {output / 'README.md'}")


def review(
    folder: Folder,
    host: Annotated[str, typer.Option(help="Address to listen on. Anything but loopback requires personal links.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for any that is free.")] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    invite: Annotated[
        list[str] | None, typer.Option(help="NAME or NAME=ROLE (lead, reviewer, reader): print a personal link.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Your name, where nobody signs in.")] = "reviewer",
) -> None:
    """Open the workbench in the browser; prints its address first."""
    from muqabala.review.server import serve

    serve(folder, host=host, port=port, browser=not no_open, invitations=invite or [], name=by, tell=print_line)
