// What this person decides, from the key to the app and back: no picture of it is drawn here.

import { ask } from "/api/review/api.js";
import { backwards, decision, idOf, put, received } from "/api/review/judging.js";
import { Saver } from "/api/review/saving.js";

const UNSURE = ["unknown", "corrupt"];

/** Sequences as the wall has them, in its order, and what is being decided about them. */
export class Sheets {
  #byId = new Map();
  #undone = []; // what the last decisions replaced, the latest last
  all = [];
  who = "";
  reviewed = 0;

  /** `drawn(sheet)` after every change of one; `heard(sentence, plain)` what to say; `waiting(n, sentence)` of saving. */
  constructor({ drawn, heard, waiting }) {
    Object.assign(this, { drawn, heard });
    this.saver = new Saver({
      send: async (decisions) => (await ask("decisions", { body: { decisions } })).decided,
      saved: (sent, outcome) => this.#saved(sent, outcome),
      refused: (sent, sentence) => this.#refused(sent, sentence),
      state: waiting,
    });
  }

  clear() {
    this.all = [];
    this.#byId.clear();
  }

  /** Adds a sequence at the end; false where it is there already. */
  add(sheet) {
    if (this.#byId.has(idOf(sheet))) return false;
    this.all.push(received(sheet));
    this.#byId.set(idOf(sheet), sheet);
    return true;
  }

  /** Says one word of whole sequences. */
  decide(sheets, said) {
    this.#undone.push(sheets.map((sheet) => [sheet, this.#say(sheet, keysOf(sheet), said, "sequence")]));
  }

  /** Says one word of one frame, alone. */
  decideFrame(sheet, frame, said) {
    this.#undone.push([[sheet, this.#say(sheet, new Set([frame.key]), said, "frame")]]);
  }

  /** Says that the machine is right about those that it says anything of; how many those are. */
  accept(sheets) {
    const sure = sheets.filter((sheet) => !UNSURE.includes(sheet.label));
    if (sure.length) this.#undone.push(sure.map((sheet) => [sheet, this.#say(sheet, keysOf(sheet), sheet.label, "sequence")]));
    return sure.length;
  }

  /** Takes the last decision back; the sequences that it was about. */
  undo() {
    const last = this.#undone.pop() ?? [];
    for (const [sheet, before] of last) {
      for (const [said, of, frames] of backwards(before)) this.#say(sheet, new Set(frames), said, of);
    }
    return last.map(([sheet]) => sheet);
  }

  #say(sheet, frames, said, of) {
    const before = this.#changing(sheet, () => put(sheet, frames, said, of, this.who));
    sheet.trouble = null;
    this.saver.add(decision(sheet, frames, said, of));
    this.drawn(sheet);
    return before;
  }

  /** Does something to a sequence, and counts whether it is reviewed afterwards. */
  #changing(sheet, change) {
    const before = Number(sheet.reviewed === "yes");
    const made = change();
    this.reviewed += Number(sheet.reviewed === "yes") - before;
    return made;
  }

  #of(sent) {
    return this.#byId.get(idOf(sent));
  }

  #saved(sent, outcome) {
    const sheet = this.#of(sent);
    if (!sheet) return;
    const later = this.saver.waiting.some((one) => idOf(one) === idOf(sent));
    if (outcome.standing) this.#clash(sheet, sent, outcome);
    else if (!outcome.label) sheet.trouble = { words: "Saved. This sequence has changed since: reload to see it as it is now." };
    else {
      if (!later) this.#changing(sheet, () => Object.assign(sheet, received(outcome.label), { trouble: null }));
    }
    this.drawn(sheet);
  }

  /** Somebody else decided what this person had not seen: both words are shown, and one is chosen. */
  #clash(sheet, sent, { label, standing }) {
    if (label) this.#changing(sheet, () => Object.assign(sheet, received(label)));
    const mine = () => this.#undone.push([[sheet, this.#say(sheet, new Set(sent.frames), sent.said, sent.of)]]);
    const theirs = () => { sheet.trouble = null; this.drawn(sheet); };
    const words = `${standing.by} said ${standing.said} meanwhile; you said ${sent.said || "nothing"}, which is not saved.`;
    sheet.trouble = { state: "clash", words, choices: [["Mine", mine], ["Theirs", theirs]] };
    this.heard(`${standing.by} said ${standing.said} meanwhile.`, true);
  }

  #refused(sent, sentence) {
    const sheet = this.#of(sent);
    this.heard(`Not saved: ${sentence}`, true);
    if (!sheet) return;
    sheet.trouble = { state: "refused", words: `Not saved: ${sentence}` };
    this.drawn(sheet);
  }
}

const keysOf = (sheet) => new Set(sheet.frames.map((frame) => frame.key));
