"""The whole line on the bundled statements: align, check, write every format, and an index page."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from corpora import WriteError
from corpora.writing import write_files
from muqabala.formats import Format, files_for
from muqabala.pipeline import align_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpora import Bitext


@dataclass(frozen=True, slots=True)
class Example:
    """A bundled pair of statements and the file with its gold beads."""

    name: str
    source: Path
    target: Path
    gold: Path


def examples(folder: Path) -> list[Example]:
    """The pairs in a folder: NAME.ar.txt, NAME.en.txt, NAME.gold."""
    names = sorted(path.name.removesuffix(".gold") for path in folder.glob("*.gold"))
    return [Example(name, folder / f"{name}.ar.txt", folder / f"{name}.en.txt", folder / f"{name}.gold") for name in names]


def run_demo(folder: Path, *, progress: Callable[[int, int], None] | None = None) -> Path:
    """Write the results below `folder`; returns the page to open.

    Raises:
        WriteError: the folder cannot be made or written.
    """
    from glossary import starter_glossary

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"cannot be made: {(error.strerror or str(error)).lower()}", path=folder) from None
    terms = starter_glossary()
    rows = []
    with as_file(files("muqabala") / "data" / "examples") as bundled:
        pairs = examples(bundled)
        for k, pair in enumerate(pairs):
            bitext = align_files(pair.source, pair.target, source_language="ar", target_language="en", glossary=terms)
            outputs: dict[Path, bytes] = {}
            for kind in (kind for kind in Format if kind.is_one_file or kind is Format.MOSES):
                name = pair.name if kind is Format.MOSES else f"{pair.name}.{kind.value}"
                outputs |= files_for(bitext, kind, folder / name)
            write_files(outputs)
            rows.append(_row(pair.name, bitext))
            if progress:
                progress(k + 1, len(pairs))
    index = folder / "index.html"
    write_files({index: _index(rows).encode()})
    return index


def _row(name: str, bitext: Bitext) -> dict[str, Any]:
    from corpora.page import DOUBTFUL

    return {
        "name": name,
        "source": bitext.source.metadata.title,
        "target": bitext.target.metadata.title,
        "date": bitext.source.metadata.date,
        "beads": len(bitext.beads),
        "doubtful": sum(bead.confidence < DOUBTFUL for bead in bitext.beads),
        "errors": sum(finding.severity.value == "error" for bead in bitext.beads for finding in bead.findings),
    }


def _index(rows: list[dict[str, Any]]) -> str:
    from jinja2 import Environment, StrictUndefined

    source = (files("muqabala") / "data" / "demo.html.j2").read_text(encoding="utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(source)
    return template.render(rows=rows, formats=["html", "tsv", "jsonl", "tmx", "ids"])
