// The workbench: which page is open, and what keys and the bar do on it.

import { blindActs, goBlind } from "./blind.js";
import { $, ask, failed, keep, learn, made, say, stored } from "./dom.js";
import { goHome } from "./home.js";
import { actOf, showKeys } from "./keys.js";
import { light } from "./rows.js";
import * as sheet from "./sheet.js";
import { goGlossary } from "./terms.js";

let me = { name: "", role: "reader" };
let line = Promise.resolve(); // acts wait for each other: who types fast is not in conflict with themselves

async function speak(language) {
  await learn(language);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  keep("language", language);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  $("language").textContent = language === "ar" ? "English" : "العربية";
  $("language").lang = language === "ar" ? "en" : "ar";
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  keep("theme", theme);
  sheet.drawMap();
}

// the pages: nothing for the statements, `glossary`, `glossary/ID`, `blind`, `12`, `12/p0012-b0034`

// pages wait for each other too: one that answers late must not be drawn over one that was asked for later
let going = Promise.resolve();
let asked = 0;

function route() {
  const own = ++asked;
  going = going.then(() => (own === asked ? goTo() : undefined));
  return going;
}

async function goTo() {
  const [page, ...rest] = location.hash.slice(1).split("/");
  const name = decodeURIComponent(rest.join("/"));
  try {
    if (/^\d+$/.test(page)) {
      if (sheet.isAt(Number(page))) sheet.go(name);
      else await sheet.open(Number(page), name);
    } else {
      sheet.close();
      if (page === "glossary") await goGlossary(name, me);
      else if (page === "blind") await goBlind(me);
      else await goHome(me);
      window.scrollTo(0, 0);
    }
    document.title = `${$("title").textContent} \u2013 Muqabala`;
  } catch (error) {
    failed(error);
    $("main").replaceChildren(made("p", {}, error.message));
  }
  for (const link of document.querySelectorAll("nav a")) link.toggleAttribute("aria-current", link.hash.slice(1) === (/^\d+$/.test(page) ? "" : page));
}

function does(name) {
  if (name === "help") return showKeys;
  if (name === "home") return () => { location.hash = ""; };
  if (document.body.dataset.page === "blind") return blindActs[name];
  return sheet.isOpened() ? sheet.acts[name] : undefined;
}

document.addEventListener("keydown", (event) => {
  const act = does(actOf(event));
  if (!act) return;
  event.preventDefault();
  line = line.then(act).catch(failed);
});
document.addEventListener("click", (event) => {
  const row = event.target.closest("#rows > li");
  if (row && !event.target.closest("button") && document.getSelection().isCollapsed) sheet.go(row.dataset.id);
});
for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, (event) => light(event.target));
window.addEventListener("hashchange", route);
window.addEventListener("resize", sheet.drawMap);
window.addEventListener("beforeprint", sheet.fillAll);
$("keys").addEventListener("click", showKeys);
$("language").addEventListener("click", () => speak(document.documentElement.lang === "ar" ? "en" : "ar").then(redraw).catch(failed));
$("theme").addEventListener("click", () => {
  const { theme } = document.documentElement.dataset;
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
});
const redraw = () => (sheet.isOpened() ? sheet.draw() : route());
setInterval(() => { sheet.tellPlace().catch(() => { /* the server is gone for a moment */ }); }, 5000);

if (stored("theme", null)) document.documentElement.dataset.theme = stored("theme", null);
await speak(stored("language", navigator.language.startsWith("ar") ? "ar" : "en"));
try { me = await ask("me"); } catch { /* a stranger: the page says so */ }
await route();
document.body.dataset.ready = "true";
