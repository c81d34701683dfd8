"""The settings of a project, as `muqabala.toml` has them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from corpora import MuqabalaError, ReadError
from corpora.languages import checked
from corpora.quality import Limits
from corpora.reading import read_text
from corpora.writing import write_files

if TYPE_CHECKING:
    from pathlib import Path

FILE = "muqabala.toml"
DUPLICATES = ("none", "exact", "normalised", "near")


@dataclass(frozen=True, slots=True)
class Filters(Limits):
    """What leaves a bead out of a corpus: the limits of `corpora.quality`, and how duplicates are told; see `data/project.toml`."""

    duplicates: str = "normalised"


@dataclass(frozen=True, slots=True)
class Splits:
    """Shares of the documents that go to dev and test."""

    dev: float = 0.05
    test: float = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """One project's settings.

    Attributes:
        source, target: language codes.
        glossary, profile, manifest: files as written, empty where there is none.
        resegment: segments may be split where the other side says so.
        least: how probable a pair of documents has to be.
        licence: of documents that were added without one.
        filters, splits: of its corpora.
    """

    source: str = "ar"
    target: str = "en"
    glossary: str = ""
    profile: str = ""
    manifest: str = ""
    resegment: bool = False
    least: float = 0.5
    licence: str = ""
    filters: Filters = field(default_factory=Filters)
    splits: Splits = field(default_factory=Splits)


def template(*, source: str, target: str, glossary: str = "") -> str:
    """The text of a new settings file, with its comments."""
    text = (files("muqabala") / "data" / "project.toml").read_text(encoding="utf-8")
    escaped = glossary.replace("\\", "\\\\").replace('"', '\\"')
    for name, value in (("source", source), ("target", target), ("glossary", escaped)):
        text = text.replace("{" + name + "}", value)
    return text


def read_settings(path: Path) -> Settings:
    """Read a settings file. Raises ReadError with what is wrong in it."""
    try:
        table = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ReadError(f"not TOML: {error}", path=path) from None
    corpus = _section(table, "corpus", path)
    values: dict[str, Any] = {}
    for section, names in (
        ("languages", ("source", "target")),
        ("glossary", ("file", "profile")),
        ("align", ("resegment",)),
        ("pair", ("manifest", "least")),
    ):
        found = _section(table, section, path)
        _refuse_unknown(found, names, section, path)
        values |= {"glossary" if name == "file" else name: value for name, value in found.items()}
    nested = {name: _section(corpus, name, path) for name in ("filters", "splits")}
    _refuse_unknown(corpus, ("licence", *nested), "corpus", path)
    values |= {"licence": corpus.get("licence", "")}
    values["filters"] = _built(Filters, nested["filters"], "corpus.filters", path)
    values["splits"] = _built(Splits, nested["splits"], "corpus.splits", path)
    _refuse_unknown(table, ("languages", "glossary", "align", "pair", "corpus"), "", path)
    settings: Settings = _built(Settings, values, "", path)
    return _checked(settings, path)


def set_glossary(folder: Path, name: str) -> None:
    """Write into a project's settings which file its glossary is; all else, comments too, stays. Raises ReadError, WriteError."""
    path = folder / FILE
    text = read_text(path)
    line = f'file = "{name}"'
    changed, count = re.subn(
        r"""(?m)(^\[glossary\][^\[]*?^)file\s*=\s*(?:"[^"\n]*"|'[^'\n]*')""", lambda match: match[1] + line, text, count=1
    )
    if not count:
        changed, count = re.subn(r"(?m)^\[glossary\].*$", lambda match: f"{match[0]}\n{line}", text, count=1)
    if not count:
        changed = f"{text.rstrip()}\n\n[glossary]\n{line}\n"
    write_files({path: changed.encode()})


def _checked(settings: Settings, path: Path) -> Settings:
    for name in (settings.source, settings.target):
        try:
            checked(name)
        except MuqabalaError as error:
            raise ReadError(error.reason, path=path, hint=error.hint) from None
    if settings.source == settings.target:
        raise ReadError(f"both languages are '{settings.source}'", path=path)
    if settings.filters.duplicates not in DUPLICATES:
        raise ReadError(f"duplicates = '{settings.filters.duplicates}'", path=path, hint=f"one of {', '.join(DUPLICATES)}")
    shares = settings.splits.dev, settings.splits.test
    if min(shares) < 0 or sum(shares) >= 1:
        raise ReadError("dev and test must leave something to train on", path=path)
    return settings


def _section(table: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise ReadError(f"'{name}' is not a table", path=path, hint=f"write [{name}]")
    return found


def _refuse_unknown(found: dict[str, Any], names: tuple[str, ...], section: str, path: Path) -> None:
    for name in found:
        if name not in names:
            place = f" in [{section}]" if section else ""
            raise ReadError(f"unknown setting '{name}'{place}", path=path, hint=f"it knows {', '.join(names)}")


def _built(kind: Any, values: dict[str, Any], section: str, path: Path) -> Any:
    known = {f.name: f for f in fields(kind)}
    _refuse_unknown(values, tuple(known), section, path)
    default = kind()
    for name, value in values.items():
        wanted = type(getattr(default, name))
        number = wanted is float and isinstance(value, int) and not isinstance(value, bool)
        if not number and not isinstance(value, wanted):
            told = {"str": "a text", "float": "a number", "bool": "true or false"}.get(wanted.__name__, wanted.__name__)
            raise ReadError(f"'{name}' is not {told}", path=path)
    return kind(**values)
