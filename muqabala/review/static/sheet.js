// A statement: its beads as rows, the queue, the acts, who else is there.

import { $, ask, button, dialog, failed, keep, made, say, scrolling, show, stored, table, tell, textCell, write } from "./dom.js";
import { explain, isDoubtful, isOdd, isOpen, isWrong, partsOf, textOf, wholeOf } from "./rows.js";

let sheet = null; // the open statement: both sides, its version, beads by id, `order` in the document, `rows` as they are shown
let here = null; // id of the current bead
let byRisk = stored("byRisk", true);
let chosen = new Set();
let marks = new Map(); // terms by bead, as far as they were fetched
let waiting = new Set(); // beads whose terms are wanted
let halfTerm = null; // words of one side that wait for those of the other
let others = [];
let touched = 0; // when keys or mouse were used last
let fetching;

export const isOpened = () => sheet !== null;
export const isAt = (pair) => sheet?.pair === pair;
export function close() { sheet = null; }

const view = {
  get source() { return sheet.source; },
  get target() { return sheet.target; },
  terms: (id) => marks.get(id),
  people: (id) => others.filter((other) => other.bead === id).map((other) => other.name),
  here: () => here,
  waive: (id, k) => { go(id); waive(sheet.beads.get(id).findings[k]); },
};

// opening and drawing

export async function open(pair, bead) {
  const answer = await ask(`pairs/${pair}`);
  sheet = { ...answer, order: answer.beads.map((b) => b.id), beads: new Map(answer.beads.map((b) => [b.id, b])) };
  [marks, chosen, waiting, others] = [new Map(), new Set(), new Set(), []];
  here = bead && sheet.beads.has(bead) ? bead : null;
  draw();
  go(here ?? sheet.rows[0]);
  tellPlace();
}

function arrange() {
  if (!byRisk) return [...sheet.order];
  const place = new Map(sheet.order.map((id, k) => [id, k]));
  return [...sheet.order].sort((a, b) => sheet.beads.get(b).risk - sheet.beads.get(a).risk || place.get(a) - place.get(b));
}

export function draw() {
  document.body.dataset.page = "sheet";
  $("title").replaceChildren(made("bdi", {}, sheet.target.title || sheet.source.title || sheet.source.document));
  const tools = made("div", { class: "tools" }, chooser(), ...["undo", "redo", "surer", "realign", "changes"].map((name) => button(say(`b.${name}`), () => acts[name](), { id: name })));
  const list = made("ol", { id: "rows" });
  const map = made("canvas", { id: "map", "aria-hidden": "true", onclick: jump });
  $("main").replaceChildren(tools, made("p", { id: "left", role: "status" }), made("div", { id: "sheet" }, list, map));
  watcher.disconnect();
  sheet.rows = arrange();
  list.append(...sheet.rows.map(rowOf));
  drawLeft();
  drawMap();
  mark();
}

function chooser() {
  const select = made("select", { id: "order", "aria-label": say("order"), onchange: () => acts.order() }, made("option", { value: "risk" }, say("byRisk")), made("option", { value: "document" }, say("inOrder")));
  select.value = byRisk ? "risk" : "document";
  return select;
}

// rows are filled as they come near the window
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) { fill(entry.target); waiting.add(entry.target.dataset.id); }
  fetchSoon();
}, { rootMargin: "600px" });

function rowOf(id) {
  const row = made("li", { "data-id": id, tabindex: "-1", id });
  watcher.observe(row);
  return row;
}

function fill(row) {
  const bead = sheet?.beads.get(row.dataset.id);
  if (!bead) return;
  watcher.unobserve(row);
  const selected = placesIn(row);
  row.replaceChildren(...partsOf(bead, view));
  select(row, selected);
  row.className = [isDoubtful(bead) ? "doubt" : "", chosen.has(bead.id) ? "chosen" : "", view.people(bead.id).length ? "visited" : ""].filter(Boolean).join(" ");
  if (here === bead.id) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
}

// what is selected in a row, as paragraphs and characters, so that drawing it anew does not lose it
function placesIn(row) {
  const selection = document.getSelection();
  if (!selection?.anchorNode || !row.contains(selection.anchorNode) || !row.contains(selection.focusNode)) return null;
  return [[selection.anchorNode, selection.anchorOffset], [selection.focusNode, selection.focusOffset]].map(([node, offset]) => {
    const paragraph = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("p");
    if (!paragraph) return null;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(node, offset);
    return [[...row.querySelectorAll("p")].indexOf(paragraph), before.toString().length];
  });
}

function select(row, places) {
  if (!places?.every(Boolean)) return;
  const ends = places.map(([number, offset]) => {
    const walker = document.createTreeWalker(row.querySelectorAll("p")[number] ?? row, NodeFilter.SHOW_TEXT);
    let left = offset;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.length) return [node, left];
      left -= node.length;
    }
    return null;
  });
  if (ends.every(Boolean)) document.getSelection().setBaseAndExtent(...ends[0], ...ends[1]);
}

function redraw(id) {
  const row = $(id);
  if (row?.childElementCount) fill(row);
}

function fetchSoon() {
  if (waiting.size) { clearTimeout(fetching); fetching = setTimeout(() => fetchMarks().catch(failed), 30); }
}

async function fetchMarks() {
  const wanted = [...waiting].filter((id) => !marks.has(id)).slice(0, 400);
  waiting = new Set();
  if (!wanted.length || !sheet) return;
  const { pair } = sheet;
  const found = await ask(`pairs/${pair}/marks`, { beads: wanted });
  if (!isAt(pair)) return;
  for (const [id, sides] of Object.entries(found)) { marks.set(id, sides); redraw(id); }
}

export function fillAll() {
  if (sheet) for (const row of $("rows").children) if (!row.childElementCount) fill(row);
}

function drawLeft() {
  const beads = [...sheet.beads.values()];
  const left = beads.filter(isOpen);
  const likely = left.reduce((sum, bead) => sum + 1 - bead.confidence, 0);
  const names = [...new Set(others.map((other) => other.name))];
  const told = left.length ? say("left", { open: left.length, all: beads.length, likely: likely.toFixed(1) }) : say("allDone", { all: beads.length });
  $("left").textContent = names.length ? `${told} ${say("alsoHere", { names: names.join(", ") })}` : told;
}

export function drawMap() {
  const map = $("map");
  if (!map || !sheet) return;
  [map.width, map.height] = [18, Math.max(map.clientHeight, 100)];
  const pen = map.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(["sure", "wrong", "doubt", "line", "here"].map((name) => [name, style.getPropertyValue(`--${name}`)]));
  const height = map.height / sheet.rows.length;
  sheet.rows.forEach((id, k) => {
    const bead = sheet.beads.get(id);
    pen.fillStyle = colours[!isOpen(bead) ? "sure" : isWrong(bead) ? "wrong" : isDoubtful(bead) ? "doubt" : "line"];
    pen.fillRect(0, k * height, 18, Math.max(height - 0.4, 0.6));
  });
  pen.fillStyle = colours.here;
  pen.fillRect(0, sheet.rows.indexOf(here) * height - 1, 18, Math.max(height, 3));
}

const jump = (event) => go(sheet.rows[Math.min(Math.floor((event.offsetY / $("map").clientHeight) * sheet.rows.length), sheet.rows.length - 1)]);

// the current row

function mark() {
  for (const row of document.querySelectorAll('#rows > [aria-current="true"]')) row.removeAttribute("aria-current");
  if (here) $(here)?.setAttribute("aria-current", "true");
}

export function go(id) {
  const row = id && sheet ? $(id) : null;
  if (!row || $("dialog").open) return; // what a dialog asks is about the row it was opened for
  here = id;
  fill(row);
  mark();
  row.scrollIntoView({ block: "nearest", behavior: "auto" });
  row.focus({ preventScroll: true });
  drawMap();
  history.replaceState(null, "", `#${sheet.pair}/${id}`);
}

// the next row that is wanted, or the first one where there is none behind
function step(towards, wanted) {
  const from = sheet.rows.indexOf(here);
  for (let k = from + towards; k >= 0 && k < sheet.rows.length; k += towards) if (!wanted || wanted(sheet.beads.get(sheet.rows[k]))) return go(sheet.rows[k]);
  const first = wanted && sheet.rows.slice(0, from).find((id) => wanted(sheet.beads.get(id)));
  return first ? go(first) : go(here);
}

// what the server answers to an act

async function act(name, body, { stay = false } = {}) {
  const asked = { version: sheet.version, ...body };
  try {
    const answer = await ask(`pairs/${sheet.pair}/${name}`, asked);
    take(answer, { stay });
    return answer;
  } catch (error) {
    if (error.status !== 409) { failed(error); return undefined; }
    await refresh();
    return (await settle(name, body, error.answer)) ? act(name, body, { stay }) : undefined;
  }
}

// somebody else changed the bead: both are shown, and a person says which holds
async function settle(name, body, conflict) {
  const gone = (conflict.beads ?? []).filter((id) => !sheet.beads.has(id));
  const rows = (conflict.beads ?? []).filter((id) => sheet.beads.has(id)).map((id) => {
    const bead = sheet.beads.get(id);
    return [made("bdi", {}, id), say(bead.status) || say("undecided"), textCell(sheet.source, textOf(bead, "source")), textCell(sheet.target, textOf(bead, "target"))];
  });
  const content = [made("p", {}, say("conflict", { by: conflict.by ?? "", at: conflict.at ?? "" }))];
  if (rows.length) content.push(made("h3", {}, say("isNow")), scrolling(table([say("bead"), say("status"), say("original"), say("translation")], rows)));
  content.push(made("h3", {}, say("youWanted")), made("p", {}, say(`did.${name}`), body.status ? `: ${say(body.status) || say("undecided")}` : ""));
  if (body.text) content.push(made("p", { class: "side", lang: sheet[body.side ?? "target"].language, dir: sheet[body.side ?? "target"].dir }, body.text));
  if (gone.length) { await show(say("conflictTitle"), [...content, made("p", {}, say("beadGone"))]); return false; }
  return dialog(say("conflictTitle"), content, { ok: say("doMine"), cancel: say("keepTheirs"), careful: true });
}

function take(answer, { stay = false } = {}) {
  sheet.version = answer.version;
  for (const bead of answer.beads) { sheet.beads.set(bead.id, bead); marks.delete(bead.id); waiting.add(bead.id); }
  if (answer.order) {
    const place = sheet.order.indexOf(here);
    const kept = new Set(answer.order);
    for (const id of [...sheet.beads.keys()]) if (!kept.has(id)) { sheet.beads.delete(id); chosen.delete(id); }
    sheet.order = answer.order;
    if (!sheet.beads.has(here)) here = answer.beads.find((bead) => sheet.beads.has(bead.id))?.id ?? sheet.order[Math.min(place, sheet.order.length - 1)];
    rearrange();
  }
  for (const bead of answer.beads) redraw(bead.id);
  fetchSoon();
  drawLeft();
  if (stay) drawMap(); else go(here);
}

// the rows in their new order; rows that stay are not made anew
function rearrange() {
  const list = $("rows");
  sheet.rows = byRisk ? keepPlaces() : [...sheet.order];
  for (const row of [...list.children]) if (!sheet.beads.has(row.dataset.id)) row.remove();
  let at = list.firstElementChild;
  for (const id of sheet.rows) {
    if (at?.dataset.id === id) at = at.nextElementSibling;
    else list.insertBefore($(id) ?? filled(id), at);
  }
}

function filled(id) {
  const row = rowOf(id);
  fill(row);
  return row;
}

// by risk, rows do not jump while one works: new ones stand where the document puts them, behind the one before
function keepPlaces() {
  const out = sheet.rows.filter((id) => sheet.beads.has(id));
  const known = new Set(out);
  sheet.order.forEach((id, k) => {
    if (known.has(id)) return;
    const before = sheet.order[k - 1];
    out.splice(before ? out.indexOf(before) + 1 : 0, 0, id);
  });
  return out;
}

// what others did since the version that is shown
async function refresh() {
  const answer = await ask(`pairs/${sheet.pair}?since=${sheet.version}`);
  if (!isAt(answer.pair) || answer.version <= sheet.version) return;
  [sheet.source, sheet.target] = [answer.source, answer.target];
  take(answer, { stay: true });
}

// acts, each one key

const bead = () => sheet.beads.get(here);
const sideHere = () => {
  const side = document.getSelection()?.anchorNode?.parentElement?.closest("[data-side]");
  return side && side.closest("li")?.dataset.id === here ? side.dataset.side : null;
};

async function decide(status, note = "") {
  const beads = chosen.size ? [...chosen] : [here];
  if (!(await act("decide", { beads, status, note }, { stay: true }))) return;
  chosen = new Set();
  for (const id of beads) redraw(id);
  if (status === "accepted" || status === "rejected") step(1, isOpen); else go(here);
}

const reference = (side) => made("p", { class: "side", lang: sheet[side].language, dir: sheet[side].dir }, textOf(bead(), side) || "\u2014");

async function edit(side) {
  const other = side === "source" ? "target" : "source";
  const told = bead().findings.filter((f) => f.severity !== "info").map((f) => made("p", { class: "note" }, ...explain(f)));
  const { language, dir } = sheet[side];
  const text = await write(say(side === "source" ? "askEditSource" : "askEdit"), textOf(bead(), side), { lang: language, dir, above: [reference(other), ...told] });
  if (text !== null) await act("edit", { bead: here, side, text: text === wholeOf(bead(), side) ? null : text });
}

// split the bead behind the sentence with the caret, the other side in proportion; without a caret it is asked
async function split() {
  const own = bead();
  const side = sideHere();
  const at = side && Number(document.getSelection().anchorNode.parentElement.closest("[data-segment]")?.dataset.segment);
  const index = side ? own[side].findIndex(([number]) => number === at) : -1;
  const counts = { source: Math.ceil(own.source.length / 2), target: Math.ceil(own.target.length / 2) };
  if (index >= 0 && index + 1 < own[side].length) {
    const other = side === "source" ? "target" : "source";
    counts[side] = index + 1;
    counts[other] = Math.round(((index + 1) / own[side].length) * own[other].length);
    await act("divide", { bead: here, ...counts });
    return;
  }
  const field = (name) => made("input", { type: "number", min: 0, max: own[name].length, value: counts[name], "data-name": name });
  const fields = ["source", "target"].map(field);
  const labels = fields.map((box, k) => made("p", {}, made("label", {}, `${say(k ? "translation" : "original")} `, box)));
  if (await dialog(say("askSplit"), [made("p", {}, say("firstPart")), ...labels])) await act("divide", { bead: here, source: Number(fields[0].value), target: Number(fields[1].value) });
}

// a text to put the caret into, or to select in, by keys; it cannot be changed (a read-only box has no caret to move)
function standing(side, text, more = {}) {
  const box = made("textarea", { lang: sheet[side].language, dir: sheet[side].dir, ...more });
  box.value = text;
  box.addEventListener("beforeinput", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); $("dialog").close("ok"); } });
  return box;
}

async function cut() {
  const own = sideHere() ?? "target";
  const boxes = [own, own === "target" ? "source" : "target"].flatMap((side) => bead()[side].map(([number, text]) => {
    const box = standing(side, text, { "data-side": side, "data-segment": number, "aria-label": say("sentence", { number: number + 1 }) });
    box.setSelectionRange(middle(text), middle(text));
    return box;
  }));
  if (!boxes.length) return;
  let last = boxes[0];
  for (const box of boxes) box.addEventListener("focus", () => { last = box; });
  if (!(await dialog(say("askCut"), boxes))) return;
  const offset = Array.from(last.value.slice(0, last.selectionStart)).length;
  if (offset) await act("resegment", { bead: here, side: last.dataset.side, segment: Number(last.dataset.segment), offset });
}

// where a sentence is likely to be split: behind the mark or the word nearest to its middle
function middle(text) {
  const places = [/[.;:,!?\u060c\u061b\u061f] /g, / /g].map((mark) => [...text.matchAll(mark)].map((found) => found.index + found[0].length)).find((list) => list.length) ?? [0];
  return places.reduce((best, place) => (Math.abs(place - text.length / 2) < Math.abs(best - text.length / 2) ? place : best));
}

// two sentences that follow each other: those at the caret, the only ones there are, or those that are chosen
async function joinSentences() {
  const own = sideHere();
  const at = own && Number(document.getSelection().anchorNode.parentElement.closest("[data-segment]")?.dataset.segment);
  const pairs = ["target", "source"].flatMap((side) => bead()[side].slice(0, -1).map(([number, text], k) => ({ side, number, text: `${text} + ${bead()[side][k + 1][1]}` })));
  if (!pairs.length) { tell(say("oneSentence")); return; }
  let chosenPair = pairs.find((pair) => pair.side === own && pair.number === at) ?? (pairs.length === 1 ? pairs[0] : null);
  if (!chosenPair) {
    const boxes = pairs.map((pair, k) => made("input", { type: "radio", name: "pair", checked: k === 0, value: k }));
    const lines = pairs.map((pair, k) => made("p", {}, made("label", { lang: sheet[pair.side].language, dir: sheet[pair.side].dir }, boxes[k], " ", pair.text)));
    if (!(await dialog(say("k.joinSentences"), lines))) return;
    chosenPair = pairs[boxes.findIndex((box) => box.checked)];
  }
  await act("resegment", { bead: here, side: chosenPair.side, segment: chosenPair.number });
}

async function waive(finding = bead().findings.find((f) => f.severity !== "info") ?? bead().findings[0]) {
  if (!finding) { tell(say("noFinding")); return; }
  const reason = await write(say("askWaive"), "", { lang: document.documentElement.lang, above: [made("p", {}, ...explain(finding))] });
  if (reason) await act("waive", { bead: here, code: finding.code, concept: finding.concept, reason });
}

async function surer() {
  const box = made("input", { type: "number", min: 0, max: 1, step: 0.01, value: stored("surer", 0.95) });
  const count = made("p", { role: "status" });
  const update = async () => {
    const answer = await ask(`pairs/${sheet.pair}/accept-surer`, { version: sheet.version, confidence: Number(box.value), preview: true });
    count.textContent = say("surerCount", { count: answer.count });
  };
  box.addEventListener("input", () => update().catch(failed));
  await update();
  if (!(await dialog(say("askSurer"), [made("label", {}, `${say("confidence")} `, box), count]))) return;
  keep("surer", Number(box.value));
  if (await act("accept-surer", { confidence: Number(box.value) }, { stay: true })) step(1, isOpen);
}

async function realign() {
  const answer = await ask(`pairs/${sheet.pair}/realign`, { version: sheet.version, preview: true });
  if (!answer.gone.length && !answer.new.length) { tell(say("same")); return; }
  const rows = (list) => table([say("original"), say("translation")], list.map(([a, b]) => [textCell(sheet.source, a || "\u2014"), textCell(sheet.target, b || "\u2014")]));
  const content = [
    made("p", {}, say("preview", { gone: answer.gone.length, new: answer.new.length, locked: answer.locked })),
    made("h3", {}, say("isNow")), scrolling(rows(answer.gone.map((old) => [wholeOf(old, "source"), wholeOf(old, "target")]))),
    made("h3", {}, say("wouldBe")), scrolling(rows(answer.new.map((row) => [row.source, row.target]))),
  ];
  if (await dialog(say("b.realign"), content, { ok: say("apply") })) await act("realign", { preview: false });
}

async function showHistory() {
  const events = await ask(`pairs/${sheet.pair}/history/${here}`);
  const rows = events.map((e) => [e.at, made("bdi", {}, e.by), say(`e.${e.kind}`), made("bdi", {}, say(e.status) || e.text)]);
  await show(say("history"), [rows.length ? scrolling(table([say("when"), say("who"), say("what"), say("status")], rows)) : made("p", {}, say("nobody"))]);
}

async function showChanges() {
  const told = await ask(`pairs/${sheet.pair}/changes`);
  const pair = (source, target) => [textCell(sheet.source, source || "\u2014"), textCell(sheet.target, target || "\u2014")];
  const part = (name, list) => (list.length ? [made("h3", {}, say(name)), scrolling(table([say("bead"), say("original"), say("translation")], list))] : []);
  const content = [
    made("p", {}, say("changesTold", { kept: told.kept, gone: told.gone.length, new: told.new.length, edited: told.edited.length, f1: told.f1.toFixed(3) })),
    ...part("wasMachine", told.gone.map((row) => [made("bdi", {}, row.id), ...pair(row.source, row.target)])),
    ...part("isNow", told.new.map((row) => [made("bdi", {}, row.id), ...pair(row.source, row.target)])),
    ...part("textsEdited", told.edited.map((row) => [made("bdi", {}, row.id), ...pair(row.after[0], row.after[1])])),
  ];
  await show(say("b.changes"), content);
}

// words of both sides: selected on the page, one side after the other, or by keys in a dialog
async function keepTerm() {
  const side = sideHere();
  const text = document.getSelection()?.toString().trim();
  let both;
  if (side && text) {
    if (halfTerm?.bead !== here || halfTerm.side === side) { halfTerm = { bead: here, side, text }; tell(say("selectOther", { words: text })); return; }
    both = { [halfTerm.side]: halfTerm.text, [side]: text };
  } else {
    const boxes = ["source", "target"].map((name) => standing(name, textOf(bead(), name), { "data-side": name, "aria-label": say(name === "source" ? "original" : "translation") }));
    if (!(await dialog(say("askTerm"), boxes))) return;
    both = Object.fromEntries(boxes.map((box) => [box.dataset.side, box.value.slice(box.selectionStart, box.selectionEnd).trim()]));
    if (!both.source || !both.target) { tell(say("selectBoth")); return; }
  }
  halfTerm = null;
  const answer = await ask(`pairs/${sheet.pair}/suggest`, { bead: here, source: both.source, target: both.target });
  sheet.version = answer.version;
  tell(say("candidate"));
}

function choose() {
  if (!chosen.delete(here)) chosen.add(here);
  redraw(here);
  tell(say("chosen", { count: chosen.size }));
}

async function asked(title, text, then) {
  const answer = await write(title, text, { lang: document.documentElement.lang, above: [reference("source"), reference("target")] });
  if (answer !== null) await then(answer);
}

export const acts = {
  down: () => step(1), up: () => step(-1),
  accept: () => decide("accepted"), reject: () => decide("rejected"), clear: () => decide("machine"),
  review: () => asked(say("askReason"), "", (note) => decide("needs review", note)),
  comment: () => asked(say("askComment"), bead().note, (text) => act("comment", { bead: here, text })),
  mergeNext: () => act("merge", { bead: here, towards: 1 }), mergePrevious: () => act("merge", { bead: here, towards: -1 }),
  sourceUp: () => act("shift", { bead: here, side: "source", towards: -1 }), sourceDown: () => act("shift", { bead: here, side: "source", towards: 1 }),
  targetUp: () => act("shift", { bead: here, side: "target", towards: -1 }), targetDown: () => act("shift", { bead: here, side: "target", towards: 1 }),
  unlink: () => act("unlink", { bead: here }), choose,
  link: async () => { if (await act("link", { beads: [...new Set([...chosen, here])] })) chosen = new Set(); },
  split, cut, joinSentences, edit: () => edit("target"), editSource: () => edit("source"), waive: () => waive(), term: keepTerm,
  nextOpen: () => step(1, isOpen), nextWrong: () => step(1, isWrong), nextOdd: () => step(1, isOdd),
  order: () => { byRisk = !byRisk; keep("byRisk", byRisk); const at = here; draw(); go(at); },
  undo: () => act("undo", {}), redo: () => act("redo", {}), surer, realign, history: showHistory, changes: showChanges,
};

// who else is there; every few seconds

export async function tellPlace() {
  if (!sheet || document.hidden) return;
  const { pair } = sheet;
  const answer = await ask(`pairs/${pair}/here`, { bead: here, active: Date.now() - touched < 30_000 });
  if (!isAt(pair)) return;
  const before = others;
  others = answer.others;
  if (JSON.stringify(before) !== JSON.stringify(others)) {
    for (const id of new Set([...before, ...others].map((other) => other.bead))) redraw(id);
    drawLeft();
  }
  if (answer.version > sheet.version && !$("dialog").open) await refresh();
}

for (const kind of ["keydown", "pointerdown", "wheel"]) document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
