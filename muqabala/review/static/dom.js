// What all parts of the page share: elements, words, requests, dialogs. Everything is text; nothing is parsed as HTML.

export const $ = (id) => document.getElementById(id);

export const stored = (name, other) => { try { return JSON.parse(localStorage.getItem(name)) ?? other; } catch { return other; } };
export const keep = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* a private window */ } };

// words of the page in the language it is read in

let words = {};

export const say = (name, values = {}) => (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

export async function learn(language) {
  words = await (await fetch(`/static/words.${language}.json`)).json();
}

// the same with values that may be of the other direction: pieces for an element
export function pieces(name, values = {}) {
  return say(name, Object.fromEntries(Object.keys(values).map((key) => [key, `\u0000${key}\u0000`]))).split("\u0000").map((part, k) => (k % 2 ? made("bdi", {}, String(values[part])) : part)).filter((part) => part !== "");
}

export const number = (value, digits = 0) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

export function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? say("minutes", { minutes }) : say("hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

// elements

export function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (text, onclick, more = {}) => made("button", { type: "button", onclick, ...more }, text);

export function table(heads, rows) {
  const head = made("thead", {}, made("tr", {}, ...heads.map((text) => made("th", { scope: "col" }, text))));
  return made("table", {}, head, made("tbody", {}, ...rows.map((cells) => made("tr", {}, ...cells.map((cell) => (cell instanceof Element && cell.tagName === "TD" ? cell : made("td", {}, cell)))))));
}

export const textCell = (side, ...content) => made("td", { lang: side.code ?? side.language, dir: side.dir, class: "side" }, ...content);

// offsets of the API are code points, those of JavaScript are not
export const slice = (text, a, b) => (/[\ud800-\udfff]/.test(text) ? Array.from(text).slice(a, b).join("") : text.slice(a, b));
export const length = (text) => (/[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length);

// requests

export async function ask(path, body, method = "POST") {
  const options = body === undefined ? {} : { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-Muqabala": "1" } };
  const response = await fetch(`/api/${path}`, options);
  const answer = await response.json();
  if (response.ok) return answer;
  const error = new Error(answer.error ?? JSON.stringify(answer.detail ?? answer));
  error.status = response.status;
  error.answer = answer;
  throw error;
}

let clearing;

export function tell(text) {
  $("told").textContent = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => { $("told").textContent = ""; }, 6000);
}

export const failed = (error) => tell(say("failed", { reason: error.message }));

// dialogs: opened by keys, closed by Escape; the focus goes back to where it was

export function dialog(title, content, { ok = say("ok"), cancel = say("cancel"), careful = false } = {}) {
  const box = $("dialog");
  const before = document.activeElement;
  const form = made("form", { method: "dialog" }, made("h2", { id: "asked" }, title), ...content,
    made("menu", {}, made("button", { value: "ok" }, ok), cancel ? made("button", { value: "", formnovalidate: true }, cancel) : null));
  box.replaceChildren(form);
  box.returnValue = "";
  box.showModal();
  (box.querySelector("textarea, input") ?? box.querySelector(careful ? "menu button:last-child" : "menu button")).focus();
  return new Promise((resolve) => {
    box.addEventListener("close", () => { if (before?.isConnected) before.focus({ preventScroll: true }); resolve(box.returnValue === "ok"); }, { once: true });
  });
}

export const show = (title, content) => dialog(title, content, { ok: say("close"), cancel: null });

export const scrolling = (...content) => made("div", { class: "pairs", tabindex: "0" }, ...content);

export async function write(title, text, { lang = null, dir = "auto", above = [] } = {}) {
  const box = made("textarea", { lang, dir, maxlength: 20000, "aria-labelledby": "asked" });
  box.value = text;
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("dialog").close("ok"); } });
  return (await dialog(title, [...above, box])) ? box.value : null;
}
