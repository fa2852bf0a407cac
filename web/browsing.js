// Moving about on the wall: pages that come in, the current sequence, those that are chosen, and one large.

import { ask, picture } from "/api/review/api.js";
import { idOf } from "/api/review/judging.js";
import { fill, made } from "/api/review/wall.js";
import { counted, element, number } from "/api/review/words.js";

// So many tiles before the end, the next page is fetched: some rows of a wide screen.
const AHEAD = 24;
// Of so many sequences after a large one the pictures are fetched before anyone asks for them; of each so many.
const NEXT = 3, STILLS = 12;
const $ = (id) => document.getElementById(id);

export class Browsing {
  #tiles = new Map();
  #after = "";
  #asking = null; // what the page that is on its way was asked for with
  #anchor = 0;
  sequences = 0;
  here = 0;
  chosen = new Set(); // places on the wall

  /** `asked()` gives what is wanted, `changed()` is told when something else is current, chosen or large. */
  constructor({ sheets, large, asked, changed, heard, nothing }) {
    Object.assign(this, { sheets, large, asked, changed, heard, nothing, list: $("wall") });
    new IntersectionObserver(([end]) => { if (end.isIntersecting) this.more(); }, { rootMargin: "900px" }).observe($("more"));
  }

  get current() { return this.sheets.all[this.here]; }

  /** The sequences that the next key decides about. */
  get meant() {
    const places = this.chosen.size ? [...this.chosen].sort((one, other) => one - other) : [this.here];
    return places.map((place) => this.sheets.all[place]).filter(Boolean);
  }

  /** Fetches the first page for what is wanted now; what was on its way for an earlier wish is forgotten. */
  anew() {
    return this.#fetch({ ...this.asked() }, true);
  }

  /** Fetches the next page, if there is one and it is not on its way. */
  async more() {
    if (this.#after && !this.#asking) await this.#fetch({ ...this.asked(), after: this.#after }, false);
  }

  async #fetch(query, anew) {
    this.#asking = query;
    $("more").textContent = "Looking…";
    try {
      const page = await ask("wall", { query });
      if (this.#asking !== query) return;
      this.#asking = null;
      this.#take(page, anew);
    } catch (error) {
      if (this.#asking !== query) return;
      this.#asking = null;
      sorry(error, () => this.#fetch(query, anew));
    }
  }

  #take(page, anew) {
    if (anew) this.#clear();
    const waiting = anew || this.here === this.sheets.all.length;
    page.shown.forEach((sheet) => this.#append(sheet));
    this.#after = page.after;
    this.sequences = page.sequences;
    // What was decided since is counted here; the app counts it when it has finalized the days.
    if (anew) this.sheets.reviewed = page.reviewed;
    this.count();
    $("more").textContent = this.#after ? "" : this.sheets.all.length ? "That is all." : this.nothing();
    if (waiting) this.move(this.here, { focus: !document.activeElement?.closest("form") });
    if (!page.shown.length) this.more();
  }

  #clear() {
    this.sheets.clear();
    this.#tiles.clear();
    this.list.replaceChildren();
    this.chosen = new Set();
    this.here = this.#anchor = 0;
  }

  #append(sheet) {
    if (!this.sheets.add(sheet)) return;
    const place = this.sheets.all.length - 1;
    const tile = made(sheet);
    tile.addEventListener("click", (event) => { if (!event.target.closest("button")) this.#click(place, event); });
    this.#tiles.set(idOf(sheet), tile);
    this.list.append(tile);
    this.draw(sheet);
  }

  /** Draws a sequence anew; one that something else was asked for since has no tile. */
  draw(sheet) {
    const tile = this.#tiles.get(idOf(sheet));
    if (tile) fill(tile, sheet);
    if (this.large.sheet === sheet) this.large.draw();
    this.count();
  }

  count() {
    $("done").max = Math.max(1, this.sequences);
    $("done").value = this.sheets.reviewed;
    $("count").textContent = `${number(this.sheets.reviewed)} of ${counted(this.sequences, "sequence")} reviewed`;
  }

  /** Marks the sequences with these ids as not saved yet, and no others. */
  late(ids) {
    for (const [id, tile] of this.#tiles) if (tile.dataset.state !== "clash") tile.dataset.state = ids.has(id) ? "waiting" : "";
  }

  #tileAt(place) {
    return this.sheets.all[place] && this.#tiles.get(idOf(this.sheets.all[place]));
  }

  /** Makes a sequence the current one; one place beyond the last is the end, where nothing is decided any more. */
  move(place, { extend = false, focus = true } = {}) {
    this.#tileAt(this.here)?.setAttribute("aria-current", "false");
    this.#tileAt(this.here)?.setAttribute("tabindex", "-1");
    this.here = Math.min(this.sheets.all.length, Math.max(0, place));
    if (this.here > this.sheets.all.length - AHEAD) this.more();
    const tile = this.#tileAt(this.here);
    if (!tile) return this.end();
    tile.setAttribute("aria-current", "true");
    tile.setAttribute("tabindex", "0");
    if (extend) this.choose(range(this.#anchor, this.here));
    else this.#anchor = this.here;
    if (this.large.open) this.#showLarge();
    else if (focus) tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: "nearest" });
  }

  /** Beyond the last sequence: what comes next is on its way, or that was all. */
  end() {
    if (this.large.open && !this.#after) this.back();
    if (this.sheets.all.length) this.heard(this.#after ? "More is on its way…" : "That was the last.", true);
  }

  choose(places) {
    for (const place of this.chosen) this.#tileAt(place).setAttribute("aria-selected", "false");
    this.chosen = places;
    for (const place of this.chosen) this.#tileAt(place).setAttribute("aria-selected", "true");
    this.changed();
  }

  chooseAll() { this.choose(range(0, this.sheets.all.length - 1)); }

  toggle() { if (this.current) this.choose(this.chosen.symmetricDifference(new Set([this.here]))); }

  /** Goes on to what follows the sequences that were just decided. */
  next() {
    const last = this.chosen.size ? Math.max(...this.chosen) : this.here;
    this.choose(new Set());
    this.move(last + 1);
  }

  #click(place, event) {
    if (event.shiftKey) return this.move(place, { extend: true });
    this.move(place);
    if (event.ctrlKey || event.metaKey) this.toggle();
    else this.open();
  }

  open() {
    if (!this.current) return;
    this.choose(new Set());
    this.#showLarge();
    behind(true);
    this.changed();
  }

  #showLarge() {
    this.large.show(this.current);
    for (const sheet of this.sheets.all.slice(this.here + 1, this.here + 1 + NEXT)) {
      const shown = sheet.frames.filter((frame) => frame.status === "ok").slice(0, STILLS);
      for (const frame of shown) new Image().src = picture("preview", sheet.camera, frame.key);
    }
  }

  back() {
    this.large.close();
    behind(false);
    this.changed();
    if (this.current) this.move(this.here);
  }

  get columns() {
    return Math.max(1, getComputedStyle(this.list).gridTemplateColumns.split(" ").length);
  }
}

const range = (one, other) => new Set(Array.from({ length: Math.abs(one - other) + 1 }, (_, n) => Math.min(one, other) + n));

/** What lies behind the large view can be neither reached nor read while it is open. */
function behind(is) {
  for (const part of document.querySelectorAll("header, main")) part.inert = is;
}

/** A mistake in one sentence, and a way to try again. */
export function sorry(error, again) {
  const retry = () => { $("sorry").hidden = true; again(); };
  $("more").textContent = "";
  $("sorry").replaceChildren(`${error.message} `, element("button", { onclick: retry }, "Try again"));
  $("sorry").hidden = false;
}
