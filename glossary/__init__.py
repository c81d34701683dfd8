"""Concepts, terms, and checks of beads against them."""

from glossary.check import Checker, check
from glossary.matching import Matcher
from glossary.model import Concept, Glossary, Match, Status, Term
from glossary.tables import read_glossary, starter_glossary

__all__ = [
    "Checker",
    "Concept",
    "Glossary",
    "Match",
    "Matcher",
    "Status",
    "Term",
    "check",
    "read_glossary",
    "starter_glossary",
]
