// Charts as files: SVG that stands by itself, PNG at twice its size, CSV of the same numbers.
import { el, put, words, wrapped } from "./svg.js";

const LOOKS = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "font-variant-numeric",
  "paint-order",
];
const EDGE = 20;
const TITLE = { size: 18, bold: true };

/** A chart on white paper, with its title and what it counts: no style sheet needed. `draw` makes it for a width. */
export function sheet(draw, width, title, notes) {
  const holder = document.createElement("div");
  holder.className = "sheet";
  document.body.append(holder);
  try {
    const chart = draw(width);
    const size = { width: Math.ceil(chart.getAttribute("width")), height: Math.ceil(chart.getAttribute("height")) };
    const lines = [
      ...wrapped(title, size.width, TITLE).map((text) => [text, "sheet-title", 24]),
      ...notes.flatMap((note) => wrapped(note, size.width)).map((text) => [text, "", 17]),
    ];
    let foot = EDGE - 6;
    const told = lines.map(([text, kind, high]) => words(EDGE, (foot += high), text, kind));
    const page = { width: size.width + 2 * EDGE, height: foot + 24 + size.height + EDGE };
    const svg = el(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg",
        class: "chart",
        role: "img",
        width: page.width,
        height: page.height,
        viewBox: `0 0 ${page.width} ${page.height}`,
      },
      el("title", {}, title),
      el("desc", {}, notes.join(" ")),
    );
    put(
      svg,
      el("rect", { x: 0, y: 0, width: page.width, height: page.height, class: "white" }),
      told,
      el("g", { transform: `translate(${EDGE} ${foot + 24})` }, ...[...chart.childNodes].slice(2)),
    );
    holder.append(svg);
    inline(svg);
    return svg;
  } finally {
    holder.remove();
  }
}

function inline(svg) {
  const all = [svg, ...svg.querySelectorAll("*")];
  // All are asked before any class goes: looks are inherited.
  const looks = all.map((element) => {
    const computed = getComputedStyle(element);
    return LOOKS.map((name) => [name, computed.getPropertyValue(name).replaceAll('"', "'")]);
  });
  all.forEach((element, which) => {
    for (const [name, value] of looks[which]) if (value) element.setAttribute(name, value);
    element.removeAttribute("class");
  });
}

/** The text of an SVG file. */
export const svgText = (svg) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;

/** The picture as PNG, at twice its size. */
export async function png(svg) {
  const address = URL.createObjectURL(new Blob([svgText(svg)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * Number(svg.getAttribute("width"));
    canvas.height = 2 * Number(svg.getAttribute("height"));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => {
      canvas.toBlob(done, "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A table as CSV (RFC 4180), UTF-8 without byte order mark. */
export function csv({ columns, rows }) {
  return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  // A spreadsheet takes what begins so for a formula, and names are strangers'.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
