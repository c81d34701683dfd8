"""Concepts, terms, and checks of beads against them."""

from glossary.check import Checker, check
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
