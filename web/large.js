// One sequence large: the picture, its frames with their scores, and why its label came out.

import { picture } from "/api/review/api.js";
import { still, where, word } from "/api/review/wall.js";
import { clock, corrected, counted, element, moment, score } from "/api/review/words.js";

const FILM_MS = 350;
const SMALL_BARS = 4;

export class Large {
  #section;
  #timer = 0;
  #thresholds = {};
  #version = "";
  sheet = null;
  place = 0;
  original = false;

  /** `leave()` goes back to the wall. */
  constructor(section, leave) {
    this.#section = section;
    this.leave = leave;
  }

  /** Knows the thresholds (by class) of a head; labels of others are shown without. */
  judge(thresholds, version) {
    this.#thresholds = thresholds;
    this.#version = version;
  }

  get open() { return !this.#section.hidden; }
  get frame() { return this.sheet?.frames[this.place]; }
  get playing() { return this.#timer !== 0; }

  show(sheet) {
    if (this.sheet !== sheet) Object.assign(this, { place: likeliest(sheet), original: false });
    this.sheet = sheet;
    this.#section.hidden = false;
    this.draw();
  }

  close() {
    this.stop();
    this.#section.hidden = true;
    this.sheet = null;
  }

  step(by) {
    this.stop();
    this.#turn(Math.min(this.sheet.frames.length - 1, Math.max(0, this.place + by)));
  }

  /** Plays the burst as a film, or stops it. */
  play() {
    if (this.playing) return this.stop();
    this.#timer = setInterval(() => this.#turn((this.place + 1) % this.sheet.frames.length), FILM_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  enlarge() {
    this.original = !this.original;
    this.#scene();
  }

  draw() {
    const { sheet } = this;
    const frames = element("ul", { class: "frames", "aria-label": "Frames" }, ...sheet.frames.map((frame, n) => this.#frame(frame, n)));
    this.#section.replaceChildren(
      element("div", {}, element("div", { class: "scene" }), frames),
      element("div", { class: "side" },
        element("h2", { id: "large-title" }, `${sheet.label} ${score(sheet.probability)}`),
        where(sheet),
        sheet.clock && element("p", { class: "where" }, corrected(sheet)),
        this.#means(),
        element("p", { class: "why" }, this.#why()),
        element("div", { class: `verdict ${sheet.trouble ? "clash" : sheet.judged ? "given" : ""}` }, said(sheet)),
        element("p", {}, element("button", { onclick: this.leave }, "Back to the wall"))));
    this.#scene();
  }

  #turn(place) {
    this.place = place;
    this.original = false;
    this.#scene();
    const buttons = this.#section.querySelectorAll(".frames button");
    buttons.forEach((button, n) => button.setAttribute("aria-pressed", n === place));
    buttons[place]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #scene() {
    const scene = this.#section.querySelector(".scene");
    const { sheet, frame, original } = this;
    if (frame.status === "corrupt") {
      scene.replaceChildren(element("p", {}, "This image cannot be read. It belongs to the sequence, and is not averaged."));
      return;
    }
    const alt = `Frame ${this.place + 1} of ${sheet.frames.length}, ${moment(frame.local ?? frame.captured_at)}`;
    const image = element("img", { alt, src: picture(original ? "image" : "preview", sheet.camera, frame.key) });
    const note = element("span", { class: "note" }, `${this.place + 1} / ${sheet.frames.length}${original ? " · original" : ""}`);
    image.addEventListener("error", () => {
      note.textContent = original ? "the original cannot be shown: it is gone, or no picture that browsers know" : "no preview";
    });
    scene.replaceChildren(image, note);
  }

  #frame(frame, n) {
    const scores = Object.entries(frame.scores ?? {}).sort((one, other) => other[1] - one[1]).slice(0, SMALL_BARS);
    const told = scores.map(([name, p]) => `${name} ${score(p)}`).join(", ") || "not scored";
    const bars = scores.map(([name, p]) => element("i", { class: this.#tone(name), share: p }));
    const time = clock(frame.local ?? frame.captured_at);
    const turn = () => { this.stop(); this.#turn(n); };
    const name = `Frame ${n + 1}, ${time}: ${told}`;
    return element("li", {}, element("button", { "aria-pressed": `${n === this.place}`, "aria-label": name, title: told, onclick: turn },
      still(this.sheet, frame), element("time", {}, time),
      element("span", { class: "bars" }, ...bars), element("span", { class: "said" }, frame.verdict?.said ?? "")));
  }

  #means() {
    const scores = Object.entries(this.sheet.scores).sort((one, other) => other[1] - one[1]);
    const rows = scores.flatMap(([name, p]) => [
      element("dt", { title: name }, name),
      element("dd", { class: `track ${this.#tone(name)}` }, element("i", { share: p }), this.#threshold(name)),
      element("dd", {}, score(p))]);
    return element("dl", { class: "means" }, ...rows);
  }

  #threshold(name) {
    const threshold = this.#thresholdOf(name);
    if (threshold === undefined) return null;
    return element("u", { share: threshold, title: `threshold ${score(threshold)}` });
  }

  #why() {
    const { sheet } = this;
    const unread = sheet.frames.filter((frame) => frame.status === "corrupt").length;
    if (sheet.label === "corrupt") return "No image of this sequence can be read.";
    if (!sheet.n_scored) return "No head has scored these frames yet.";
    const likeliest = Object.entries(sheet.scores).sort((one, other) => other[1] - one[1])[0];
    const mean = sheet.n_frames === 1 ? "The score of its one frame" : `Mean of ${sheet.n_scored} of its ${counted(sheet.n_frames, "frame")}`;
    const rest = unread ? ` (${unread} cannot be read)` : "";
    const threshold = this.#thresholdOf(likeliest[0]);
    const reached = threshold === undefined ? "" :
      sheet.label === "unknown" ? `, below the ${score(threshold)} that its label needs` : `, and its label needs ${score(threshold)}`;
    const before = sheet.before ? ` The head before said ${sheet.before}.` : "";
    return `${mean}${rest}: ${likeliest[0]} ${score(likeliest[1])}${reached}.${before} Head ${sheet.head.slice(0, 8)}.`;
  }

  #thresholdOf(name) {
    return this.sheet.head === this.#version ? this.#thresholds[name] : undefined;
  }

  #tone(name) {
    const place = Object.keys(this.sheet.scores).indexOf(name);
    return `tone${place < 0 || place > 5 ? 5 : place}`;
  }
}

/** The frame that speaks most for the label: what a person would look at first. */
function likeliest(sheet) {
  const [name] = Object.entries(sheet.scores).sort((one, other) => other[1] - one[1])[0] ?? [];
  const scores = sheet.frames.map((frame) => frame.scores?.[name] ?? -1);
  return Math.max(0, scores.indexOf(Math.max(...scores)));
}

function said(sheet) {
  if (sheet.trouble || sheet.judged) return word(sheet);
  return element("p", { class: "word soft" }, "Nobody has said anything yet.");
}
