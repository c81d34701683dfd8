// Keys by their place on the keyboard, so that an Arabic layout needs no switching. They can be changed and switched off.

import { $, button, dialog, keep, made, say, scrolling, stored, tell } from "./dom.js";

const USUAL = {
  down: ["ArrowDown", "KeyJ"], up: ["ArrowUp", "KeyK"], accept: ["KeyA"], reject: ["KeyX"], review: ["KeyR"], clear: ["KeyC"],
  mergeNext: ["KeyM"], mergePrevious: ["Shift+KeyM"], split: ["KeyS"], sourceUp: ["KeyQ"], sourceDown: ["KeyW"], targetUp: ["KeyO"],
  targetDown: ["KeyP"], unlink: ["KeyU"], choose: ["KeyB"], link: ["KeyL"], edit: ["KeyE"], editSource: ["Shift+KeyE"], comment: ["KeyN"],
  cut: ["KeyT"], joinSentences: ["Shift+KeyT"], waive: ["KeyY"], term: ["KeyG"], nextOpen: ["KeyF"], nextWrong: ["KeyV"], nextOdd: ["KeyD"],
  order: ["KeyI"], undo: ["KeyZ"], redo: ["Shift+KeyZ"], surer: ["Shift+KeyA"], realign: ["Shift+KeyR"], history: ["KeyH"], changes: ["Shift+KeyH"],
  home: ["Escape"], help: ["Shift+Slash"],
};
const ALWAYS = ["ArrowDown", "ArrowUp", "Escape", "Shift+Slash"];

let keys = { ...USUAL, ...stored("keys", {}) };
let on = stored("keysOn", true);

const combination = (event) => (event.shiftKey ? "Shift+" : "") + event.code;

// the name of the act that a key stands for, or undefined where it is text that somebody writes
export function actOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || $("dialog").open) return undefined;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return undefined;
  const pressed = combination(event);
  if (!on && !ALWAYS.includes(pressed)) return undefined;
  return Object.keys(keys).find((name) => keys[name].includes(pressed));
}

function shown(code) {
  const names = { ArrowDown: "\u2193", ArrowUp: "\u2191", Slash: "/", Escape: "Esc" };
  return code.split("+").map((part) => names[part] ?? part.replace(/^(Key|Digit)/, "")).join("+");
}

export const keysOf = (name) => (on ? keys[name].map(shown).join(" ") : "");

function row(name) {
  const draw = () => change.replaceChildren(...keys[name].flatMap((code, k) => [k ? " " : "", made("kbd", {}, shown(code))]));
  const take = (event) => {
    if (["Shift", "Tab", "Control", "Alt", "Meta"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    change.removeEventListener("keydown", take);
    const pressed = combination(event);
    const other = Object.keys(keys).find((known) => known !== name && keys[known].includes(pressed));
    if (other) tell(say("keyTaken", { act: say(`k.${other}`) }));
    else { keys[name] = [pressed]; keep("keys", keys); }
    draw();
  };
  const change = button("", () => { change.textContent = say("pressKey"); change.addEventListener("keydown", take); });
  draw();
  return made("tr", {}, made("td", {}, say(`k.${name}`)), made("td", {}, change));
}

export function showKeys() {
  const toggle = button(say("toggleKeys"), () => { on = !on; keep("keysOn", on); tell(say(on ? "keysOn" : "keysOff")); });
  const back = button(say("usualKeys"), () => { keys = { ...USUAL }; keep("keys", {}); $("dialog").close(); });
  const list = made("table", {}, made("tbody", {}, ...Object.keys(USUAL).map(row)));
  return dialog(say("keys"), [made("p", {}, toggle, " ", back), scrolling(list)], { ok: say("close"), cancel: null });
}
