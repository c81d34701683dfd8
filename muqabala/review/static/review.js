// The workbench: draws what the API tells and sends what keys and buttons ask for. Everything is text; nothing is parsed as HTML.

const KEYS = {
  down: ["ArrowDown", "KeyJ"], up: ["ArrowUp", "KeyK"], accept: ["KeyA"], reject: ["KeyX"], review: ["KeyR"], clear: ["KeyC"],
  mergeNext: ["KeyM"], mergePrevious: ["Shift+KeyM"], split: ["KeyS"], sourceUp: ["KeyQ"], sourceDown: ["KeyW"], targetUp: ["KeyO"],
  targetDown: ["KeyP"], unlink: ["KeyU"], choose: ["KeyB"], link: ["KeyL"], edit: ["KeyE"], editSource: ["Shift+KeyE"], comment: ["KeyN"],
  cut: ["KeyT"], joinSentences: ["Shift+KeyT"], nextOpen: ["KeyF"], nextWrong: ["KeyV"], nextOdd: ["KeyD"], order: ["KeyI"],
  undo: ["KeyZ"], redo: ["Shift+KeyZ"], surer: ["Shift+KeyA"], realign: ["Shift+KeyR"], history: ["KeyH"], term: ["KeyG"], home: ["Escape"], help: ["Shift+Slash"],
};
const UNUSUAL = (bead) => bead.source.length !== 1 || bead.target.length !== 1;
const IS_OPEN = (bead) => bead.status === "machine" || bead.status === "needs review";
const stored = (name, other) => { try { return JSON.parse(localStorage.getItem(name)) ?? other; } catch { return other; } };
const keep = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* private window */ } };

let words = {};
let keys = { ...KEYS, ...stored("keys", {}) };
let keysOn = stored("keysOn", true);
let project = null;
let sheet = null; // the open statement: beads by id, their order, its version
let here = null; // id of the current bead
let chosen = new Set();
let marks = new Map();
let waiting = new Set();
let halfTerm = null;
let byRisk = stored("byRisk", true);
let line = Promise.resolve(); // acts wait for each other: who types fast is not in conflict with themselves

const $ = (id) => document.getElementById(id);
const say = (name, values = {}) => (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function tell(text) {
  $("told").textContent = text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { $("told").textContent = ""; }, 5000);
}

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-Muqabala": "1" } };
  const response = await fetch(`/api/${path}`, options);
  const answer = await response.json();
  if (response.ok) return answer;
  const error = new Error(answer.error ?? JSON.stringify(answer.detail ?? answer));
  error.status = response.status;
  error.answer = answer;
  throw error;
}

// languages of the page

async function speak(language) {
  words = await (await fetch(`/static/words.${language}.json`)).json();
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  keep("language", language);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  $("language").textContent = language === "ar" ? "English" : "العربية";
  $("language").lang = language === "ar" ? "en" : "ar";
  $("order").replaceChildren(made("option", { value: "risk" }, say("byRisk")), made("option", { value: "document" }, say("inOrder")));
  $("order").value = byRisk ? "risk" : "document";
  if (sheet) drawSheet(); else if (project) drawHome();
}

// the list of statements

async function goHome() {
  sheet = null;
  project = await ask("project");
  if (location.hash) history.pushState(null, "", location.pathname);
  drawHome();
}

function drawHome() {
  document.body.dataset.page = "home";
  for (const id of ["order", "undo", "redo", "surer", "realign"]) $(id).hidden = true;
  $("title").textContent = say("statements");
  $("left").textContent = "";
  const main = $("main");
  const find = made("form", { role: "search", onsubmit: search }, made("label", {}, `${say("search")} `, made("input", { type: "search", id: "query", dir: "auto", maxlength: 300 })));
  const body = made("tbody");
  const rows = [...project.pairs].sort((a, b) => b.risk + b.errors + b.open - a.risk - a.errors - a.open);
  for (const pair of rows) {
    body.append(made("tr", {},
      made("td", {}, made("a", { href: `#${pair.pair}` }, made("bdi", {}, pair.source)), made("br"), made("bdi", {}, pair.target)),
      made("td", {}, made("progress", { max: Math.max(pair.beads, 1), value: pair.decided, "aria-label": say("progress") }), ` ${pair.decided}/${pair.beads}`),
      ...["doubtful", "errors", "open"].map((name) => made("td", { class: "n" }, String(pair[name]))),
      made("td", { class: "n" }, pair.risk.toFixed(1))));
  }
  const head = made("tr", {}, ...["statement", "progress", "doubtful", "errors", "open", "risk"].map((name, k) => made("th", { scope: "col", class: k > 1 ? "n" : null }, say(name))));
  const table = rows.length ? made("table", {}, made("thead", {}, head), body) : made("p", {}, say("noStatements"));
  main.replaceChildren(find, made("div", { id: "hits" }), table);
  if (project.alone.length) main.append(made("p", {}, `${say("alone")}: `, ...project.alone.flatMap((name) => [made("bdi", {}, name), " "])));
}

async function search(event) {
  event.preventDefault();
  const query = $("query").value.trim();
  if (!query) return;
  try {
    const hits = await ask(`search?words=${encodeURIComponent(query)}`);
    const { source, target } = project.languages;
    $("hits").replaceChildren(made("table", {}, made("tbody", {}, ...hits.map((hit) => made("tr", {},
      made("td", {}, made("a", { href: `#${Number(hit.bead.slice(1).split("-")[0])}/${hit.bead}` }, made("bdi", {}, hit.bead))),
      made("td", { lang: source.code, dir: source.dir, class: "side" }, ...marked(hit.source, hit.source_spans)),
      made("td", { lang: target.code, dir: target.dir, class: "side" }, ...marked(hit.target, hit.target_spans)))))));
    if (!hits.length) $("hits").replaceChildren(made("p", {}, say("nothingFound")));
  } catch (error) { tell(say("failed", { reason: error.message })); }
}

function marked(text, spans) {
  const out = [];
  let at = 0;
  for (const [a, b] of spans) { out.push(slice(text, at, a), made("mark", {}, slice(text, a, b))); at = b; }
  return [...out, slice(text, at)];
}

// offsets of the API are code points, those of JavaScript are not
const slice = (text, a, b) => (/[\ud800-\udfff]/.test(text) ? Array.from(text).slice(a, b).join("") : text.slice(a, b));

// a statement

async function open(pair, bead) {
  const answer = await ask(`pairs/${pair}`);
  sheet = { ...answer, order: answer.beads.map((b) => b.id), beads: new Map(answer.beads.map((b) => [b.id, b])) };
  marks = new Map();
  chosen = new Set();
  here = bead && sheet.beads.has(bead) ? bead : null;
  drawSheet();
  here ??= shown()[0] ?? null;
  go(here, { focus: true });
}

function shown() {
  if (!byRisk) return sheet.order;
  const place = new Map(sheet.order.map((id, k) => [id, k]));
  return [...sheet.order].sort((a, b) => sheet.beads.get(b).risk - sheet.beads.get(a).risk || place.get(a) - place.get(b));
}

function drawSheet() {
  document.body.dataset.page = "sheet";
  for (const id of ["order", "undo", "redo", "surer", "realign"]) $(id).hidden = false;
  const title = sheet.target.title || sheet.source.title || sheet.source.document;
  $("title").replaceChildren(made("bdi", {}, title));
  const list = made("ol", { id: "rows" });
  const map = made("canvas", { id: "map", "aria-hidden": "true", onclick: jumpOnMap });
  $("main").replaceChildren(made("div", { id: "sheet" }, list, map));
  watcher.disconnect();
  for (const id of shown()) list.append(rowOf(id));
  drawLeft();
  drawMap();
  mark();
}

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    const row = entry.target;
    watcher.unobserve(row);
    fill(row);
    waiting.add(row.dataset.id);
  }
  if (waiting.size) { clearTimeout(watcher.timer); watcher.timer = setTimeout(fetchMarks, 30); }
}, { rootMargin: "600px" });

function rowOf(id) {
  const row = made("li", { "data-id": id, tabindex: "-1", id });
  watcher.observe(row);
  return row;
}

async function fetchMarks() {
  const wanted = [...waiting].filter((id) => !marks.has(id)).slice(0, 400);
  waiting = new Set();
  if (!wanted.length || !sheet) return;
  const pair = sheet.pair;
  const found = await ask(`pairs/${pair}/marks`, { beads: wanted });
  if (!sheet || sheet.pair !== pair) return;
  for (const [id, sides] of Object.entries(found)) { marks.set(id, sides); redraw(id); }
}

function redraw(id) {
  const row = $(id);
  if (row?.childElementCount) fill(row);
}

function fill(row) {
  const bead = sheet.beads.get(row.dataset.id);
  if (!bead) return;
  row.replaceChildren(...[sideOf(bead, "source", 0), middleOf(bead), sideOf(bead, "target", 1), toldOf(bead)].filter(Boolean));
  row.className = [IS_OPEN(bead) && bead.confidence < 0.8 ? "doubt" : "", chosen.has(bead.id) ? "chosen" : ""].join(" ").trim();
  if (here === bead.id) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
}

function sideOf(bead, name, at) {
  const side = sheet[name];
  const box = made("div", { class: "side", lang: side.language, dir: side.dir, "data-side": name });
  const parts = bead[name].map(([, text]) => text);
  const whole = parts.join(" ");
  const text = bead.edited[at] ?? whole;
  if (!text) { box.append(made("p", { class: "nothing" }, "\u2014")); return box; }
  const wrong = bead.findings.filter((f) => f.severity !== "info").flatMap((f) => f[name]);
  const terms = marks.get(bead.id)?.[name] ?? [];
  if (bead.edited[at] !== null) {
    box.append(made("p", { class: "edited" }, ...pieces(text, 0, text, wrong, terms)), made("p", { class: "was" }, whole));
    return box;
  }
  let start = 0;
  for (const part of parts) { box.append(made("p", {}, ...pieces(part, start, text, wrong, terms))); start += Array.from(part).length + 1; }
  return box;
}

// a part of a text (from `start`) in pieces: what a finding is about is marked, terms are underlined
function pieces(part, start, whole, wrong, terms) {
  const length = Array.from(part).length;
  const inside = (span) => span[0] < start + length && span[1] > start;
  const edges = new Set([0, length]);
  for (const span of [...wrong, ...terms.map((t) => t.span)].filter(inside)) for (const edge of span) edges.add(Math.min(Math.max(edge - start, 0), length));
  const sorted = [...edges].sort((a, b) => a - b);
  const out = [];
  for (let k = 0; k + 1 < sorted.length; k++) {
    const [a, b] = [sorted[k] + start, sorted[k + 1] + start];
    let node = document.createTextNode(slice(part, sorted[k], sorted[k + 1]));
    const term = terms.find((t) => t.span[0] <= a && b <= t.span[1]);
    if (wrong.some(([x, y]) => x <= a && b <= y)) node = made("mark", {}, node);
    if (term) node = made("bdi", { class: "term", "data-concept": term.concept, title: `${term.concept}: ${term.approved.join(" | ")}` }, node);
    out.push(node);
  }
  return out;
}

function middleOf(bead) {
  const percent = Math.round(bead.confidence * 100);
  const status = { accepted: "accepted", rejected: "rejected", "needs review": "review" }[bead.status] ?? "sure";
  return made("div", { class: "middle" }, made("b", {}, `${bead.source.length}-${bead.target.length}`),
    bead.status === "machine" ? made("span", { class: bead.confidence < 0.8 ? "unsure" : "sure", title: say("confidence") }, `${percent} %`) : made("span", { class: status }, say(bead.status)),
    made("br"), made("bdi", {}, bead.id));
}

function toldOf(bead) {
  const list = made("ul", { class: "told" });
  for (const f of bead.findings) {
    const item = made("li", { class: f.severity }, made("bdi", {}, f.text));
    if (f.expected.length) item.append(" ", made("bdi", {}, `(${say("approved", { terms: f.expected.join(" | ") })})`));
    item.append(made("button", { type: "button", tabindex: here === bead.id ? "0" : "-1", onclick: () => waive(bead, f) }, say("waive")));
    list.append(item);
  }
  if (IS_OPEN(bead)) for (const doubt of bead.doubts) list.append(made("li", { class: "note" }, doubt));
  if (bead.note) list.append(made("li", { class: "note" }, "\u270e ", made("bdi", {}, bead.note)));
  return list.childElementCount ? list : null;
}

function drawLeft() {
  const beads = [...sheet.beads.values()];
  const left = beads.filter(IS_OPEN);
  const likely = left.reduce((sum, bead) => sum + 1 - bead.confidence, 0);
  $("left").textContent = left.length ? say("left", { open: left.length, all: beads.length, likely: likely.toFixed(1) }) : say("allDone", { all: beads.length });
}

function drawMap() {
  const map = $("map");
  if (!map) return;
  const ids = shown();
  map.width = 18;
  map.height = Math.max(map.clientHeight, 100);
  const pen = map.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name);
  const height = map.height / ids.length;
  ids.forEach((id, k) => {
    const bead = sheet.beads.get(id);
    const grave = bead.findings.some((f) => f.severity === "error");
    pen.fillStyle = !IS_OPEN(bead) ? colour("--sure") : grave ? colour("--wrong") : bead.confidence < 0.8 ? colour("--doubt") : colour("--line");
    pen.fillRect(0, k * height, 18, Math.max(height - 0.4, 0.6));
    if (id === here) { pen.fillStyle = colour("--here"); pen.fillRect(0, k * height - 1, 18, Math.max(height, 3)); }
  });
}

function jumpOnMap(event) {
  const ids = shown();
  go(ids[Math.min(Math.floor((event.offsetY / $("map").clientHeight) * ids.length), ids.length - 1)], { focus: true });
}

function mark() {
  for (const row of document.querySelectorAll('#rows > [aria-current="true"]')) row.removeAttribute("aria-current");
  if (here) $(here)?.setAttribute("aria-current", "true");
}

function go(id, { focus = true } = {}) {
  if (!id || !sheet) return;
  here = id;
  mark();
  const row = $(id);
  if (row && focus) { row.scrollIntoView({ block: "nearest", behavior: "auto" }); row.focus({ preventScroll: true }); }
  drawMap();
  history.replaceState(null, "", `#${sheet.pair}/${id}`);
}

function step(towards, wanted = () => true) {
  const ids = [...document.querySelectorAll("#rows > li")].map((row) => row.dataset.id);
  for (let k = ids.indexOf(here) + towards; k >= 0 && k < ids.length; k += towards) if (wanted(sheet.beads.get(ids[k]))) return go(ids[k]);
  if (wanted.length) for (const id of ids) if (id !== here && wanted(sheet.beads.get(id))) return go(id);
  return undefined;
}

// acts

async function act(name, body, { stay = false } = {}) {
  if (!sheet) return undefined;
  try {
    const answer = await ask(`pairs/${sheet.pair}/${name}`, { version: sheet.version, ...body });
    take(answer, { stay });
    return answer;
  } catch (error) {
    if (error.status === 409) {
      await refresh();
      tell(say("conflict", { by: error.answer.by }));
    } else tell(say("failed", { reason: error.message }));
    return undefined;
  }
}

function take(answer, { stay = false } = {}) {
  sheet.version = answer.version;
  for (const bead of answer.beads) { sheet.beads.set(bead.id, bead); marks.delete(bead.id); }
  if (answer.order) {
    const place = sheet.order.indexOf(here);
    sheet.order = answer.order;
    for (const id of [...sheet.beads.keys()]) if (!answer.order.includes(id)) { sheet.beads.delete(id); chosen.delete(id); }
    if (!sheet.beads.has(here)) here = answer.beads.find((bead) => sheet.beads.has(bead.id))?.id ?? sheet.order[Math.min(place, sheet.order.length - 1)];
    rearrange(new Set(answer.beads.map((bead) => bead.id)));
  } else for (const bead of answer.beads) { redraw(bead.id); waiting.add(bead.id); }
  fetchMarks();
  drawLeft();
  drawMap();
  if (!stay) go(here);
}

// the rows in their new order; those that stay keep their place in the document tree
function rearrange(changed) {
  const list = $("rows");
  for (const row of [...list.children]) if (!sheet.beads.has(row.dataset.id)) row.remove();
  const now = byRisk ? keepPlaces(list) : sheet.order;
  let at = list.firstElementChild;
  for (const id of now) {
    let row = $(id);
    if (row === at) at = at.nextElementSibling;
    else {
      row ??= rowOf(id);
      list.insertBefore(row, at);
    }
    if (changed.has(id)) { fill(row); waiting.add(id); }
  }
}

// by risk, rows do not jump while one works: new ones stand where the document puts them, beside their neighbours
function keepPlaces(list) {
  const old = [...list.children].map((row) => row.dataset.id);
  const known = new Set(old);
  const out = [...old];
  sheet.order.forEach((id, k) => {
    if (known.has(id)) return;
    const before = sheet.order.slice(0, k).reverse().find((other) => out.includes(other));
    out.splice(before ? out.indexOf(before) + 1 : 0, 0, id);
  });
  return out;
}

async function refresh() {
  const answer = await ask(`pairs/${sheet.pair}`);
  if (answer.version === sheet.version) return;
  const changed = answer.beads.filter((bead) => JSON.stringify(bead) !== JSON.stringify(sheet.beads.get(bead.id)));
  take({ version: answer.version, beads: changed, order: answer.beads.map((bead) => bead.id) }, { stay: true });
}

async function decide(status, note = "") {
  const beads = chosen.size ? [...chosen] : [here];
  const done = await act("decide", { beads, status, note }, { stay: true });
  if (!done) return;
  chosen = new Set();
  for (const id of beads) redraw(id);
  if (status === "accepted" || status === "rejected") step(1, (bead) => IS_OPEN(bead)); else go(here);
}

const ACTIONS = {
  down: () => step(1), up: () => step(-1),
  accept: () => decide("accepted"), reject: () => decide("rejected"), clear: () => decide("machine"),
  review: async () => { const text = await write(say("askReason"), "", document.documentElement); if (text !== null) decide("needs review", text); },
  mergeNext: () => act("merge", { bead: here, towards: 1 }), mergePrevious: () => act("merge", { bead: here, towards: -1 }),
  sourceUp: () => act("shift", { bead: here, side: "source", towards: -1 }), sourceDown: () => act("shift", { bead: here, side: "source", towards: 1 }),
  targetUp: () => act("shift", { bead: here, side: "target", towards: -1 }), targetDown: () => act("shift", { bead: here, side: "target", towards: 1 }),
  unlink: () => act("unlink", { bead: here }),
  choose: () => { if (chosen.has(here)) chosen.delete(here); else chosen.add(here); redraw(here); tell(say("chosen", { count: chosen.size })); },
  link: async () => { const beads = [...new Set([...chosen, here])]; if (await act("link", { beads })) chosen = new Set(); },
  split, edit: () => edit("target"), editSource: () => edit("source"), cut, joinSentences,
  comment: async () => { const text = await write(say("askComment"), sheet.beads.get(here).note, document.documentElement); if (text !== null) act("comment", { bead: here, text }); },
  nextOpen: () => step(1, (bead) => IS_OPEN(bead)), nextWrong: () => step(1, (bead) => bead.findings.some((f) => f.severity === "error")),
  nextOdd: () => step(1, (bead) => UNUSUAL(bead)),
  order: () => { byRisk = !byRisk; keep("byRisk", byRisk); $("order").value = byRisk ? "risk" : "document"; drawSheet(); go(here); },
  undo: () => act("undo", {}), redo: () => act("redo", {}), surer, realign, history: showHistory, term: keepTerm,
  home: () => goHome(), help: showKeys,
};

async function edit(side) {
  const bead = sheet.beads.get(here);
  const at = side === "source" ? 0 : 1;
  const whole = bead[side].map(([, text]) => text).join(" ");
  const text = await write(say(side === "source" ? "askEditSource" : "askEdit"), bead.edited[at] ?? whole, { lang: sheet[side].language, dir: sheet[side].dir });
  if (text !== null) act("edit", { bead: here, side, text: text === whole ? null : text });
}

async function split() {
  const bead = sheet.beads.get(here);
  const field = (name) => made("input", { type: "number", min: 0, max: bead[name].length, value: Math.ceil(bead[name].length / 2), "data-name": name });
  const fields = ["source", "target"].map(field);
  const done = await dialog(say("askSplit"), [made("p", {}, say("firstPart")), ...fields.map((box, k) => made("p", {}, made("label", {}, `${say(k ? "translation" : "original")} `, box)))]);
  if (done) act("divide", { bead: here, source: Number(fields[0].value), target: Number(fields[1].value) });
}

function currentSide() {
  const side = document.getSelection()?.anchorNode?.parentElement?.closest("[data-side]");
  return side && side.closest("li")?.dataset.id === here ? side.dataset.side : "target";
}

async function cut() {
  const bead = sheet.beads.get(here);
  const side = currentSide();
  if (!bead[side].length) return;
  const boxes = bead[side].map(([number, text]) => made("textarea", { readonly: true, lang: sheet[side].language, dir: sheet[side].dir, "data-segment": number, "aria-label": `${number + 1}` }, text));
  let last = boxes[0];
  for (const box of boxes) { box.addEventListener("focus", () => { last = box; }); box.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); $("dialog").close("ok"); } }); }
  if (await dialog(say("k.cut"), boxes)) {
    const offset = Array.from(last.value.slice(0, last.selectionStart)).length;
    if (offset) act("resegment", { bead: here, side, segment: Number(last.dataset.segment), offset });
  }
}

function joinSentences() {
  const side = currentSide();
  const segments = sheet.beads.get(here)[side];
  if (segments.length > 1) act("resegment", { bead: here, side, segment: segments[0][0] });
}

async function waive(bead, finding) {
  go(bead.id);
  const reason = await write(say("askWaive"), "", document.documentElement);
  if (reason) act("waive", { bead: bead.id, code: finding.code, concept: finding.concept, reason });
}

async function surer() {
  const box = made("input", { type: "number", min: 0, max: 1, step: 0.01, value: 0.95 });
  const count = made("p", { role: "status" });
  const update = async () => { const answer = await ask(`pairs/${sheet.pair}/accept-surer`, { version: sheet.version, confidence: Number(box.value), preview: true }); count.textContent = say("surerCount", { count: answer.count }); };
  box.addEventListener("input", update);
  update();
  if (await dialog(say("askSurer"), [made("label", {}, `${say("confidence")} `, box), count])) act("accept-surer", { confidence: Number(box.value) });
}

async function realign() {
  const answer = await act("realign", { preview: true }, { stay: true }).catch(() => undefined);
  if (!answer?.gone) return;
  if (!answer.gone.length && !answer.new.length) { tell(say("same")); return; }
  const line = (source, target) => made("tr", {}, made("td", { lang: sheet.source.language, dir: sheet.source.dir, class: "side" }, source || "\u2014"), made("td", { lang: sheet.target.language, dir: sheet.target.dir, class: "side" }, target || "\u2014"));
  const list = made("div", { class: "pairs", tabindex: "0" }, made("table", {}, made("tbody", {}, ...answer.new.map((row) => line(row.source, row.target)))));
  const text = say("preview", { gone: answer.gone.length, new: answer.new.length, locked: answer.locked });
  if (await dialog(say("realign"), [made("p", {}, text), list], say("apply"))) act("realign", { preview: false });
}

async function showHistory() {
  const events = await ask(`pairs/${sheet.pair}/history/${here}`);
  const rows = events.map((e) => made("tr", {}, made("td", {}, e.at), made("td", {}, made("bdi", {}, e.by)), made("td", {}, e.kind), made("td", {}, made("bdi", {}, e.status || e.text))));
  dialog(say("history"), [made("div", { class: "pairs", tabindex: "0" }, rows.length ? made("table", {}, made("tbody", {}, ...rows)) : made("p", {}, say("nobody")))], say("close"), true);
}

async function keepTerm() {
  const selection = document.getSelection();
  const side = selection?.anchorNode?.parentElement?.closest("[data-side]");
  const text = selection?.toString().trim();
  if (!side || !text || side.closest("li")?.dataset.id !== here) { tell(say("selectBoth")); return; }
  if (!halfTerm || halfTerm.bead !== here || halfTerm.side === side.dataset.side) { halfTerm = { bead: here, side: side.dataset.side, text }; tell(say("selectBoth")); return; }
  const both = { [halfTerm.side]: halfTerm.text, [side.dataset.side]: text };
  halfTerm = null;
  try { const answer = await ask(`pairs/${sheet.pair}/suggest`, { bead: here, source: both.source, target: both.target }); sheet.version = answer.version; tell(say("candidate")); } catch (error) { tell(say("failed", { reason: error.message })); }
}

// dialogs: opened by keys, closed by Escape

function dialog(title, content, ok = say("ok"), single = false) {
  const box = $("dialog");
  const form = made("form", { method: "dialog" }, made("h2", { id: "asked" }, title), ...content,
    made("menu", {}, made("button", { value: "ok" }, ok), single ? null : made("button", { value: "", formnovalidate: true }, say("cancel"))));
  box.replaceChildren(form);
  box.returnValue = "";
  box.showModal();
  (box.querySelector("textarea, input") ?? box.querySelector("button")).focus();
  return new Promise((resolve) => { box.addEventListener("close", () => { resolve(box.returnValue === "ok"); if (here && $(here)) $(here).focus({ preventScroll: true }); }, { once: true }); });
}

async function write(title, text, { lang, dir }) {
  const box = made("textarea", { lang: lang || null, dir: dir || "auto", maxlength: 20000, "aria-labelledby": "asked" });
  box.value = text;
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $("dialog").close("ok"); } });
  return (await dialog(title, [box])) ? box.value : null;
}

function keyName(code) {
  const names = { ArrowDown: "\u2193", ArrowUp: "\u2191", Slash: "/" };
  return code.split("+").map((part) => names[part] ?? part.replace(/^(Key|Digit)/, "")).join("+");
}

function showKeys() {
  const rows = Object.keys(KEYS).map((name) => {
    const change = made("button", { type: "button" }, ...keys[name].flatMap((code, k) => [k ? " " : "", made("kbd", {}, keyName(code))]));
    change.addEventListener("click", () => {
      change.textContent = say("pressKey");
      change.addEventListener("keydown", (event) => {
        if (["Shift", "Tab", "Control", "Alt", "Meta"].includes(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
        keys[name] = [combination(event)];
        keep("keys", keys);
        change.replaceChildren(made("kbd", {}, keyName(keys[name][0])));
      }, { once: true });
    });
    return made("tr", {}, made("td", {}, say(`k.${name}`)), made("td", {}, change));
  });
  const toggle = made("button", { type: "button", onclick: () => { keysOn = !keysOn; keep("keysOn", keysOn); tell(say(keysOn ? "keysOn" : "keysOff")); } }, say("toggleKeys"));
  dialog(say("keys"), [made("p", {}, toggle), made("div", { class: "pairs", tabindex: "0" }, made("table", {}, made("tbody", {}, ...rows)))], say("close"), true);
}

// keys by their place on the keyboard, so that an Arabic layout needs no switching

const combination = (event) => (event.shiftKey ? "Shift+" : "") + event.code;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || $("dialog").open) return;
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (field) return;
  const pressed = combination(event);
  if (!keysOn && !["Shift+Slash", "ArrowDown", "ArrowUp", "Escape"].includes(pressed)) return;
  const name = Object.keys(keys).find((own) => keys[own].includes(pressed));
  if (!name || (!sheet && name !== "help")) return;
  event.preventDefault();
  line = line.then(() => ACTIONS[name]()).catch((error) => tell(say("failed", { reason: error.message })));
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("#rows > li");
  if (row && !event.target.closest("button") && document.getSelection().isCollapsed) go(row.dataset.id);
});
for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, (event) => light(event.target));
function light(target) {
  for (const lit of document.querySelectorAll("bdi.term.lit")) lit.classList.remove("lit");
  const term = target.closest?.("bdi.term");
  if (term) for (const other of term.closest("li")?.querySelectorAll("bdi.term") ?? []) if (other.dataset.concept === term.dataset.concept) other.classList.add("lit");
}

$("home").addEventListener("click", goHome);
$("order").addEventListener("change", () => ACTIONS.order());
for (const name of ["undo", "redo", "surer", "realign"]) $(name).addEventListener("click", () => ACTIONS[name]());
$("keys").addEventListener("click", showKeys);
$("language").addEventListener("click", () => speak(document.documentElement.lang === "ar" ? "en" : "ar"));
$("theme").addEventListener("click", () => { const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches; setTheme(dark ? "light" : "dark"); });
function setTheme(theme) { document.documentElement.dataset.theme = theme; keep("theme", theme); if (sheet) drawMap(); }
window.addEventListener("hashchange", route);
window.addEventListener("resize", () => { if (sheet) drawMap(); });
setInterval(async () => { if (sheet && !document.hidden && !$("dialog").open) { const { version } = await ask(`pairs/${sheet.pair}/version`); if (sheet && version > sheet.version) await refresh(); } }, 5000);

async function route() {
  const [pair, bead] = location.hash.slice(1).split("/");
  try {
    if (!pair) await goHome();
    else if (!sheet || sheet.pair !== Number(pair)) { project ??= await ask("project"); await open(Number(pair), bead); } else if (bead) go(bead);
  } catch (error) { tell(say("failed", { reason: error.message })); $("main").replaceChildren(made("p", {}, error.message)); }
}

if (stored("theme", null)) document.documentElement.dataset.theme = stored("theme", null);
await speak(stored("language", navigator.language.startsWith("ar") ? "ar" : "en"));
await route();
document.body.dataset.ready = "true";
