"""Concepts, terms, and checks of beads against them.

What these names stand for is imported when it is first asked for: most commands need none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glossary.checker import Checker, check
    from glossary.files import read_glossary, starter_glossary, write_glossary
    from glossary.formats import GlossaryFormat
    from glossary.matching import Matcher
    from glossary.model import Change, Concept, Glossary, Match, Source, Status, Term

__all__ = [
    "Change",
    "Checker",
    "Concept",
    "Glossary",
    "GlossaryFormat",
    "Match",
    "Matcher",
    "Source",
    "Status",
    "Term",
    "check",
    "read_glossary",
    "starter_glossary",
    "write_glossary",
]

_NAMES = {
    "checker": "Checker check",
    "files": "read_glossary starter_glossary write_glossary",
    "formats": "GlossaryFormat",
    "matching": "Matcher",
    "model": "Change Concept Glossary Match Source Status Term",
}


def __getattr__(name: str) -> object:
    for module, names in _NAMES.items():
        if name in names.split():
            return getattr(import_module(f"glossary.{module}"), name)
    raise AttributeError(f"module 'glossary' has no attribute '{name}'")
