// The project's glossary: looked through, and changed by a lead, with its history and the candidates that reviewers noted.

import { $, ask, button, dialog, failed, made, say, scrolling, table, tell } from "./dom.js";

const STATUSES = ["preferred", "admitted", "deprecated", "superseded", "forbidden", "do not translate"];
const DIRECTIONS = new Set(["ar", "fa", "he", "ur"]);

let lead = false;
let version = "";
let languages = [];
let project = null;

const dirOf = (code) => (DIRECTIONS.has(code.split("-")[0]) ? "rtl" : "ltr");

export async function goGlossary(name, me) {
  document.body.dataset.page = "glossary";
  lead = me.role === "lead";
  project ??= await ask("project");
  $("title").textContent = say("glossary");
  const find = made("form", { role: "search", onsubmit: (event) => { event.preventDefault(); list().catch(failed); } },
    made("label", {}, `${say("searchTerms")} `, made("input", { type: "search", id: "words", dir: "auto", maxlength: 300 })), " ", made("button", {}, say("find")),
    " ", lead ? button(say("newConcept"), () => draw({ id: "", terms: [] }, [])) : null);
  $("main").replaceChildren(find, made("div", { id: "glossary" }, made("section", { id: "concepts", "aria-label": say("concepts") }), made("section", { id: "concept", "aria-label": say("concept") })));
  await list();
  if (name) await open(name);
  else await candidates();
}

async function list() {
  const found = await ask(`glossary?words=${encodeURIComponent($("words").value.trim())}`);
  ({ version, languages } = found);
  const rows = found.concepts.map((concept) => [made("a", { href: `#glossary/${encodeURIComponent(concept.id)}` }, made("bdi", {}, concept.id)),
    ...languages.map((code) => made("td", { lang: code, dir: dirOf(code), class: "side" }, concept.terms[code].join(" | ")))]);
  const told = found.count > rows.length ? say("firstOf", { shown: rows.length, count: found.count }) : say("conceptsFound", { count: found.count });
  $("concepts").replaceChildren(made("p", { role: "status" }, `${found.name}: ${told}`), scrolling(table([say("concept"), ...languages], rows)));
}

async function candidates() {
  const noted = await ask("glossary/candidates");
  if (!noted.length) { $("concept").replaceChildren(made("p", {}, say("chooseConcept"))); return; }
  const rows = noted.map((row) => [made("td", { lang: project.languages.source.code, dir: project.languages.source.dir, class: "side" }, row.source), made("td", { lang: project.languages.target.code, dir: project.languages.target.dir, class: "side" }, row.target),
    made("a", { href: `#${Number(row.bead.slice(1).split("-")[0])}/${row.bead}` }, made("bdi", {}, row.bead)), made("bdi", {}, row.by),
    lead ? button(say("makeConcept"), () => draw({ id: "", wanted: row.target.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_"), terms: [{ text: row.source, language: project.languages.source.code }, { text: row.target, language: project.languages.target.code }], note: say("notedBy", { by: row.by, bead: row.bead }) }, [])) : ""]);
  $("concept").replaceChildren(made("h2", {}, say("candidates")), scrolling(table([say("original"), say("translation"), say("bead"), say("who"), say("acts")], rows)));
}

async function open(name) {
  const told = await ask(`glossary/concept?name=${encodeURIComponent(name)}`);
  version = told.version;
  draw(told.concept, told.remarks);
}

// one concept

function draw(concept, remarks) {
  const box = $("concept");
  const history = (concept.history ?? []).map((change) => [change.when.slice(0, 16).replace("T", " "), made("bdi", {}, change.who), made("bdi", {}, change.what)]);
  const notes = remarks.map((remark) => made("li", { class: remark.severity }, made("bdi", {}, [say(`l.${remark.code}`), remark.term, remark.other].filter(Boolean).join(": "))));
  const content = lead ? form(concept) : reading(concept);
  box.replaceChildren(made("h2", {}, concept.id ? made("bdi", {}, concept.id) : say("newConcept")), notes.length ? made("ul", { class: "told" }, ...notes) : "", content,
    history.length ? made("h3", {}, say("history")) : "", history.length ? scrolling(table([say("when"), say("who"), say("what")], history)) : "");
  if (lead) box.querySelector("input, textarea")?.focus();
}

const sourceText = (source) => `${source.instrument}${source.article ? `, ${source.article}` : ""}${source.address ? ` <${source.address}>` : ""}`;

function reading(concept) {
  const rows = concept.terms.map((term) => [term.language, made("td", { lang: term.language, dir: dirOf(term.language), class: "side" }, term.text), say(`t.${term.status ?? "preferred"}`), made("bdi", {}, [term.source, term.note].filter(Boolean).join("; "))]);
  const lines = [["domain", concept.domain], ["definition", concept.definition], ["sources", (concept.sources ?? []).map(sourceText).join("; ")], ["note", concept.note]];
  return made("div", {}, scrolling(table([say("language"), say("term"), say("status"), say("note")], rows)), ...lines.filter(([, text]) => text).map(([name, text]) => made("p", {}, made("b", {}, `${say(name)}: `), made("bdi", {}, text))));
}

function form(concept) {
  const terms = made("div", { class: "terms" }, ...concept.terms.map(termRow));
  const field = (name, value, tag = "input") => {
    const box = made(tag, { name, dir: "auto", maxlength: 4000, ...(tag === "input" ? { value } : {}) });
    if (tag === "textarea") box.value = value;
    return made("p", {}, made("label", {}, `${say(name)} `, box));
  };
  const id = concept.id ? null : made("p", {}, made("label", {}, `${say("conceptId")} `, made("input", { name: "id", required: true, maxlength: 200 })));
  const out = made("form", { id: "edit" }, id, terms, made("p", {}, button(say("addTerm"), () => { terms.append(termRow({ text: "", language: languages[0] })); terms.lastElementChild.querySelector("input").focus(); })),
    field("domain", concept.domain ?? ""), field("definition", concept.definition ?? "", "textarea"), field("sources", (concept.sources ?? []).map(sourceText).join("\n"), "textarea"), field("note", concept.note ?? "", "textarea"),
    made("menu", {}, made("button", { type: "submit" }, say("save")), concept.id && version ? button(say("removeConcept"), () => remove(concept.id).catch(failed)) : null));
  if (id) id.querySelector("input").value = concept.wanted ?? "";
  out.addEventListener("submit", (event) => { event.preventDefault(); save(out, concept).catch(refused); });
  return out;
}

function termRow(term) {
  const language = made("select", { name: "language", "aria-label": say("language") }, ...[...new Set([...languages, term.language])].map((code) => made("option", { value: code }, code)));
  language.value = term.language;
  const text = made("input", { name: "text", value: term.text, dir: dirOf(term.language), lang: term.language, "aria-label": say("term"), maxlength: 500 });
  language.addEventListener("change", () => { text.dir = dirOf(language.value); text.lang = language.value; });
  const status = made("select", { name: "status", "aria-label": say("status") }, ...STATUSES.map((name) => made("option", { value: name }, say(`t.${name}`))));
  status.value = term.status ?? "preferred";
  const forms = made("input", { name: "forms", value: (term.forms ?? []).join(" | "), dir: "auto", "aria-label": say("forms"), placeholder: say("forms"), maxlength: 1000 });
  const note = made("input", { name: "note", value: term.note ?? "", dir: "auto", "aria-label": say("note"), placeholder: say("note"), maxlength: 1000 });
  const row = made("div", { class: "entry", role: "group", "aria-label": term.text || say("newTerm") }, language, text, status, button(say("removeTerm"), () => row.remove()), forms, note);
  row.term = term;
  return row;
}

function conceptOf(out, before) {
  const value = (name) => out.querySelector(`:scope > p [name=${name}]`).value.trim();
  const terms = [...out.querySelectorAll(".entry")].map((row) => {
    const own = Object.fromEntries(["language", "text", "status", "forms", "note"].map((name) => [name, row.querySelector(`[name=${name}]`).value.trim()]));
    return { ...row.term, ...own, forms: own.forms.split("|").map((form_) => form_.trim()).filter(Boolean) };
  }).filter((term) => term.text);
  const { history: _, id: __, wanted: ___, ...kept } = before;
  return { ...kept, terms, domain: value("domain"), definition: value("definition"), sources: value("sources").split("\n").map((line) => line.trim()).filter(Boolean), note: value("note") };
}

async function save(out, before) {
  const id = before.id || out.querySelector("[name=id]").value.trim();
  const told = await ask("glossary/concept", { name: id, version, concept: conceptOf(out, before) }, "PUT");
  await list();
  version = told.version;
  draw(told.concept, told.remarks);
  history.replaceState(null, "", `#glossary/${encodeURIComponent(id)}`);
  tell(say("saved"));
}

async function remove(id) {
  if (!(await dialog(say("removeConcept"), [made("p", {}, say("sureRemove", { id }))]))) return;
  const told = await ask("glossary/concept", { name: id, version }, "DELETE");
  version = told.version;
  await list();
  $("concept").replaceChildren(made("p", { role: "status" }, say("removed")));
}

// somebody else changed the glossary: what is in the form stays, and can be saved again over theirs
async function refused(error) {
  if (error.status !== 409) { failed(error); return; }
  ({ version } = await ask("glossary?most=1"));
  tell(say("glossaryConflict"));
}
