// The wall: one tile a sequence, as a strip of film.

import { picture } from "/api/review/api.js";
import { idOf } from "/api/review/judging.js";
import { counted, element, moment, score } from "/api/review/words.js";

// More would be slivers on a tile of 300 pixels.
const SHOWN = 4;

/** Fills a tile with what is known of a sequence; `trouble` is what stands in a decision's way: words, and choices. */
export function fill(tile, sheet) {
  tile.dataset.state = sheet.trouble?.state ?? "";
  tile.setAttribute("aria-label", described(sheet));
  tile.replaceChildren(strip(sheet), facts(sheet));
}

export function made(sheet) {
  const tile = element("li", { class: "tile", role: "option", tabindex: "-1", "aria-selected": "false" });
  tile.dataset.id = idOf(sheet);
  return tile;
}

function described(sheet) {
  const said = sheet.judged ? `; people say ${sheet.judged.said.join(", ")}` : "; not reviewed";
  const frames = counted(sheet.n_frames, "frame");
  return `${sheet.label} ${score(sheet.probability)}, ${sheet.camera}, ${moment(sheet.start)}, ${frames}${said}`;
}

function strip(sheet) {
  const step = Math.max(1, (sheet.frames.length - 1) / (SHOWN - 1));
  const places = [...new Set(Array.from({ length: Math.min(SHOWN, sheet.frames.length) }, (_, n) => Math.round(n * step)))];
  const count = sheet.frames.length > SHOWN && element("span", { class: "count" }, `${sheet.frames.length}`);
  return element("div", { class: "strip" }, ...places.map((place) => still(sheet, sheet.frames[place])), count);
}

/** A frame's preview, or why there is none. */
export function still(sheet, frame) {
  const none = (why) => element("span", { class: "none" }, why);
  if (frame.status === "corrupt") return none("cannot be read");
  const image = element("img", { alt: "", loading: "lazy", decoding: "async", src: picture("preview", sheet.camera, frame.key) });
  image.addEventListener("error", () => image.replaceWith(none("no preview")));
  return image;
}

function facts(sheet) {
  const likely = sheet.probability ?? 0;
  return element("div", { class: "facts" },
    element("p", { class: "name" }, element("span", { title: sheet.label }, sheet.label), element("b", {}, score(sheet.probability))),
    element("span", { class: "meter" }, element("i", { share: likely })),
    where(sheet),
    word(sheet));
}

/** Where and when; a name is kept apart, since it may turn the direction of writing. */
export const where = (sheet) =>
  element("p", { class: "where" }, element("bdi", {}, sheet.place ?? sheet.camera), ` · ${moment(sheet.local ?? sheet.start)}`);

/** What people say, or what is wrong. */
export function word(sheet) {
  if (sheet.trouble) {
    const choices = (sheet.trouble.choices ?? []).map(([name, run]) => element("button", { onclick: run }, name));
    return element("p", { class: "word" }, element("span", { class: "state" }, sheet.trouble.words), " ", ...choices);
  }
  if (sheet.judged) {
    const kind = sheet.judged.complete ? (sheet.judged.said.includes(sheet.label) ? "" : "differs") : "part";
    const rest = sheet.judged.complete ? "" : ", of a part of its frames: look again";
    const mark = { "": "✓ ", differs: "✎ ", part: "… " }[kind];
    return element("p", { class: `word ${kind}` }, mark, element("b", {}, element("bdi", {}, sheet.judged.said.join(", "))),
      " · ", element("bdi", {}, sheet.judged.by), rest);
  }
  return element("p", { class: "word soft" }, sheet.before ? `was ${sheet.before} by the head before` : "");
}
