"""TBX: TBX-Basic of version 3 (ISO 30042:2019, style DCA) and version 2 (ISO 30042:2008), which today's tools read.

| ours | in both versions |
| --- | --- |
| domain, definition, sources | `subjectField`, `definition`, `source` beside the definition |
| images, addresses | `xGraphic`, `externalCrossReference` |
| history | `transacGrp` with date and responsibility |
| status | `administrativeStatus`; `forbidden` as deprecated, `do not translate` as preferred |
| part of speech, gender | `partOfSpeech`, `grammaticalGender` |
| region, context, source of a term | `geographicalUsage`, `context`, `source` |
| the rest | notes of the form `muqabala NAME: value` |

Version 2 is written for tools that offer terms as suggestions: what is not approved stays out. Both styles of version 3 are read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpora import ReadError
from corpora.characters import fold_line
from glossary.collecting import Collector, change_text, parse_sources
from glossary.model import Change, Concept, Gender, Glossary, Number, PartOfSpeech, Source, Status, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_STATUS = {
    "preferredTerm-admn-sts": Status.PREFERRED,
    "admittedTerm-admn-sts": Status.ADMITTED,
    "deprecatedTerm-admn-sts": Status.DEPRECATED,
    "supersededTerm-admn-sts": Status.SUPERSEDED,
}
_LOOSE_STATUS = {  # what other tools write
    "preferred": Status.PREFERRED, "preferredterm": Status.PREFERRED, "standardizedterm-admn-sts": Status.PREFERRED,
    "legalterm-admn-sts": Status.PREFERRED, "regulatedterm-admn-sts": Status.PREFERRED, "admitted": Status.ADMITTED,
    "admittedterm": Status.ADMITTED, "approved": Status.ADMITTED, "deprecated": Status.DEPRECATED, "obsolete": Status.SUPERSEDED,
    "deprecatedterm": Status.DEPRECATED, "superseded": Status.SUPERSEDED, "supersededterm": Status.SUPERSEDED,
    "forbidden": Status.FORBIDDEN, "notrecommended": Status.DEPRECATED,
}  # fmt: skip
_WRITTEN = {status: name for name, status in _STATUS.items()} | {
    Status.FORBIDDEN: "deprecatedTerm-admn-sts",
    Status.KEPT: "preferredTerm-admn-sts",
}
_OURS = re.compile(r"muqabala ([a-z ]+): (.*)")


def parse_tbx(data: bytes, *, path: str) -> Glossary:
    """A glossary from TBX of version 2 or 3. Raises ReadError: not TBX, hostile, cut off, or with a term that can be none."""
    root = _parsed(data, path)
    collector = Collector(path)
    entries = [node for node in root.iter() if _name(node) in {"conceptEntry", "termEntry"}]
    if _name(root) not in {"tbx", "martif"}:
        raise ReadError(f"not TBX: the root is <{_name(root)}>", path=path, line=root.sourceline, hint="<tbx> or <martif>")
    for k, entry in enumerate(entries, 1):
        collector.add(_read_concept(entry, k, collector), entry.sourceline or 0)
    return Glossary(collector.concepts(), re.split(r"[\\/]", path)[-1], hashlib.sha256(data).hexdigest()[:12])


def to_tbx(glossary: Glossary, *, version: int = 3) -> bytes:
    """TBX-Basic of version 3 with everything, or version 2 with approved terms only."""
    from lxml import etree

    root = _shell(glossary, version)
    body = next(root.iter("{*}body"))
    for concept in glossary.concepts:
        chosen = concept if version == 3 else _offered(concept)
        if chosen.terms:
            body.append(_entry(chosen, version))
    etree.indent(root)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _offered(concept: Concept) -> Concept:
    return replace(concept, terms=tuple(term for term in concept.terms if term.status.is_approved))


def _parsed(data: bytes, path: str) -> Any:
    from lxml import etree

    if re.search(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y", data):
        raise ReadError("declares entities, which is refused", path=path, hint="write the characters themselves")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise ReadError(f"not XML, or cut off: {error.msg}", path=path, line=line, hint="export it again") from None
    except ValueError as error:
        raise ReadError(f"not XML: {error}", path=path) from None


def _name(node: Any) -> str:
    return str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""


def _kind(node: Any) -> str:
    """The data category: an attribute in the style DCA, the element's own name in DCT."""
    return str(node.get("type") or _name(node))


def _text(node: Any) -> str:
    return fold_line("".join(node.itertext()))


def _read_concept(entry: Any, number: int, collector: Collector) -> Concept:
    details: dict[str, list[str]] = {}
    history: list[Change] = []
    for node in entry:
        if _name(node) not in {"langSec", "langSet"}:
            _read_detail(node, details, history)
    history = [replace(change, when=collector.moment(change.when, entry.sourceline)) for change in history]
    sections = [node for node in entry if _name(node) in {"langSec", "langSet"}]
    terms = tuple(term for section in sections for term in _read_terms(section, details, collector))
    ours, notes = _split(details.pop("note", []))
    addresses = [address for address in details.get("externalCrossReference", []) if address]
    sources = [source for text in [*details.get("source", []), *ours.get("source", [])] for source in parse_sources(text)]
    sources += [Source(address, address=address) for address in addresses if all(s.address != address for s in sources)]
    own = tuple(tuple(text.split("=", 1)) for text in ours.get("own", []) if "=" in text)
    changes = [collector.change(text, entry.sourceline) for text in ours.get("history", [])]
    return Concept(
        _decoded(entry.get("id") or f"c{number}"),
        terms,
        "; ".join(details.get("subjectField", [])),
        " ".join(details.get("definition", [])),
        tuple(sources),
        " ".join(notes),
        tuple(details.get("xGraphic", [])),
        tuple(changes or history),
        own,  # type: ignore[arg-type]
    )


def _read_detail(node: Any, details: dict[str, list[str]], history: list[Change]) -> None:
    """Put a note, description, source, link or change where it belongs, whatever group it stands in."""
    if _name(node) == "transacGrp":
        parts = {_kind(part): _text(part) for part in node}
        when = parts.get("date", "")
        what = parts.get("transactionType", parts.get("transac", "modification"))
        history.append(Change(when[:10], parts.get("responsibility", ""), what))
    elif _name(node).endswith("Grp"):
        for part in node:
            _read_detail(part, details, history)
    elif _name(node):
        value = node.get("target") if _name(node) == "xref" or _kind(node) in {"xGraphic", "externalCrossReference"} else None
        if text := fold_line(value or "") or _text(node):
            details.setdefault(_kind(node), []).append(text)


def _read_terms(section: Any, concept: dict[str, list[str]], collector: Collector) -> Iterator[Term]:
    language = section.get(f"{_XML}lang") or section.get("lang") or ""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", language):
        raise collector.error("a language section without a language", section.sourceline, hint='such as xml:lang="ar"')
    count = 0
    for node in section:
        if _name(node) in {"termSec", "tig", "ntig"}:
            yield _read_term(node, language, collector, first=not count)
            count += 1
        else:
            _read_detail(node, concept, [])


def _read_term(node: Any, language: str, collector: Collector, *, first: bool) -> Term:
    from corpora.languages import checked

    line = node.sourceline or 0
    details: dict[str, list[str]] = {}
    text = ""
    for part in node.iter():
        if _name(part) == "term":
            text, line = _text(part), part.sourceline or line
    for part in node:
        _read_detail(part, details, [])
    ours, notes = _split(details.get("note", []))
    said = " ".join(details.get("administrativeStatus", details.get("normativeAuthorization", [])))
    status = _STATUS.get(said) or _LOOSE_STATUS.get(said.casefold()) or (Status.PREFERRED if first else Status.ADMITTED)
    if "status" in ours:
        status = collector.choice(Status, ours["status"][0], "status", line)
    return Term(
        collector.term(text, line),
        checked(language),
        status,
        tuple(collector.term(form, line) for form in ours.get("form", [])),
        _one_of(PartOfSpeech, details, "partOfSpeech"),
        _one_of(Gender, details, "grammaticalGender"),
        Number(ours["number"][0]) if ours.get("number", [""])[0] in list(Number) else _one_of(Number, details, "grammaticalNumber"),
        " ".join(details.get("context", [])),
        "; ".join(details.get("geographicalUsage", [])),
        collector.day("".join(ours.get("valid from", [])), line),
        collector.day("".join(ours.get("valid until", [])), line),
        "; ".join(details.get("source", [])),
        " ".join(notes),
    )


def _one_of(kinds: Any, details: dict[str, list[str]], name: str) -> Any:
    said = " ".join(details.get(name, []))
    return kinds(said) if said in list(kinds) else kinds("other") if said and "other" in list(kinds) else None


def _split(notes: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Our own notes by name, and those that are notes."""
    ours: dict[str, list[str]] = {}
    others = []
    for note in notes:
        if match := _OURS.fullmatch(note):
            ours.setdefault(match[1], []).append(match[2])
        else:
            others.append(note)
    return ours, others


def _shell(glossary: Glossary, version: int) -> Any:
    from lxml import etree

    language = next(iter(glossary.languages), "en")
    attributes = {f"{_XML}lang": language}
    if version == 3:
        root = etree.Element("tbx", attributes | {"type": "TBX-Basic", "style": "dca"}, nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    else:
        root = etree.Element("martif", attributes | {"type": "TBX-Basic"})
    header = _add(root, "tbxHeader" if version == 3 else "martifHeader")
    description = _add(header, "fileDesc")
    _add(_add(description, "titleStmt"), "title", fold_line(glossary.name) or "glossary")
    _add(_add(description, "sourceDesc"), "p", f"{len(glossary.concepts)} concepts, content {glossary.digest or 'unnamed'}")
    if version == 2:
        _add(_add(header, "encodingDesc"), "p", "TBXBasicXCSV02.xcs", {"type": "XCSURI"})
    _add(_add(root, "text"), "body")
    return root


def _entry(concept: Concept, version: int) -> Any:
    from lxml import etree

    name, section_name, term_name = ("conceptEntry", "langSec", "termSec") if version == 3 else ("termEntry", "langSet", "tig")
    entry = etree.Element(f"{{{NAMESPACE}}}{name}" if version == 3 else name, {"id": _encoded(concept.id)})
    _write_details(entry, concept)
    for language in dict.fromkeys(term.language for term in concept.terms):
        section = _add(entry, section_name, None, {f"{_XML}lang": language})
        for term in concept.in_language(language):
            _write_term(_add(section, term_name), term)
    return entry


def _write_details(entry: Any, concept: Concept) -> None:
    if concept.domain:
        _add(entry, "descrip", concept.domain, {"type": "subjectField"})
    place = entry
    if concept.definition:
        place = _add(entry, "descripGrp")
        _add(place, "descrip", concept.definition, {"type": "definition"})
    if concept.sources:
        _add(place, "admin", "; ".join(map(str, concept.sources)), {"type": "source"})
    for change in concept.history:
        _write_change(entry, change, first=change is concept.history[0])
    ours = [f"muqabala history: {change_text(change)}" for change in concept.history]
    ours += [f"muqabala own: {name}={value}" for name, value in concept.own]
    for note in [concept.note, *ours] if concept.note else ours:
        _add(entry, "note", note)
    for image in concept.images:
        _add(entry, "xref", image, {"type": "xGraphic", "target": image})
    for source in concept.sources:
        if source.address:
            _add(entry, "xref", source.instrument, {"type": "externalCrossReference", "target": source.address})


def _write_change(entry: Any, change: Change, *, first: bool) -> None:
    group = _add(entry, "transacGrp")
    _add(group, "transac", "origination" if first else "modification", {"type": "transactionType"})
    if change.who:
        _add(group, "transacNote", change.who, {"type": "responsibility"})
    if change.when:
        _add(group, "date", change.when[:10])


def _write_term(node: Any, term: Term) -> None:
    _add(node, "term", term.text)
    named = [
        ("partOfSpeech", term.part_of_speech), ("grammaticalGender", term.gender), ("administrativeStatus", _WRITTEN[term.status]),
        ("geographicalUsage", term.region),
    ]  # fmt: skip
    for kind, value in named:
        if value:
            _add(node, "termNote", str(value), {"type": kind})
    if term.context:
        _add(_add(node, "descripGrp"), "descrip", term.context, {"type": "context"})
    if term.source:
        _add(node, "admin", term.source, {"type": "source"})
    ours = [("status", term.status if term.status not in _STATUS.values() else ""), ("number", term.number or "")]
    ours += [("valid from", term.valid_from), ("valid until", term.valid_until), *(("form", form) for form in term.forms)]
    for note in [*([term.note] if term.note else []), *(f"muqabala {name}: {value}" for name, value in ours if value)]:
        _add(node, "note", note)


def _add(parent: Any, name: str, text: str | None = None, attributes: dict[str, str] | None = None) -> Any:
    from lxml import etree

    namespace = str(parent.tag).rpartition("}")[0]
    node = etree.SubElement(parent, f"{namespace}}}{name}" if namespace else name, attributes or {})
    node.text = text
    return node


def _encoded(identifier: str) -> str:
    """An id that XML allows: letters, digits, . and - stay, the rest and a first digit become _xHHHH_."""
    plain = re.sub(r"_(?=x[0-9a-fA-F]+_)", "_x5f_", identifier)
    return re.sub(r"^[0-9.\-]|[^\w.\-]|[\u00aa\u00b2-\u00ba]", lambda m: f"_x{ord(m[0]):x}_", plain)


def _decoded(identifier: str) -> str:
    return re.sub(r"_x((?:10|[0-9a-fA-F])?[0-9a-fA-F]{1,4})_", lambda m: chr(int(m[1], 16)), identifier)
