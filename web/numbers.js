// From what the server told to the numbers of each chart. Drawing, tables and CSV files all read these.
import { number } from "./words.js";

export { number };

/** Which of a pair [sequences, events] is counted. */
export const pick = (pair, count) => pair[count === "events" ? 1 : 0];

/** The greatest of numbers that are not negative, however many. */
export const greatest = (values) => values.reduce((most, value) => Math.max(most, value), 0);
export const plural = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;
export const percent = (part, whole) => (whole ? `${Math.round((100 * part) / whole)} %` : "–");
/** A number that is not whole, with one decimal below ten. */
export const rate = (value) => (value === null ? "–" : value.toFixed(value < 10 ? 1 : 0));

const DAY = 86_400_000;
export const dayOf = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
export const isoOf = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
export const monthOf = (day) => MONTHS[new Date(day * DAY).getUTCMonth()];
export const dayOfMonth = (day) => new Date(day * DAY).getUTCDate();
export const yearOf = (day) => new Date(day * DAY).getUTCFullYear();
export const dateOf = (day) => `${dayOfMonth(day)} ${monthOf(day)} ${yearOf(day)}`;

export const trapNights = (data) => data.cameras.reduce((sum, camera) => sum + camera.nights, 0);
export const species = (data) => data.words.map((word, which) => ({ ...word, which })).filter((word) => word.species);

/** The first and last day on which any camera stood; null where nothing has a date. */
export function period(data) {
  const days = data.cameras.flatMap((camera) => camera.spans.flat()).map(dayOf);
  return days.length ? [Math.min(...days), Math.max(...days)] : null;
}

const per100 = (n, nights) => (nights ? (100 * n) / nights : null);

/** Of every word: events, sequences, and events per 100 trap nights. */
export function totals(data) {
  const nights = trapNights(data);
  return data.words.map((word) => ({ ...word, per100: word.species ? per100(word.events, nights) : null }));
}

/** Of every camera: what it saw of a word (null: any species) by day, and how long it stood. */
export function byCamera(data, which, count) {
  const rows = data.cameras.map((camera) => ({
    ...camera,
    days: new Map(),
    total: 0,
    stood: camera.spans.map(([first, last]) => [dayOf(first), dayOf(last)]),
  }));
  for (const [camera, date, word, sequences, events] of data.detections) {
    if (which === null ? !data.words[word].species : word !== which) continue;
    const row = rows[camera],
      day = dayOf(date),
      n = pick([sequences, events], count);
    row.days.set(day, (row.days.get(day) ?? 0) + n);
    row.total += n;
  }
  for (const row of rows) row.per100 = per100(row.total, row.nights);
  return rows;
}

/** Of every species that was seen at a known hour: its share at each, and its number. */
export function byHour(data, count) {
  return species(data)
    .map((word) => {
      const hours = data.hours[word.which].map((pair) => pick(pair, count));
      const total = hours.reduce((sum, n) => sum + n, 0);
      return { name: word.name, total, hours, shares: hours.map((n) => n / total) };
    })
    .filter((word) => word.total);
}

/** What places saw of a word (null: any species). */
export function byPlace(data, which, count) {
  return data.places.map((place) => {
    const of = place.numbers.filter(([word]) => (which === null ? data.words[word].species : word === which));
    const total = of.reduce((sum, [, ...pair]) => sum + pick(pair, count), 0);
    return { ...place, total, per100: per100(total, place.nights) };
  });
}

/** What a threshold in hundredths would do for a class. */
export function consequences(of, step) {
  const below = (outcome) => of[outcome][0] - of[outcome][step];
  const [given, right, wrong] = [of.all[step], of.right[step], of.wrong[step]];
  return { given, byHand: below("all"), right, wrong, left: below("right") + of.left, missed: of.missed };
}
