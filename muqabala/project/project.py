"""An open project: its folder, settings and database, and what is written in one piece."""

from __future__ import annotations

import datetime
import os
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, ReadError, WriteError
from corpora.writing import write_files
from muqabala.project import settings as project_settings
from muqabala.project.store import FILE, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from glossary import Checker, Glossary
    from glossary.checker import Profile
    from muqabala.project.settings import Settings

_LOCK = "muqabala.lock"


def make_project(folder: Path, *, source: str, target: str, glossary: str = "") -> None:
    """Make the folder, its settings and its empty database. A project that is there already is left as it is.

    Raises:
        WriteError: it cannot be made, or the folder holds another settings file or database.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"cannot be made: {(error.strerror or str(error)).lower()}", path=folder) from None
    file = folder / project_settings.FILE
    if not file.exists():
        if (folder / FILE).exists():
            raise WriteError("there is a database but no settings file", path=folder)
        write_files({file: project_settings.template(source=source, target=target, glossary=glossary).encode()})
    project_settings.read_settings(file)
    Store(folder / FILE, make=True).close()


class Project:
    """A project that is open; `with` closes it.

    Args:
        folder: of the project.
        write: False for reading only, which works in a folder that cannot be written.
        clock: what time it is, for events.
        threads: several threads use it, one at a time.

    Raises:
        ReadError: it is no project, or damaged, or of a newer version.
        WriteError: it cannot be written.
    """

    def __init__(self, folder: Path, *, write: bool = True, clock: Any = None, threads: bool = False) -> None:
        self.folder = folder
        if not folder.is_dir():
            raise ReadError("no such folder", path=folder)
        if not (folder / project_settings.FILE).is_file():
            raise ReadError("is not a project", path=folder, hint=f"muqabala init {folder} makes it one")
        self.settings: Settings = project_settings.read_settings(folder / project_settings.FILE)
        self.store = Store(folder / FILE, write=write, threads=threads)
        self._checkers: dict[tuple[str, str], Checker] = {}
        self._clock = clock or (lambda: datetime.datetime.now(datetime.UTC))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.store.close()

    def now(self) -> str:
        """The time as events have it."""
        return str(self._clock().strftime("%Y-%m-%dT%H:%M:%SZ"))

    @cached_property
    def glossary(self) -> Glossary:
        """The glossary of the settings, or the bundled one. Raises ReadError."""
        from glossary import read_glossary, starter_glossary

        if not self.settings.glossary:
            return starter_glossary()
        return read_glossary(self.folder / self.settings.glossary)

    def forget_glossary(self) -> None:
        """Read settings and glossary again when they are asked for next."""
        self.settings = project_settings.read_settings(self.folder / project_settings.FILE)
        self.__dict__.pop("glossary", None)
        self._checkers.clear()

    @cached_property
    def profile(self) -> Profile | None:
        """The profile of the checks. Raises ReadError."""
        from corpora.reading import read_text
        from glossary.checker import parse_profile

        if not self.settings.profile:
            return None
        path = self.folder / self.settings.profile
        return parse_profile(read_text(path), path=str(path))

    def checker(self, source: str, target: str) -> Checker:
        """The checks for two languages, made once."""
        from glossary import Checker

        if (source, target) not in self._checkers:
            self._checkers[source, target] = Checker(self.glossary, source, target, profile=self.profile)
        return self._checkers[source, target]

    def path(self, stored: str) -> Path:
        """Where a file is whose path the database holds."""
        return self.folder / stored

    def stored(self, path: Path) -> str:
        """A file's path as the database holds it: from the project's folder where it is inside, else whole."""
        whole, home = Path(os.path.abspath(path)), Path(os.path.abspath(self.folder))
        return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else whole.as_posix()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process at a time may do this work on the project; reading and reviewing go on.

        Raises:
            MuqabalaError: another one does.
        """
        with locked(self.folder / _LOCK, self.folder):
            yield


@contextmanager
def locked(path: Path, folder: Path) -> Iterator[None]:
    """A lock of a folder that ends with the process.

    Raises:
        WriteError: its file cannot be written.
        MuqabalaError: another process has it.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise WriteError(f"cannot be written: {(error.strerror or str(error)).lower()}", path=path) from None
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)  # which unlocks it, as the end of the process does


def _lock(handle: int, folder: Path) -> None:
    busy = MuqabalaError("another process is working on it", path=folder, hint="wait for it, then run this again")
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            raise busy from None
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise busy from None
