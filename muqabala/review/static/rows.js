// A bead as a row: both sides with their marks, what is known of it, what there is to say.

import { length, made, pieces, say, slice } from "./dom.js";

const DOUBTFUL = 0.8;
const IN_PERCENT = new Set(["rival boundary", "cut"]);
const run = (numbers) => (numbers.length > 1 ? `${numbers[0] + 1}\u2013${numbers.at(-1) + 1}` : numbers.length ? String(numbers[0] + 1) : "\u2014");

// why there is a finding, as pieces for an element
export const explain = (f) => [...(f.concept ? [made("bdi", {}, f.concept), ": "] : []), ...pieces(`x.${f.code}`, { found: f.found }), ...(f.expected.length ? [" (", ...pieces("approved", { terms: f.expected.join(" | ") }), ")"] : [])];
const explainDoubt = (d) => pieces(`d.${d.code}`, { value: IN_PERCENT.has(d.code) ? Math.round(d.value * 100) : Number(d.value.toFixed(2)), source: run(d.source), target: run(d.target), segment: run([...d.source, ...d.target]) });

export const isOpen = (bead) => bead.status === "machine" || bead.status === "needs review";
export const isOdd = (bead) => bead.source.length !== 1 || bead.target.length !== 1;
export const isWrong = (bead) => bead.findings.some((f) => f.severity === "error");
export const isDoubtful = (bead) => isOpen(bead) && bead.confidence < DOUBTFUL;
export const wholeOf = (bead, side) => bead[side].map(([, text]) => text).join(" ");
export const textOf = (bead, side) => bead.edited[side === "source" ? 0 : 1] ?? wholeOf(bead, side);

// the parts of a row; `view` tells languages, terms of the beads, and what a waiver's button does
export function partsOf(bead, view) {
  return [sideOf(bead, "source", view), middleOf(bead, view), sideOf(bead, "target", view), toldOf(bead, view)].filter(Boolean);
}

function sideOf(bead, name, view) {
  const side = view[name];
  const box = made("div", { class: "side", lang: side.language, dir: side.dir, "data-side": name });
  const text = textOf(bead, name);
  if (!text) { box.append(made("p", { class: "nothing" }, "\u2014")); return box; }
  const wrong = bead.findings.filter((f) => f.severity !== "info").flatMap((f) => f[name]);
  const terms = view.terms(bead.id)?.[name] ?? [];
  if (text !== wholeOf(bead, name)) {
    box.append(made("p", { class: "edited" }, ...inPieces(text, 0, wrong, terms)), made("p", { class: "was" }, wholeOf(bead, name)));
    return box;
  }
  let start = 0;
  for (const [number, part, begins = 1] of bead[name]) {
    const split = begins < 1 ? { class: "split", title: say("split here", { value: Math.round(begins * 100) }) } : {};
    box.append(made("p", { "data-segment": number, ...split }, ...inPieces(part, start, wrong, terms)));
    start += length(part) + 1;
  }
  return box;
}

// a text that starts at `start` in its side, in pieces: what a finding is about is marked, terms are underlined
function inPieces(text, start, wrong, terms) {
  const end = length(text);
  const edges = new Set([0, end]);
  for (const span of [...wrong, ...terms.map((t) => t.span)]) {
    if (span[0] < start + end && span[1] > start) for (const edge of span) edges.add(Math.min(Math.max(edge - start, 0), end));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, k) => {
    const [a, b] = [from + start, sorted[k + 1] + start];
    let node = document.createTextNode(slice(text, from, sorted[k + 1]));
    const term = terms.find((t) => t.span[0] <= a && b <= t.span[1]);
    if (wrong.some(([x, y]) => x <= a && b <= y)) node = made("mark", {}, node);
    if (term) node = made("bdi", { class: "term", "data-concept": term.concept, title: `${term.concept}: ${term.approved.join(" | ")}` }, node);
    return node;
  });
}

function middleOf(bead, view) {
  const percent = Math.round(bead.confidence * 100);
  const looks = { accepted: "accepted", rejected: "rejected", "needs review": "review" }[bead.status] ?? "sure";
  const state = bead.status === "machine"
    ? made("span", { class: bead.confidence < DOUBTFUL ? "unsure" : "sure", title: say("confidence") }, made("bdi", { dir: "ltr" }, `${percent} %`))
    : made("span", { class: looks }, say(bead.status));
  const people = view.people(bead.id).map((name) => made("bdi", { class: "person" }, name));
  return made("div", { class: "middle" }, made("b", {}, `${bead.source.length}-${bead.target.length}`), state, made("br"), made("bdi", {}, bead.id), ...people);
}

function toldOf(bead, view) {
  const list = made("ul", { class: "told" });
  bead.findings.forEach((f, k) => {
    const item = made("li", { class: f.severity }, ...explain(f));
    item.append(made("button", { type: "button", tabindex: view.here() === bead.id ? "0" : "-1", onclick: () => view.waive(bead.id, k) }, say("waive")));
    list.append(item);
  });
  if (isOpen(bead)) for (const doubt of bead.doubts) list.append(made("li", { class: "note" }, ...explainDoubt(doubt)));
  if (bead.note) list.append(made("li", { class: "note" }, "\u270e ", made("bdi", {}, bead.note)));
  return list.childElementCount ? list : null;
}

// a term under the pointer or the caret lights its partners in the same row
export function light(target) {
  for (const lit of document.querySelectorAll("bdi.term.lit")) lit.classList.remove("lit");
  const term = target.closest?.("bdi.term");
  if (!term) return;
  for (const other of term.closest("li")?.querySelectorAll("bdi.term") ?? []) if (other.dataset.concept === term.dataset.concept) other.classList.add("lit");
}
