// Which key does what, and the bar that shows it.

import { letters, pressed } from "/api/review/letters.js";
import { counted, element } from "/api/review/words.js";

const NAMES = { " ": "Space", ArrowRight: "→", ArrowLeft: "←", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
const keyName = (key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
const $ = (id) => document.getElementById(id);

export class Keyboard {
  #classes = new Map(); // by key

  /** `commands` by key, each words and what to do; `say(name, frameAlone)` decides; `view()` says what is to be seen. */
  constructor({ commands, say, chooseAll, view }) {
    Object.assign(this, { commands: { ...commands, "?": ["these keys", () => this.help()] }, say, chooseAll, view });
    addEventListener("keydown", (event) => this.#press(event));
  }

  get names() { return [...this.#classes.values()]; }

  /** Gives each name a key of its own; those that came first keep theirs. */
  know(names) {
    this.#classes = letters([...new Set([...this.names, ...names, "blank"])]);
    this.show();
  }

  #press(event) {
    if (event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input, select, summary") && event.key !== "Escape") return;
    if (event.target.matches("button") && ["Enter", " "].includes(event.key)) return;
    if (event.ctrlKey || event.metaKey) return this.#pressWithControl(event);
    const key = pressed(event, this.#classes);
    const name = this.#classes.get(key);
    const run = name ? () => this.say(name, event.shiftKey) : this.commands[key]?.[1];
    if (!run) return;
    event.preventDefault();
    if (event.target.matches("input, select")) event.target.blur();
    run(event);
  }

  #pressWithControl(event) {
    if (event.key.toLowerCase() !== "a" || this.view().large) return;
    event.preventDefault();
    this.chooseAll();
  }

  /** Shows the keys that matter now as buttons, for hands that have a mouse or a phone. */
  show() {
    const { large, chosen } = this.view();
    const many = chosen ? element("p", { class: "chosen" }, counted(chosen, "sequence")) : "";
    const classes = [...this.#classes].map(([key, name]) => button(key, name, () => this.say(name, false)));
    const command = (key, words, kind) => button(key, words, this.commands[key][1], kind);
    const views = large
      ? [command("Escape", "wall", "view"), command("k", "back", "view"), command("j", "next", "view"), command(" ", "film"), command("z", "original")]
      : [command("Enter", "large")];
    const gap = element("span", { class: "gap" });
    $("keys").replaceChildren(many, command("a", "accept"), ...classes, command("n", "other…"), gap, command("u", "undo"), ...views, command("?", "all keys"));
  }

  help() {
    const rows = [
      ...[...this.#classes].map(([key, name]) => [keyName(key), name]),
      ["Shift + letter", "of the frame that is large, alone"],
      ["Shift + arrows", "select a range: the next key decides for all of it"],
      ...Object.entries(this.commands).map(([key, [words]]) => [keyName(key), words]),
    ];
    $("help-keys").replaceChildren(...rows.flatMap(([key, words]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, words)]));
    $("help").showModal();
  }
}

function button(key, words, run, kind = "say") {
  return element("button", { class: kind, onclick: run, title: words }, element("kbd", {}, keyName(key)), element("span", {}, words));
}
