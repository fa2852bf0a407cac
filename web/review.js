// The review page: what is shown, what is decided, and which key does what.

import { ask, reviewing } from "/api/review/api.js";
import { FORMATS, exported, give } from "/api/review/download.js";
import { backwards, decision, idOf, put } from "/api/review/judging.js";
import { Large } from "/api/review/large.js";
import { letters, pressed } from "/api/review/letters.js";
import { Saver } from "/api/review/saving.js";
import { fill, made } from "/api/review/wall.js";
import { counted, element, number } from "/api/review/words.js";

// So many tiles before the end, the next page is fetched: two rows of a wide screen.
const AHEAD = 24;
const $ = (id) => document.getElementById(id);
const wall = $("wall"), wish = $("wish");

const sheets = [];            // in the order of the wall
const tiles = new Map();      // by id
const told = new Map();       // what is wrong with a sequence, by id
const known = new Map();      // time of the last verdict that this person knew of, by id
const undone = [];            // what the last decisions replaced, latest last
let about = { classes: {}, who: "" };
let keys = new Map();
let chosen = new Set();       // places on the wall
let anchor = 0;
let here = 0;
let after = "";
let loading = null;

const large = new Large($("large"), { thresholds: {}, version: "", close: () => back() });
const saver = new Saver({
  send: async (decisions) => (await ask("decisions", { body: { decisions } })).decided,
  saved, refused, state: savedState,
});

// ---- what is shown

async function begin() {
  restore();
  const first = load(true);
  try {
    about = await ask("about");
  } catch (error) {
    return sorry(error, begin);
  }
  Object.assign(large.facts, { thresholds: about.classes, version: about.head });
  offer();
  nameAll([...Object.keys(about.classes), ...about.said.map(([name]) => name)]);
  await sayWho();
  await first;
  if (!sheets.length) $("more").textContent = nothing();
  saver.adopt();
}

/** Fetches the first page of the wall anew, or the next one. */
function load(anew = false) {
  if (loading && !anew) return loading;
  const mine = fetchPage(anew).finally(() => { if (loading === mine) loading = null; });
  loading = mine;
  return mine;
}

async function fetchPage(anew) {
  const query = { ...asked(), after: anew ? "" : after };
  $("more").textContent = "Looking…";
  let page;
  try {
    page = await ask("wall", { query });
  } catch (error) {
    return sorry(error, () => load(anew));
  }
  $("sorry").hidden = true;
  if (anew) {
    sheets.length = 0;
    [tiles, told, known].forEach((one) => one.clear());
    chosen.clear();
    wall.replaceChildren();
    here = anchor = 0;
  }
  page.shown.forEach(append);
  after = page.after;
  // What was decided since the first page is counted here; the app's own count follows when it has finalized the days.
  count(anew ? page : { ...counts, sequences: page.sequences });
  $("more").textContent = after ? "" : sheets.length ? "That is all." : nothing();
  const waiting = !anew && here === sheets.length - page.shown.length;
  if (anew || waiting) move(here, { focus: !document.activeElement?.closest("form") });
  if (!page.shown.length && after) return fetchPage(false);
}

const nothing = () => about.sequences ? "No sequence is like that: ask for less." : "There are no sequences yet: upload images, and look again.";

function append(sheet) {
  const id = idOf(sheet);
  if (tiles.has(id)) return;
  const place = sheets.push(sheet) - 1;
  known.set(id, sheet.judged?.at ?? null);
  const tile = made(sheet);
  tile.addEventListener("click", (event) => { if (!event.target.closest("button")) click(place, event); });
  tiles.set(id, tile);
  wall.append(tile);
  draw(sheet);
}

function draw(sheet) {
  const what = told.get(idOf(sheet)) ?? {};
  fill(tiles.get(idOf(sheet)), sheet, { ...what, actions: what.actions?.() });
  if (large.open && large.sheet === sheet) large.draw({ ...what, actions: what.actions?.() });
}

let counts = { sequences: 0, reviewed: 0 };
function count(page) {
  counts = page;
  $("done").max = Math.max(1, page.sequences);
  $("done").value = page.reviewed;
  $("count").textContent = `${number(page.reviewed)} of ${counted(page.sequences, "sequence")} reviewed`;
}

function sorry(error, again) {
  $("more").textContent = "";
  $("sorry").replaceChildren(`${error.message} `, element("button", { onclick: () => { $("sorry").hidden = true; again(); } }, "Try again"));
  $("sorry").hidden = false;
}

// ---- moving about

const tileAt = (place) => sheets[place] && tiles.get(idOf(sheets[place]));

/** Makes a sequence the current one; one place beyond the last is the end, where nothing is decided any more. */
function move(place, { extend = false, focus = true } = {}) {
  tileAt(here)?.setAttribute("aria-current", "false");
  tileAt(here)?.setAttribute("tabindex", "-1");
  here = Math.min(sheets.length, Math.max(0, place));
  if (after && here > sheets.length - AHEAD) load();
  const tile = tileAt(here);
  if (!tile) return end();
  tile.setAttribute("aria-current", "true");
  tile.setAttribute("tabindex", "0");
  if (extend) choose(range(anchor, here));
  else anchor = here;
  if (large.open) showLarge();
  if (focus && !large.open) tile.focus({ preventScroll: true });
  tile.scrollIntoView({ block: "nearest" });
}

/** Beyond the last sequence: what comes next is on its way, or that was all. */
function end() {
  if (large.open && !after) back();
  if (sheets.length) hear(after ? "More is on its way…" : "That was the last.", true);
}

function showLarge() {
  const what = told.get(idOf(sheets[here])) ?? {};
  large.show(sheets[here], { ...what, actions: what.actions?.() });
}

const range = (one, other) => new Set(Array.from({ length: Math.abs(one - other) + 1 }, (_, n) => Math.min(one, other) + n));

function choose(places) {
  for (const place of chosen) tiles.get(idOf(sheets[place])).setAttribute("aria-selected", "false");
  chosen = places;
  for (const place of chosen) tiles.get(idOf(sheets[place])).setAttribute("aria-selected", "true");
  offerKeys();
}

function click(place, event) {
  if (event.shiftKey) return move(place, { extend: true });
  if (event.ctrlKey || event.metaKey) {
    move(place);
    return choose(chosen.symmetricDifference(new Set([place])));
  }
  move(place);
  open();
}

function open() {
  if (!sheets[here]) return;
  choose(new Set());
  showLarge();
  behind(true);
  offerKeys();
}

function back() {
  large.close();
  behind(false);
  offerKeys();
  move(here);
}

/** What lies behind the large view can be neither reached nor read while it is open. */
function behind(is) {
  for (const part of document.querySelectorAll("header, main")) part.inert = is;
}

const columns = () => Math.max(1, getComputedStyle(wall).gridTemplateColumns.split(" ").length);

// ---- deciding

/** Says one word of the sequences chosen, or of the one that is current; goes on to the next. */
function decide(said) {
  const places = chosen.size ? [...chosen].sort((a, b) => a - b) : [here];
  const meant = places.map((place) => sheets[place]).filter(Boolean);
  if (!meant.length) return end();
  undone.push(meant.map((sheet) => [sheet, say(sheet, keysOf(sheet), said, "sequence")]));
  hear(meant.length === 1 ? `${said}: ${meant[0].camera}` : `${said}: ${counted(meant.length, "sequence")}`);
  const next = places.at(-1) + 1;
  choose(new Set());
  move(next);
}

/** Says one word of the frame that is shown, alone. */
function decideFrame(said) {
  const { sheet, frame } = large;
  undone.push([[sheet, say(sheet, new Set([frame.key]), said, "frame")]]);
  hear(`${said}: this frame only`);
}

/** What the machine said is right. */
function accept() {
  const places = chosen.size ? [...chosen].sort((a, b) => a - b) : [here];
  if (!sheets[places[0]]) return end();
  const sure = places.filter((place) => !["unknown", "corrupt"].includes(sheets[place].label));
  if (!sure.length) return hear("The machine does not know: say what it is.", true);
  const left = places.length - sure.length;
  undone.push(sure.map((place) => [sheets[place], say(sheets[place], keysOf(sheets[place]), sheets[place].label, "sequence")]));
  hear(`${counted(sure.length, "label")} accepted${left ? `; ${left} left, which the machine does not know` : ""}`, left > 0);
  choose(new Set());
  move(places.at(-1) + 1);
}

const keysOf = (sheet) => new Set(sheet.frames.map((frame) => frame.key));

function say(sheet, frames, said, of) {
  const complete = sheet.reviewed === "yes";
  const before = put(sheet, frames, said, of, about.who);
  recount(complete, sheet);
  told.delete(idOf(sheet));
  saver.add(decision(sheet, frames, said, of, known.get(idOf(sheet)) ?? null));
  draw(sheet);
  return before;
}

function recount(complete, sheet) {
  counts.reviewed += Number(sheet.reviewed === "yes") - Number(complete);
  count(counts);
}

function undo() {
  const last = undone.pop();
  if (!last) return hear("There is nothing to undo.", true);
  for (const [sheet, before] of last) {
    for (const [said, of, frames] of backwards(before)) say(sheet, new Set(frames), said, of);
  }
  hear(last.length === 1 ? "Undone." : `Undone: ${counted(last.length, "sequence")}.`);
  move(sheets.indexOf(last[0][0]));
}

function saved(sent, outcome) {
  const sheet = sheets.find((one) => one.camera === sent.camera && one.sequence_id === sent.sequence_id);
  if (!sheet) return;
  const id = idOf(sheet);
  const later = saver.waiting.some((one) => one.camera === sent.camera && one.sequence_id === sent.sequence_id);
  if (outcome.standing) clash(sheet, sent, outcome);
  else if (outcome.label) {
    known.set(id, outcome.label.judged?.at ?? null);
    if (!later) {
      Object.assign(sheet, outcome.label);
      told.delete(id);
    }
  } else told.set(id, { words: "Saved. This sequence has changed since: it is on the wall anew when you reload." });
  draw(sheet);
}

/** Somebody else decided what this person had not seen: both words are shown, and one is chosen. */
function clash(sheet, sent, { label, standing }) {
  const id = idOf(sheet);
  const complete = sheet.reviewed === "yes";
  if (label) Object.assign(sheet, label);
  recount(complete, sheet);
  known.set(id, standing.at);
  const again = () => { undone.push([[sheet, say(sheet, new Set(sent.frames), sent.said, sent.of)]]); };
  const keep = () => { told.delete(id); draw(sheet); };
  told.set(id, {
    state: "clash", words: `${standing.by} said ${standing.said} meanwhile; you said ${sent.said || "nothing"}, which is not saved.`,
    actions: () => [element("button", { onclick: again }, "Mine"), element("button", { onclick: keep }, "Theirs")],
  });
  hear(`${standing.by} said ${standing.said} meanwhile.`, true);
}

function refused(sent, sentence) {
  const sheet = sheets.find((one) => one.camera === sent.camera && one.sequence_id === sent.sequence_id);
  hear(`Not saved: ${sentence}`, true);
  if (!sheet) return;
  told.set(idOf(sheet), { state: "refused", words: `Not saved: ${sentence}` });
  draw(sheet);
}

function savedState(waiting, sentence) {
  $("saved").dataset.state = sentence ? "waiting" : "";
  $("saved").textContent = sentence ? `${counted(waiting, "decision")} not saved yet. ${sentence} Trying again.` : waiting ? "Saving…" : "All saved";
  const late = new Set(sentence ? saver.waiting.map((one) => `${one.camera}\n${one.sequence_id}`) : []);
  for (const [id, tile] of tiles) if (tile.dataset.state !== "clash") tile.dataset.state = late.has(id) ? "waiting" : "";
}

function hear(sentence, plain = false) {
  $("heard").textContent = sentence;
  if (plain) flash(sentence);
}

let flashing = 0;
function flash(sentence) {
  clearTimeout(flashing);
  $("flash").textContent = sentence;
  $("flash").hidden = false;
  flashing = setTimeout(() => { $("flash").hidden = true; }, 4000);
}

// ---- asking for others

const asked = () => Object.fromEntries(new FormData(wish));

function restore() {
  const said = new URLSearchParams(location.search);
  for (const field of wish.elements) {
    if (!said.has(field.name)) continue;
    if (field.type === "checkbox") field.checked = said.get(field.name) === field.value;
    else if (field.tagName === "SELECT") choice(field, said.get(field.name));
    else field.value = said.get(field.name);
  }
}

/** Sets a select, also to what it does not offer (yet). */
function choice(select, value) {
  if (value && ![...select.options].some((option) => option.value === value)) select.append(new Option(value, value));
  select.value = value;
}

function offer() {
  for (const [name, found] of [["camera", about.cameras], ["label", about.labels], ["said", about.said]]) {
    const select = wish.elements[name], was = select.value;
    select.replaceChildren(select.options[0], ...found.map(([value, n]) => new Option(`${value} (${number(n)})`, value)));
    choice(select, was);
  }
  for (const name of ["from", "to"]) Object.assign(wish.elements[name], { min: about.first, max: about.last });
  wish.elements.changed.closest("label").hidden = !about.changed;
  describe();
}

function describe() {
  const words = [...wish.elements].filter((field) => field.name && (field.type === "checkbox" ? field.checked : field.value))
    .filter((field) => field.name !== "order")
    .map((field) => field.type === "checkbox" ? "changed" : field.tagName === "SELECT" ? field.selectedOptions[0].textContent : `${field.name} ${field.value}`);
  $("asked").textContent = [wish.elements.order.selectedOptions[0].textContent, ...words].join(" · ");
}

wish.addEventListener("change", () => {
  describe();
  const query = new URLSearchParams(Object.entries(asked()).filter(([, value]) => value));
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  load(true);
});
wish.addEventListener("reset", () => setTimeout(() => wish.dispatchEvent(new Event("change"))));
wish.addEventListener("submit", (event) => event.preventDefault());

// ---- who reviews

async function sayWho() {
  if (about.local) {
    about.who = localStorage.getItem("uncia.name") || await question("Who is reviewing?", "Your name, kept with what you say", []) || "somebody";
    localStorage.setItem("uncia.name", about.who);
    reviewing(about.who);
  }
  const change = about.local && element("button", { onclick: () => { localStorage.removeItem("uncia.name"); location.reload(); } }, "not me");
  $("who").replaceChildren("Reviewing as ", element("b", {}, about.who), " ", change || "");
}

/** A short answer, or nothing where the question is put away. */
async function question(title, label, known_) {
  $("ask-title").textContent = title;
  $("ask-label").textContent = label;
  $("ask-list").replaceChildren(...known_.map((one) => new Option(one)));
  $("ask-input").value = "";
  $("ask").returnValue = "";
  $("ask").showModal();
  await new Promise((closed) => $("ask").addEventListener("close", closed, { once: true }));
  return $("ask").returnValue === "yes" ? $("ask-input").value.trim() : "";
}

async function other() {
  const frames = large.open;
  const name = await question("What is it?", "Species, or what you see", [...keys.values()]);
  if (!name) return;
  if (![...keys.values()].includes(name)) nameAll([...keys.values(), name]);
  decide(name);
  if (frames && large.open) large.draw();
}

// ---- taking it home

function offerDownload() {
  const form = $("export-form").elements;
  form.format.replaceChildren(...Object.entries(FORMATS).map(([name, words]) => new Option(words, name)));
  form.camera.replaceChildren(new Option("all", ""), ...about.cameras.map(([name, n]) => new Option(`${name} (${number(n)})`, name)));
  choice(form.camera, wish.elements.camera.value);
  form.first.value = wish.elements.from.value;
  form.last.value = wish.elements.to.value;
  $("export-said").textContent = "";
  $("export-missing").replaceChildren();
  $("export").showModal();
}

async function download(event) {
  event.preventDefault();
  const { project, first, last, ...rest } = Object.fromEntries(new FormData($("export-form")));
  const text = project?.size ? await project.text() : "";
  const wanted = { ...rest, project: text, first: first.replaceAll("-", ""), last: last.replaceAll("-", "") };
  $("export-go").disabled = true;
  $("export-missing").replaceChildren();
  try {
    const { files, warnings } = await exported(wanted, (rounds) => {
      $("export-said").textContent = `Reading${".".repeat(1 + (rounds % 3))} some ${number(500 * rounds)} sequences`;
    });
    await give(wanted.format, files);
    $("export-said").textContent = warnings.length ? "Done. This is missing in it:" : "Done.";
    $("export-missing").replaceChildren(...warnings.map((one) => element("li", {}, one)));
  } catch (error) {
    $("export-said").textContent = error.message;
  }
  $("export-go").disabled = false;
}

$("download").addEventListener("click", offerDownload);
$("export-form").addEventListener("submit", download);
$("export-close").addEventListener("click", () => $("export").close());

// ---- keys

function nameAll(classes) {
  keys = letters([...new Set([...classes, "blank"])]);
  offerKeys();
}

const COMMANDS = {
  a: ["accept what the machine says", accept],
  u: ["undo", undo],
  n: ["another name…", other],
  j: ["next", () => move(here + 1)],
  k: ["back", () => move(here - 1)],
  x: ["select, or not", () => sheets[here] && choose(chosen.symmetricDifference(new Set([here])))],
  z: ["the original image", () => { if (!large.open) open(); if (large.open) large.enlarge(); }],
  Enter: ["large, or the wall again", () => (large.open ? back() : open())],
  Escape: ["the wall; select nothing", () => (large.open ? back() : choose(new Set()))],
  " ": ["play the burst as a film", () => { if (!large.open) open(); if (large.open) large.play(); }],
  ArrowRight: ["next, or next frame", (event) => large.open ? large.step(1) : move(here + 1, { extend: event.shiftKey })],
  ArrowLeft: ["back, or frame before", (event) => large.open ? large.step(-1) : move(here - 1, { extend: event.shiftKey })],
  ArrowDown: ["next row, or next", (event) => move(here + (large.open ? 1 : columns()), { extend: event.shiftKey })],
  ArrowUp: ["row before, or back", (event) => move(here - (large.open ? 1 : columns()), { extend: event.shiftKey })],
  Home: ["first", (event) => move(0, { extend: event.shiftKey })],
  End: ["last that is loaded", (event) => move(sheets.length - 1, { extend: event.shiftKey })],
  "/": ["what is shown", () => { $("filters").open = true; wish.elements.order.focus(); }],
  "?": ["these keys", help],
};
const NAMES = { " ": "Space", ArrowRight: "→", ArrowLeft: "←", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
const keyName = (key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

function press(event) {
  if (event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input, select, summary") && event.key !== "Escape") return;
  if (event.target.matches("button") && ["Enter", " "].includes(event.key)) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "a" && !large.open) { event.preventDefault(); choose(range(0, sheets.length - 1)); }
    return;
  }
  const key = pressed(event, keys);
  const run = keys.has(key) ? () => (event.shiftKey && large.open ? decideFrame(keys.get(key)) : decide(keys.get(key))) : COMMANDS[key]?.[1];
  if (!run) return;
  event.preventDefault();
  if (event.target.matches("input, select")) event.target.blur();
  run(event);
}

function offerKeys() {
  const button = (key, words, run, kind = "say") =>
    element("button", { class: kind, onclick: run, title: words }, element("kbd", {}, keyName(key)), element("span", {}, words));
  const many = chosen.size && element("p", { class: "chosen" }, counted(chosen.size, "sequence"));
  const classes = [...keys].map(([key, name]) => button(key, name, () => decide(name)));
  const views = large.open
    ? [button("Escape", "wall", back, "view"), button("k", "back", COMMANDS.k[1], "view"), button("j", "next", COMMANDS.j[1], "view"),
      button(" ", "film", COMMANDS[" "][1]), button("z", "original", COMMANDS.z[1])]
    : [button("Enter", "large", open)];
  $("keys").replaceChildren(many || "", button("a", "accept", accept), ...classes, button("n", "other…", other),
    element("span", { class: "gap" }), button("u", "undo", undo), ...views, button("?", "all keys", help));
}

function help() {
  const rows = [...[...keys].map(([key, name]) => [keyName(key), name]), ["Shift + letter", "of the frame that is large, alone"],
    ["Shift + arrows", "select a range: the next key decides for all of it"],
    ...Object.entries(COMMANDS).map(([key, [words]]) => [keyName(key), words])];
  $("help-keys").replaceChildren(...rows.flatMap(([key, words]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, words)]));
  $("help").showModal();
}

addEventListener("keydown", press);
new IntersectionObserver(([end]) => { if (end.isIntersecting && after) load(); }, { rootMargin: "900px" }).observe($("more"));
begin();
