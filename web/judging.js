// What people said of frames, and what that makes of their sequence: shared/verdict.py has the same rule.

const BLANK = new Set(["blank", "empty"]);
const isBlank = (said) => BLANK.has(said.toLowerCase());

/** What the verdicts on a sequence's frames make of it; null where there is none. */
export function judgement(frames) {
  const given = frames.map((frame) => frame.verdict).filter(Boolean);
  if (!given.length) return null;
  const seen = [...new Set(given.map((verdict) => verdict.said))].sort();
  const animals = seen.filter((said) => !isBlank(said));
  const complete = frames.every((frame) => frame.verdict || frame.status === "corrupt");
  return { said: animals.length ? animals : seen, by: given[0].by, complete };
}

/** Puts a verdict on frames of a sequence, or takes it off where nothing is said; as they were is given back. */
export function put(sheet, keys, said, of, by) {
  const before = sheet.frames.filter((frame) => keys.has(frame.key)).map(({ key, verdict }) => ({ key, verdict }));
  for (const frame of sheet.frames) if (keys.has(frame.key)) frame.verdict = said ? { said, by, of } : null;
  const at = sheet.judged?.at ?? null;
  sheet.judged = judgement(sheet.frames);
  if (sheet.judged) Object.assign(sheet.judged, { by, at });
  sheet.reviewed = sheet.judged ? (sheet.judged.complete ? "yes" : "part") : "no";
  return before;
}

/** The decision that the app is told of, with the times of the verdicts that the person could see. */
export function decision(sheet, keys, said, of) {
  const known = sheet.frames.filter((frame) => keys.has(frame.key) && frame.seen).map((frame) => [frame.key, frame.seen]);
  return { camera: sheet.camera, sequence_id: sheet.sequence_id, frames: [...keys], said, of, seen: Object.fromEntries(known) };
}

/** A sequence as the app gives it: each frame remembers the time of the verdict that was seen on it. */
export function received(sheet) {
  for (const frame of sheet.frames) frame.seen = frame.verdict?.at ?? null;
  return sheet;
}

/** Frames as they were, in as few decisions as that takes. */
export function backwards(before) {
  const words = new Map();
  for (const { key, verdict } of before) {
    const word = JSON.stringify([verdict?.said ?? "", verdict?.of ?? "sequence"]);
    words.set(word, [...(words.get(word) ?? []), key]);
  }
  return [...words].map(([word, keys]) => [...JSON.parse(word), keys]);
}

export const idOf = (sheet) => `${sheet.camera}\n${sheet.sequence_id}`;
