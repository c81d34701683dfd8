"""A glossary to read and print: one page without scripts, or Markdown; by domain, in the order of the file."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from corpora.languages import NAMES, direction, primary

if TYPE_CHECKING:
    from glossary.model import Concept, Glossary, Term

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")


def to_html(glossary: Glossary) -> str:
    """The page."""
    languages = [(code, NAMES.get(primary(code), code), direction(code)) for code in glossary.languages]
    return str(_template().render(glossary=glossary, domains=_by_domain(glossary), languages=languages))


def to_markdown(glossary: Glossary) -> str:
    """The same as Markdown: a heading a domain, a table row a concept."""
    lines = [f"# {_escaped(glossary.name) or 'Glossary'}", ""]
    for domain, concepts in _by_domain(glossary).items():
        lines += [f"## {_escaped(domain) or 'Other'}", ""]
        lines.append("| concept | " + " | ".join(glossary.languages) + " | definition | source |")
        lines.append("| --- " * (3 + len(glossary.languages)) + "|")
        for concept in concepts:
            cells = ["<br>".join(map(_term, concept.in_language(code))) for code in glossary.languages]
            sources = "; ".join(map(str, concept.sources))
            lines.append("| " + " | ".join([_escaped(concept.id), *cells, _escaped(concept.definition), _escaped(sources)]) + " |")
        lines.append("")
    return "\n".join(lines)


def _term(term: Term) -> str:
    text = _escaped(term.text)
    if term.status.is_approved:
        return f"**{text}**" if term.status.value == "preferred" else text
    return f"~~{text}~~ ({term.status.value})"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _by_domain(glossary: Glossary) -> dict[str, list[Concept]]:
    domains: dict[str, list[Concept]] = {}
    for concept in glossary.concepts:
        domains.setdefault(concept.domain, []).append(concept)
    return domains


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    source = (files("glossary") / "data" / "glossary.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(source)
