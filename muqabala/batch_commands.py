"""`muqabala batch`: many pairs of documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from muqabala.output import print_line
from muqabala.progress import progress_bar


def batch(
    manifest: Annotated[
        Path, typer.Argument(help="CSV, TSV, JSON lines or Parquet: id, source, target, source_lang, target_lang.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to write; the same again goes on.")],
    workers: Annotated[int, typer.Option(min=0, max=512, help="Processes; 0 for one a core.")] = 0,
    cluster: Annotated[str, typer.Option(help="Address of a Dask scheduler, or `local` for one on this machine.")] = "",
    format_: Annotated[str, typer.Option("--format", help="Of the partitions: jsonl or parquet.")] = "jsonl",
    partition: Annotated[int, typer.Option(min=1, max=100_000, help="Pairs in a partition.")] = 100,
    glossary: Annotated[
        str, typer.Option("--glossary", help="Whose terms are checked: a file, `starter`, or `none` for no checks at all.")
    ] = "starter",
    lines: Annotated[bool, typer.Option("--lines", help="The documents hold one segment a line already.")] = False,
    resegment: Annotated[bool, typer.Option("--resegment", help="Split segments where the other side says so.")] = False,
    dedup: Annotated[str, typer.Option(help="In the whole batch: none, exact, normalised or near.")] = "none",
    confidence: Annotated[float, typer.Option(help="Beads less sure than this are left out.")] = 0.5,
    length_ratio: Annotated[float, typer.Option(help="One side so many times as long as usual.")] = 4.0,
    letters: Annotated[float, typer.Option(help="The least share of letters on a side.")] = 0.5,
    errors: Annotated[bool, typer.Option("--errors/--no-errors", help="Leave out what has findings that alarm.")] = True,
    language: Annotated[bool, typer.Option("--language/--no-language", help="Leave out sides in another language.")] = True,
    copied: Annotated[bool, typer.Option("--copied/--no-copied", help="Leave out targets that are their source.")] = True,
    attempts: Annotated[int, typer.Option(min=1, max=20, help="How often a pair is tried whose worker fails.")] = 3,
    seconds: Annotated[float, typer.Option(min=0, help="That a pair may take; 0 for any.")] = 3600,
    memory: Annotated[int, typer.Option(min=0, help="MiB that a worker may take; 0 for any.")] = 4096,
    parts: Annotated[str, typer.Option(help="Address (fsspec) where the partitions go instead, such as s3://bucket/corpus.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Try the pairs that failed again.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Align many pairs of documents; whatever breaks it off, the same command goes on."""
    from corpora.quality import Limits
    from muqabala.batch.processes import Bounds
    from muqabala.batch.run import Batch, run_batch, workers_of_this_machine
    from muqabala.batch.work import Plan

    plan = Plan(
        str(manifest.parent),
        {"none": "", "starter": "starter"}.get(glossary, str(Path(glossary).absolute())),
        lines,
        resegment,
        Limits(confidence, length_ratio, letters, errors, language, copied),
    )
    wanted = Batch(
        manifest,
        output,
        plan,
        Bounds(attempts, seconds, memory),
        format_,
        partition,
        dedup,
        workers or workers_of_this_machine(),
        cluster,
        again,
        parts,
    )
    with progress_bar("pairs") as progress:
        report = run_batch(wanted, progress=progress)
    if json_:
        print_line(json.dumps(report, ensure_ascii=False))
    else:
        print_line(f"{report['done']} of {report['pairs']} pairs, {report['kept']} units kept of {report['units']}, in {output}")
    if report["failed"]:
        typer.echo(f"muqabala: note: {report['failed']} pairs failed, why is told in {output / 'failed.tsv'}", err=True)
