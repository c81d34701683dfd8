// The list of statements: how far each is, what wants to be looked at; search, exports, one's own day, the people.

import { $, ask, button, duration, failed, keep, made, number, say, slice, stored, table, textCell } from "./dom.js";

const SHOWN = 200; // rows at first; a button shows more
const FORMATS = ["tmx", "xliff", "xliff12", "po", "moses", "tsv", "csv", "xlsx", "jsonl", "tei", "xces", "html", "sqlite", "parquet"];
const FILTERS = {
  all: () => true,
  undecided: (pair) => pair.decided < pair.beads,
  doubtful: (pair) => pair.doubtful > 0,
  errors: (pair) => pair.errors > 0,
  review: (pair) => pair.open > 0,
  done: (pair) => pair.beads > 0 && pair.decided === pair.beads,
  problems: (pair) => pair.problem !== "" || (pair.belief >= 0 && pair.belief < 0.5),
};
const COLUMNS = {
  statement: (pair) => pair.source, progress: (pair) => pair.decided / Math.max(pair.beads, 1), doubtful: (pair) => -pair.doubtful,
  errors: (pair) => -pair.errors, open: (pair) => -pair.open, risk: (pair) => -(pair.risk + pair.errors + pair.open),
};

let project = null;
let most = SHOWN;
let filter = stored("filter", "all");
let sorted = stored("sorted", "risk");

export async function goHome(me) {
  const day = new Date().toISOString().slice(0, 10);
  const [answer, mine, people] = await Promise.all([ask("project"), ask(`day?day=${day}`), ask("people")]);
  project = answer;
  document.body.dataset.page = "home";
  $("title").textContent = say("statements");
  const find = made("form", { role: "search", onsubmit: (event) => { event.preventDefault(); search().catch(failed); } },
    made("label", {}, `${say("search")} `, made("input", { type: "search", id: "query", dir: "auto", maxlength: 300 })), " ", made("button", {}, say("find")));
  $("main").replaceChildren(
    made("section", { class: "cards" }, dayCard(mine, people, me), exportCard(), peopleCard(people)),
    find, made("div", { id: "hits" }), filters(), made("div", { id: "list" }));
  drawList();
}

function dayCard(mine, people, me) {
  const count = Object.values(mine.acts).reduce((sum, n) => sum + n, 0);
  const pace = mine.seconds >= 300 ? say("pace", { beads: number((mine.beads * 3600) / mine.seconds) }) : "";
  const lines = [made("p", {}, say("dayTold", { acts: number(count), beads: number(mine.beads), time: duration(mine.seconds) }), " ", pace)];
  if (mine.pairs.length) lines.push(made("ul", {}, ...mine.pairs.slice(0, 5).map((row) => made("li", {}, made("a", { href: `#${row.pair}` }, made("bdi", {}, row.source)), ` ${duration(row.seconds)}`))));
  if (people.now.length) lines.push(made("p", {}, say("thereNow"), " ", ...people.now.flatMap((row) => [made("a", { href: `#${row.pair}` }, made("bdi", {}, row.name)), " "])));
  return made("section", { class: "card" }, made("h2", {}, say("myDay", { name: me.name })), ...lines);
}

function exportCard() {
  const kind = made("select", { id: "format" }, ...FORMATS.map((name) => made("option", { value: name }, name)));
  const which = made("select", { id: "which" }, made("option", { value: "" }, say("allBeads")), made("option", { value: "accepted,edited,realigned" }, say("confirmedBeads")));
  const save = made("a", { class: "button", download: true, id: "save" }, say("saveFile"));
  const aim = () => { save.href = `/api/export/${kind.value}${which.value ? `?status=${which.value}` : ""}`; };
  for (const select of [kind, which]) select.addEventListener("change", aim);
  aim();
  return made("section", { class: "card" }, made("h2", {}, say("export")), made("p", { class: "line" }, made("label", {}, `${say("format")} `, kind), made("label", {}, `${say("beadsToo")} `, which), save));
}

function peopleCard(people) {
  if (!people.did.length) return null;
  const rows = people.did.map((row) => [made("bdi", {}, row.name), number(row.acts), duration(row.seconds), row.last.slice(0, 10)]);
  return made("section", { class: "card" }, made("h2", {}, say("people")), table([say("who"), say("acts"), say("time"), say("last")], rows));
}

// the list

function filters() {
  const box = made("input", { type: "search", id: "names", dir: "auto", "aria-label": say("filterNames"), placeholder: say("filterNames"), oninput: () => { most = SHOWN; drawList(); } });
  const names = Object.keys(FILTERS).map((name) => button(`${say(`f.${name}`)} (${number(project.pairs.filter(FILTERS[name]).length)})`, () => { filter = name; keep("filter", name); most = SHOWN; drawList(); }, { "data-filter": name }));
  return made("div", { class: "filters", role: "group", "aria-label": say("filters") }, box, ...names);
}

function drawList() {
  for (const chip of document.querySelectorAll("[data-filter]")) chip.setAttribute("aria-pressed", String(chip.dataset.filter === filter));
  const wanted = $("names").value.trim().toLocaleLowerCase();
  const key = COLUMNS[sorted] ?? COLUMNS.risk;
  const rows = project.pairs.filter((pair) => FILTERS[filter](pair) && (!wanted || `${pair.source} ${pair.target}`.toLocaleLowerCase().includes(wanted)))
    .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.pair - b.pair));
  const heads = Object.keys(COLUMNS).map((name, k) => made("th", { scope: "col", class: k > 1 ? "n" : null, "aria-sort": name === sorted ? (k > 1 ? "descending" : "ascending") : null },
    button(say(name), () => { sorted = name; keep("sorted", name); drawList(); document.querySelector(`[data-column="${name}"]`)?.focus(); }, { class: "plain", "data-column": name })));
  const list = rows.length
    ? made("table", {}, made("thead", {}, made("tr", {}, ...heads)), made("tbody", {}, ...rows.slice(0, most).map(lineOf)))
    : made("p", {}, say(project.pairs.length ? "nothingFound" : "noStatements"));
  const more = rows.length > most ? button(say("more", { count: number(rows.length - most) }), () => { most += 5 * SHOWN; drawList(); }) : null;
  const alone = project.alone.length ? made("details", {}, made("summary", {}, `${say("alone")}: ${number(project.alone.length)}`), ...project.alone.slice(0, 500).map((name) => made("p", {}, made("bdi", {}, name)))) : null;
  $("list").replaceChildren(...[list, more, alone].filter(Boolean));
}

function lineOf(pair) {
  const doubt = pair.problem || (pair.belief >= 0 && pair.belief < 0.5 ? say("unbelieved") : "");
  return made("tr", {},
    made("td", {}, made("a", { href: `#${pair.pair}` }, made("bdi", {}, pair.source)), made("br"), made("bdi", {}, pair.target), doubt ? made("p", { class: "problem" }, made("bdi", {}, doubt)) : null),
    made("td", {}, made("progress", { max: Math.max(pair.beads, 1), value: pair.decided, "aria-label": say("progress") }), ` ${number(pair.decided)}/${number(pair.beads)}`),
    ...["doubtful", "errors", "open"].map((name) => made("td", { class: "n" }, number(pair[name]))),
    made("td", { class: "n" }, number(pair.risk, 1)));
}

// search over the texts

async function search() {
  const query = $("query").value.trim();
  if (!query) { $("hits").replaceChildren(); return; }
  const hits = await ask(`search?words=${encodeURIComponent(query)}`);
  const { source, target } = project.languages;
  const rows = hits.map((hit) => [made("a", { href: `#${Number(hit.bead.slice(1).split("-")[0])}/${hit.bead}` }, made("bdi", {}, hit.bead)), textCell(source, ...marked(hit.source, hit.source_spans)), textCell(target, ...marked(hit.target, hit.target_spans))]);
  $("hits").replaceChildren(hits.length ? table([say("bead"), say("original"), say("translation")], rows) : made("p", { role: "status" }, say("nothingFound")));
}

function marked(text, spans) {
  const out = [];
  let at = 0;
  for (const [a, b] of spans) { out.push(slice(text, at, a), made("mark", {}, slice(text, a, b))); at = b; }
  return [...out, slice(text, at)];
}
