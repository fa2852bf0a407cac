// Pictures as SVG, built as a tree so that no name can break out; looks are in the style sheet, by class.
const NS = "http://www.w3.org/2000/svg";
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const pen = document.createElement("canvas").getContext("2d");

/** An element with attributes and children; a text becomes a text node. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, typeof value === "number" ? rounded(value) : value);
  }
  made.append(...children);
  return made;
}

/** A picture with a name and a description for those who cannot see it. */
export function picture(width, height, title, says) {
  const id = `p${picture.made++}`;
  return el(
    "svg",
    {
      xmlns: NS,
      class: "chart",
      role: "img",
      width,
      height,
      viewBox: `0 0 ${rounded(width)} ${rounded(height)}`,
      "aria-labelledby": `${id}-title ${id}-says`,
    },
    el("title", { id: `${id}-title` }, title),
    el("desc", { id: `${id}-says` }, says),
  );
}
picture.made = 0;

export const line = (x1, y1, x2, y2, kind) => el("line", { x1, y1, x2, y2, class: kind });
export const rect = (x, y, width, height, kind, hint) => hinted(el("rect", { x, y, width, height, class: kind }), hint);
export const words = (x, y, text, kind = "") => el("text", { x, y, class: kind }, String(text));

/** A mark that says more where the mouse rests on it. */
export function hinted(mark, hint) {
  if (hint) mark.append(el("title", {}, hint));
  return mark;
}

/** A line through points. */
export function path(points, kind) {
  const d = points.map(([x, y], at) => `${at ? "L" : "M"}${rounded(x)} ${rounded(y)}`).join("");
  return el("path", { d, class: kind });
}

/** How wide a text is. */
export function wide(text, { size = 12, bold = false } = {}) {
  pen.font = `${bold ? 600 : 400} ${size}px ${FONT}`;
  return pen.measureText(text).width;
}

/** The text, or as much of it as has room, with three dots. */
export function fit(text, room, font) {
  if (wide(text, font) <= room) return text;
  const letters = [...text];
  let low = 0;
  for (let high = letters.length; low < high;) {
    const middle = (low + high + 1) >> 1;
    if (wide(`${letters.slice(0, middle).join("")}…`, font) <= room) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}

/** The text in lines that have room. */
export function wrapped(text, room, font) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && wide(longer, font) <= room) lines.splice(-1, 1, longer);
    else lines.push(fit(word, room, font));
  }
  return lines;
}

/** Room for the longest of the texts, but no more than `most`. */
export const room = (texts, most, font) => Math.min(most, Math.max(0, ...texts.map((text) => wide(text, font))) + 1);

/** Numbers from 0 to `most` in steps of 1, 2 or 5 and zeros, about `about` of them; whole ones for counts. */
export function ticks(most, about = 4) {
  const step = Math.max(1, nice(most / about));
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, which) => which * step);
}

/** The least of 1, 2 and 5 with zeros that is not below a number. */
export function nice(number) {
  const power = 10 ** Math.floor(Math.log10(number || 1));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= number * 0.999999) ?? power * 10;
}

/** Adds a picture's elements. */
export const put = (svg, ...elements) => {
  svg.append(...elements.flat());
  return svg;
};

const rounded = (number) => Math.round(number * 100) / 100;
