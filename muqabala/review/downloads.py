"""The project's beads as one file to save from the browser."""

from __future__ import annotations

import re
import tempfile
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpora import MuqabalaError
from muqabala.project.exporting import export, info_of, project_units
from muqabala.project.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from muqabala.formats import Format

_FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can hold: the same beads give the same bytes
_ONE = threading.Lock()  # one export at a time is enough for one laptop


@dataclass(frozen=True, slots=True)
class Download:
    """A file to send, its name, and what takes it away afterwards."""

    file: Path
    name: str
    clear: Callable[[], None]


def downloaded(project: Project, kind: Format, statuses: Sequence[str]) -> Download:
    """Export a project as one file, in a hidden folder of the project, which only its owner can read.

    The project is read by a connection of its own, so that reviewers need not wait.

    Raises:
        MuqabalaError: an extra is missing, a status is none, or another export is being made.
        WriteError: the disk is full.
    """
    if not _ONE.acquire(blocking=False):  # waiting ones would take the server's threads from those who review
        raise MuqabalaError("another export is being made", hint="try it again in a moment")
    folder = tempfile.TemporaryDirectory(dir=project.folder, prefix=".download-")
    try:
        with Project(project.folder, write=False) as reading:
            export(project_units(reading, statuses=statuses), [kind], Path(folder.name) / "out", info_of(reading))
        files = sorted(path for path in (Path(folder.name) / "out").rglob("*") if path.is_file())
        if len(files) == 1:
            return Download(files[0], files[0].name, folder.cleanup)
        packed = Path(folder.name) / "out.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                name = zipfile.ZipInfo(path.relative_to(Path(folder.name) / "out").as_posix(), _FIRST)
                name.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as source, archive.open(name, "w") as target:
                    while part := source.read(1 << 20):
                        target.write(part)
        stem = re.sub(r"[^\w.-]+", "-", project.folder.resolve().name) or "project"
        return Download(packed, f"{stem}.{kind.value}.zip", folder.cleanup)
    except BaseException:
        folder.cleanup()
        raise
    finally:
        _ONE.release()
