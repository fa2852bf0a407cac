// Which key says which class: its own first free letter, so that hands can learn it.

const TAKEN = new Set("abjknuxz");
const SPARE = "123456789cdefghilmopqrstvwy";

/** A key for each class, as long as there are any: blank is always b. */
export function letters(classes) {
  const keys = new Map(classes.filter((name) => name.toLowerCase() === "blank").map((name) => ["b", name]));
  for (const name of classes) {
    if (keys.get("b") === name) continue;
    const own = [...name.toLowerCase()].filter((letter) => /^\p{L}$/u.test(letter));
    const free = [...own, ...SPARE].find((letter) => !TAKEN.has(letter) && !keys.has(letter));
    if (free) keys.set(free, name);
  }
  return keys;
}

/** The key that was pressed, as a Latin keyboard has it where the letter is nobody's: J is J on a Cyrillic one too. */
export function pressed(event, keys) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (keys.has(key) || event.key.length > 1 || event.key.charCodeAt(0) < 128) return key;
  return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : key;
}
