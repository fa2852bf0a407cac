// The review page: its parts, and how they hear of each other.

import { ask } from "/api/review/api.js";
import { question, whoIsThere } from "/api/review/asking.js";
import { Browsing, sorry } from "/api/review/browsing.js";
import { idOf } from "/api/review/judging.js";
import { Keyboard } from "/api/review/keyboard.js";
import { Large } from "/api/review/large.js";
import { Sheets } from "/api/review/sheets.js";
import { offerDownload } from "/api/review/taking.js";
import { Wishing } from "/api/review/wishing.js";
import { counted } from "/api/review/words.js";

const $ = (id) => document.getElementById(id);
let about = { classes: {}, cameras: [], sequences: 0 };

const sheets = new Sheets({ drawn: (sheet) => wall.draw(sheet), heard: hear, waiting });
const large = new Large($("large"), () => wall.back());
const wishing = new Wishing(() => wall.anew());
const wall = new Browsing({ sheets, large, asked: () => wishing.asked, changed: () => keyboard.show(), heard: hear, nothing });
const keyboard = new Keyboard({
  commands: {
    a: ["accept what the machine says", accept],
    u: ["undo", undo],
    n: ["another name…", other],
    j: ["next", () => wall.move(wall.here + 1)],
    k: ["back", () => wall.move(wall.here - 1)],
    x: ["select, or not", () => wall.toggle()],
    z: ["the original image", () => inLarge(() => large.enlarge())],
    Enter: ["large, or the wall again", () => (large.open ? wall.back() : wall.open())],
    Escape: ["the wall; select nothing", () => (large.open ? wall.back() : wall.choose(new Set()))],
    " ": ["play the burst as a film", () => inLarge(() => large.play())],
    ArrowRight: ["next, or next frame", (event) => (large.open ? large.step(1) : to(wall.here + 1, event))],
    ArrowLeft: ["back, or frame before", (event) => (large.open ? large.step(-1) : to(wall.here - 1, event))],
    ArrowDown: ["next row, or next", (event) => to(wall.here + (large.open ? 1 : wall.columns), event)],
    ArrowUp: ["row before, or back", (event) => to(wall.here - (large.open ? 1 : wall.columns), event)],
    Home: ["first", (event) => to(0, event)],
    End: ["last that is loaded", (event) => to(sheets.all.length - 1, event)],
    "/": ["what is shown", () => wishing.open()],
  },
  say: (name, alone) => (alone && large.open ? decideFrame(name) : decide(name)),
  chooseAll: () => wall.chooseAll(),
  view: () => ({ large: large.open, chosen: wall.chosen.size }),
});

function to(place, event) {
  wall.move(place, { extend: event.shiftKey && !large.open });
}

function inLarge(run) {
  if (!large.open) wall.open();
  if (large.open) run();
}

function decide(said) {
  const meant = wall.meant;
  if (!meant.length) return wall.end();
  sheets.decide(meant, said);
  hear(`${said}: ${meant.length === 1 ? meant[0].camera : counted(meant.length, "sequence")}`);
  return wall.next();
}

function decideFrame(said) {
  sheets.decideFrame(large.sheet, large.frame, said);
  hear(`${said}: this frame only`);
}

function accept() {
  const meant = wall.meant;
  if (!meant.length) return wall.end();
  const sure = sheets.accept(meant);
  if (!sure) return hear("The machine does not know: say what it is.", true);
  const left = meant.length - sure;
  hear(`${counted(sure, "label")} accepted${left ? `; ${left} left, which the machine does not know` : ""}`, left > 0);
  return wall.next();
}

function undo() {
  const back = sheets.undo();
  if (!back.length) return hear("There is nothing to undo.", true);
  hear(back.length === 1 ? "Undone." : `Undone: ${counted(back.length, "sequence")}.`);
  const place = sheets.all.indexOf(back[0]);
  return place < 0 ? undefined : wall.move(place);
}

async function other() {
  const name = await question("What is it?", "Species, or what you see", keyboard.names);
  if (!name) return;
  keyboard.know([name]);
  decide(name);
}

function nothing() {
  return about.sequences ? "No sequence is like that: ask for less." : "There are no sequences yet: upload images, and look again.";
}

function waiting(n, sentence) {
  $("saved").dataset.state = sentence ? "waiting" : "";
  $("saved").textContent = sentence ? `${counted(n, "decision")} not saved yet. ${sentence} Trying again.` : n ? "Saving…" : "All saved";
  wall.late(new Set(sentence ? sheets.saver.waiting.map(idOf) : []));
}

let flashing = 0;
/** Says something to who listens, and where it is plain also to who looks. */
function hear(sentence, plain = false) {
  $("heard").textContent = sentence;
  if (!plain) return;
  clearTimeout(flashing);
  $("flash").textContent = sentence;
  $("flash").hidden = false;
  flashing = setTimeout(() => { $("flash").hidden = true; }, 4000);
}

async function begin() {
  // Both look through all days: at once they would take each other's time, and the wall is what people wait for.
  await wall.anew();
  try {
    about = await ask("about");
  } catch (error) {
    sorry(error, begin);
    return;
  }
  large.judge(about.classes, about.head);
  wishing.offer(about);
  keyboard.know([...Object.keys(about.classes), ...about.said.map(([name]) => name)]);
  sheets.who = await whoIsThere(about);
  if (!sheets.all.length) $("more").textContent = nothing();
  await sheets.saver.open(sheets.who);
}

offerDownload({ about: () => about, asked: () => wishing.asked });
begin();
