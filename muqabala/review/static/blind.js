// Blind double review: one bead after the other, without what anybody thinks of it; and for a lead what came of it.

import { $, ask, button, failed, made, number, say, scrolling, table, textCell } from "./dom.js";
import { keysOf } from "./keys.js";

let me = null;
let project = null;
let now = null; // the bead that is judged

export async function goBlind(who) {
  me = who;
  project ??= await ask("project");
  document.body.dataset.page = "blind";
  $("title").textContent = say("blind");
  await draw();
}

async function draw() {
  const mine = await ask("blind");
  const main = $("main");
  now = null;
  main.replaceChildren(made("p", {}, say("blindTold")));
  if (!mine.sample) main.append(made("p", {}, say("noSample")));
  else main.append(made("p", { role: "status" }, mine.reviewers.map((row) => say("blindLeft", { name: row.name, left: row.left, of: mine.of })).join(" ")));
  if (mine.judges && mine.beads.length) judge(mine.beads[0]);
  else if (mine.judges) main.append(made("p", {}, say("blindDone")));
  if (mine.sample) await outcome(main);
  if (me.role === "lead") await drawing(main);
}

// judging

function judge(bead) {
  now = bead;
  const line = (name, k) => made("div", { class: "side", lang: project.languages[name].code, dir: project.languages[name].dir },
    made("p", { class: "near" }, bead[name].before), made("p", { class: "judged" }, bead[name].text || "\u2014"), made("p", { class: "near" }, bead[name].after));
  const verdicts = made("menu", {}, ...[["accept", "right"], ["reject", "wrong"], ["review", "unsure"]].map(([key, verdict]) => button(`${say(`v.${verdict}`)} ${keysOf(key)}`, () => blindActs[key](), { "data-verdict": verdict })));
  $("main").append(made("section", { class: "blind", id: "judging", tabindex: "-1", "aria-label": say("question") }, made("h2", {}, say("question")), made("div", { class: "both" }, line("source"), line("target")),
    made("p", {}, made("label", {}, `${say("note")} `, made("input", { id: "note", dir: "auto", maxlength: 2000 }))), verdicts));
  $("judging").focus();
}

async function said(verdict) {
  if (!now) return;
  await ask("blind/judge", { bead: now.bead, verdict, note: $("note").value.trim() });
  await draw();
}

export const blindActs = { accept: () => said("right").catch(failed), reject: () => said("wrong").catch(failed), review: () => said("unsure").catch(failed) };

// what came of it

async function outcome(main) {
  let told;
  try { told = await ask("blind/outcome"); } catch (error) {
    if (error.status !== 403) throw error;
    return;
  }
  const kappa = told.kappa === null ? say("kappaNone") : told.kappa.toFixed(2);
  const share = told.share === null ? "\u2014" : `${number(100 * told.share, 1)} %`;
  const right = say("rightTold", { right: told.right.right, of: told.right.of, low: number(100 * told.right.low, 1), high: number(100 * told.right.high, 1) });
  main.append(made("section", { class: "card" }, made("h2", {}, say("outcome")), made("p", {}, say("agreeTold", { twice: told.twice, share, kappa })), told.right.of ? made("p", {}, right) : null));
  if (!told.differing.length) return;
  const rows = told.differing.map((bead) => [
    made("a", { href: `#${Number(bead.bead.slice(1).split("-")[0])}/${bead.bead}` }, made("bdi", {}, bead.bead)),
    textCell(project.languages.source, bead.source?.text ?? say("beadGone")), textCell(project.languages.target, bead.target?.text ?? ""),
    made("td", {}, ...bead.said.map((one) => made("p", {}, made("bdi", {}, one.by), ": ", say(`v.${one.verdict}`), one.note ? made("bdi", {}, ` (${one.note})`) : ""))),
    bead.settled ? say(`v.${bead.settled}`) : me.role === "lead" ? made("td", {}, ...["right", "wrong", "unsure"].map((verdict) => button(say(`v.${verdict}`), () => settle(bead.bead, verdict).catch(failed)))) : "",
  ]);
  main.append(made("section", {}, made("h2", {}, say("differing")), scrolling(table([say("bead"), say("original"), say("translation"), say("saidOfIt"), say("settled")], rows))));
}

async function settle(bead, verdict) {
  await ask("blind/settle", { bead, verdict });
  await draw();
}

// a lead draws a sample

async function drawing(main) {
  const { names } = await ask("people");
  const count = made("input", { type: "number", min: 1, max: 5000, value: 50, name: "count" });
  const boxes = names.map((name) => made("input", { type: "checkbox", name: "who", value: name }));
  const form = made("form", { class: "card" }, made("h2", {}, say("drawSample")), made("p", {}, made("label", {}, `${say("howMany")} `, count)),
    made("fieldset", {}, made("legend", {}, say("whoJudges")), ...boxes.map((box, k) => made("label", {}, box, " ", made("bdi", {}, names[k]), " "))),
    names.length < 2 ? made("p", {}, say("inviteMore")) : made("button", {}, say("draw")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reviewers = boxes.filter((box) => box.checked).map((box) => box.value);
    ask("blind", { count: Number(count.value), reviewers }).then(draw).catch(failed);
  });
  main.append(form);
}
