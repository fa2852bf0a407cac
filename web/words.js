// How times, numbers and sequences are written for people.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A local time without zone, 2024-03-14T21:14:08, as 14 Mar 2024, 21:14:08: never moved to the reader's own zone. */
export function moment(iso) {
  if (!iso) return "no date";
  const [date, time] = iso.split("T");
  const [year, month, day] = date.split("-");
  return `${Number(day)} ${MONTHS[month - 1]} ${year}, ${time.slice(0, 8)}`;
}

/** The time of day in a local time. */
/** Where the clock of a camera was wrong: what it said, and why that is not what is shown. */
export const corrected = (sheet) => (sheet.clock ? `The camera's clock said ${moment(sheet.start)}: it ${sheet.clock.replaceAll("T", " ")}.` : "");

export const clock = (iso) => (iso ? iso.split("T")[1].slice(0, 8) : "no date");

/** An instant in UTC, as the reader's own clock shows it. */
export const instant = (iso) =>
  new Date(iso).toLocaleString([], { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

export const number = (n) => n.toLocaleString("en");
export const counted = (n, noun) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;
export const score = (p) => (p === null || p === undefined ? "" : p.toFixed(2));

/** An element with its attributes and children; texts are texts, whatever is in them. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "share") made.style.setProperty("--p", value);
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}
