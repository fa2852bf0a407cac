// Exports of any size: the app gives some labels at a time, the browser puts the texts together to files.

import { ask } from "/api/review/api.js";
import { save } from "/api/review/save.js";
import { zip } from "/api/review/zip.js";

export const FORMATS = {
  "camtrap-dp": "Camtrap DP: for GBIF, camtrapR, camtraptor, Agouti",
  megadetector: "MegaDetector results: for Timelapse, AddaxAI",
  coco: "COCO Camera Traps: for training elsewhere",
  csv: "CSV, one row a sequence: for a spreadsheet",
  "frames-csv": "CSV, one row a frame",
};

/** The files of an export and what is missing in it; `progress(rounds)` is told after each answer. */
export async function exported(wanted, progress) {
  const texts = new Map();
  const add = (parts) => { for (const [part, text] of Object.entries(parts)) if (text) texts.set(part, [...(texts.get(part) ?? []), new Blob([text])]); };
  let said = { after: "" };
  for (let rounds = 1; rounds === 1 || said.after; rounds += 1) {
    said = await ask("export", { body: { ...wanted, after: said.after } });
    add(said.before ?? {});
    add(said.parts);
    add(said.end ?? {});
    progress(rounds);
  }
  const files = Object.entries(said.files).map(([name, parts]) => [name, new Blob(parts.flatMap((part) => texts.get(part) ?? []))]);
  return { files, warnings: said.warnings };
}

/** Gives a person one file: the only one there is, or all of them packed. */
export async function give(format, files) {
  const day = new Date().toISOString().slice(0, 10);
  const [[name, only]] = files;
  if (files.length > 1) save(`uncia-${format}-${day}.zip`, await zip(files));
  else save(`uncia-${day}-${name}`, only);
}
