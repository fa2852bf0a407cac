// The page's charts of what was seen: each is drawn for a width in pixels, so that letters keep their size.
import { dateOf, dayOfMonth, greatest, monthOf, number, percent, rate, yearOf } from "./numbers.js";
import { el, fit, hinted, line, path, picture, put, rect, room, ticks, wide, words } from "./svg.js";

const NARROW = 560;
const FEW = 30; // sightings, of which shares by hour would be mostly chance
const STEPS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const UNITS = [1, 7, 28, 91, 364];
const UNIT_WORDS = { 1: "a day", 7: "a week", 28: "4 weeks", 91: "13 weeks", 364: "52 weeks" };

/** A row of cameras and a column of days, darker where more was seen; a thin line where a camera stood. */
export function matrix(rows, [first, last], what, width) {
  const narrow = width < NARROW;
  const left =
      room(
        rows.map((row) => row.name),
        narrow ? 88 : 180,
      ) + 8,
    right = narrow ? 84 : 150;
  const columns = Math.max(60, width - left - right),
    sums = width - (narrow ? 44 : 100);
  const unit = UNITS.find((days) => columns / Math.ceil((last - first + 1) / days) >= 4.5) ?? UNITS.at(-1);
  const bins = Math.ceil((last - first + 1) / unit),
    step = Math.min(columns / bins, 26),
    high = 20,
    top = 76;
  const bottom = top + rows.length * high;
  const svg = picture(
    width,
    bottom + 52,
    `${what}, by camera, a square for ${UNIT_WORDS[unit]}`,
    `${rows.length} cameras; ${number(rows.reduce((sum, row) => sum + row.total, 0))} in all.`,
  );
  const counts = rows.map((row) => binned(row.days, first, unit, bins));
  const edges = steps(Math.max(1, greatest(counts.flat())));
  const x = (day) => left + ((day - first) / unit) * step;
  put(svg, words(sums, top - 10, "all", "end strong"));
  put(svg, words(width, top - 10, narrow ? "/100 n" : "per 100 nights", "end"));
  put(svg, margin(counts, left, step, top, unit, what));
  rows.forEach((row, which) => {
    const y = top + which * high;
    put(svg, hinted(words(left - 8, y + 14, fit(row.name, left - 8), "end strong"), row.name));
    for (const [begin, end] of row.stood)
      put(svg, line(x(begin), y + high / 2, Math.min(x(end + 1), x(first) + bins * step), y + high / 2, "stood"));
    counts[which].forEach((n, bin) => {
      if (n)
        put(
          svg,
          rect(
            left + bin * step,
            y + 2,
            Math.max(step - (step > 6 ? 1 : 0.4), 1),
            high - 4,
            `q q${grade(n, edges)}`,
            `${row.name}, ${span(first + bin * unit, unit)}: ${n}`,
          ),
        );
    });
    put(svg, words(sums, y + 14, number(row.total), "end strong"), words(width, y + 14, rate(row.per100), "end"));
  });
  put(svg, months(first, last, x, bottom));
  put(svg, grades(edges, left, bottom + 34, unit, narrow));
  return svg;
}

function binned(days, first, unit, bins) {
  const counts = Array(bins).fill(0);
  for (const [day, n] of days) counts[Math.floor((day - first) / unit)] += n;
  return counts;
}

const span = (day, unit) => (unit === 1 ? dateOf(day) : `${dateOf(day)} to ${dateOf(day + unit - 1)}`);

/** Lower edges of at most five grades, doubling. */
function steps(most) {
  const reached = STEPS.filter((edge) => edge <= most);
  const every = Math.ceil(reached.length / 5);
  return reached.filter((_, which) => which % every === 0).slice(0, 5);
}

const grade = (n, edges) => 5 - edges.length + edges.filter((edge) => edge <= n).length;

/** All cameras together, over the columns. */
function margin(counts, left, step, top, unit, what) {
  const sums = counts.reduce((sum, row) => row.map((n, bin) => n + sum[bin]), Array(counts[0].length).fill(0));
  const most = greatest(sums);
  const peak = sums.indexOf(most);
  const foot = top - 14;
  const tall = (n) => (40 * n) / Math.max(1, most);
  const side = peak < sums.length / 8 ? "" : peak > (7 * sums.length) / 8 ? "end" : "middle";
  return [
    ...sums.map((n, bin) =>
      rect(left + bin * step, foot - tall(n), Math.max(step - 0.6, 0.8), tall(n), "bar", `${what}: ${n}`),
    ),
    line(left, foot + 0.5, left + sums.length * step, foot + 0.5, "axis-line"),
    words(left + (peak + 0.5) * step, foot - 45, `${number(most)} in ${UNIT_WORDS[unit]}`, side),
  ];
}

/** Where months begin under the columns, as many as have room; the first mark has its year. */
function months(first, last, x, y) {
  const begins = [];
  for (let day = first; day <= last; day += 1) if (dayOfMonth(day) === 1) begins.push(day);
  if (!begins.length || begins[0] - first > 15) begins.unshift(first);
  const marks = [];
  let free = -Infinity;
  for (const day of begins) {
    const month = day === begins[0] || monthOf(day) === "Jan" ? `${monthOf(day)} ${yearOf(day)}` : monthOf(day);
    const text = dayOfMonth(day) === 1 ? month : `${dayOfMonth(day)} ${month}`;
    if (x(day) < free) continue;
    marks.push(line(x(day), y + 2, x(day), y + 7, "axis-line"), words(x(day), y + 20, text));
    free = x(day) + wide(text) + 10;
  }
  return marks;
}

/** What the colours of the squares mean. */
function grades(edges, left, y, unit, narrow) {
  let at = left;
  const marks = edges.flatMap((edge, which) => {
    const most = (edges[which + 1] ?? Infinity) - 1;
    const text = most === Infinity ? `${edge}+` : most > edge ? `${edge}–${most}` : `${edge}`;
    const made = [rect(at, y - 1, 14, 12, `q q${grade(edge, edges)}`), words(at + 18, y + 9, text)];
    at += 18 + wide(text) + 10;
    return made;
  });
  const per = `in ${UNIT_WORDS[unit]}`;
  marks.push(words(at, y + 9, per));
  at += wide(per) + 16;
  if (narrow) return marks;
  return [...marks, line(at, y + 5, at + 20, y + 5, "stood"), words(at + 26, y + 9, "the camera stood, nothing seen")];
}

/** For each species the share of its number at each hour of the day, on one scale; of a few sightings each is a dot. */
export function hours(rows, width) {
  const across = Math.max(1, Math.min(rows.length, Math.floor((width + 24) / (width < NARROW ? 168 : 264))));
  const gap = 24,
    wideOne = (width - gap * (across - 1)) / across,
    high = 118,
    deep = 182;
  const most = Math.max(...rows.filter((row) => row.total >= FEW).flatMap((row) => row.shares), 1 / 24);
  const dot = Math.min(
    8,
    (high - 8) / Math.max(1, ...rows.filter((row) => row.total < FEW).flatMap((row) => row.hours)),
  );
  const svg = picture(
    width,
    Math.ceil(rows.length / across) * deep,
    "Activity by hour of the day, local time",
    rows.map((row) => `${row.name}: most at ${row.hours.indexOf(Math.max(...row.hours))} h.`).join(" "),
  );
  rows.forEach((row, which) => {
    const left = (which % across) * (wideOne + gap),
      top = Math.floor(which / across) * deep,
      foot = top + high + 24;
    const step = wideOne / 24,
      name = fit(row.name, wideOne - 60, { bold: true, size: 13 });
    put(
      svg,
      hinted(words(left, top + 15, name, "name"), row.name),
      words(left + wideOne, top + 15, `n = ${number(row.total)}`, "end"),
    );
    row.shares.forEach((share, hour) => {
      const tall = ((high - 8) * share) / most,
        at = left + hour * step,
        hint = `${row.name}, ${hour}:00 to ${hour}:59: ${row.hours[hour]} (${percent(row.hours[hour], row.total)})`;
      if (row.total >= FEW) put(svg, rect(at + 0.5, foot - tall, step - 1, tall, "bar", hint));
      else
        for (let one = 0; one < row.hours[hour]; one += 1)
          put(
            svg,
            hinted(
              el("circle", {
                cx: at + step / 2,
                cy: foot - dot * (one + 0.5) - 1,
                r: Math.min(dot, step) * 0.38,
                class: "bar",
              }),
              hint,
            ),
          );
    });
    const even = foot - (high - 8) / 24 / most;
    if (row.total >= FEW) put(svg, line(left, even, left + wideOne, even, "even"));
    put(svg, line(left, foot + 0.5, left + wideOne, foot + 0.5, "axis-line"));
    for (const hour of [0, 6, 12, 18, 24])
      put(
        svg,
        line(left + hour * step, foot + 1, left + hour * step, foot + 4, "axis-line"),
        words(left + hour * step, foot + 16, hour, hour === 0 ? "" : hour === 24 ? "end" : "middle"),
      );
  });
  return svg;
}

/** Species known, against trap nights or dates, with the name of each where it came. */
export function accumulation(steps, expected, most, axis, width) {
  const levels = steps.length,
    gap = Math.max(18, Math.min(44, 220 / levels)),
    left = 34,
    right = 12,
    top = 34;
  const foot = top + gap * levels,
    far = width - right;
  const svg = picture(width, foot + 46, "Species found, as effort grew", `${levels} species after ${axis.says}.`);
  const x = (value) => left + ((far - left) * (value - axis.from)) / Math.max(1, most - axis.from),
    y = (level) => foot - gap * level;
  for (const level of ticks(levels, 6))
    put(svg, line(left, y(level), far, y(level), "grid"), words(left - 7, y(level) + 4, level, "end"));
  put(svg, axis.marks(x, foot));
  if (expected.length)
    put(
      svg,
      path(
        expected.map(([nights, n]) => [x(nights), y(n)]),
        "expected",
      ),
    );
  const stairs = [[x(axis.from), y(0)]];
  steps.forEach((one, at) => stairs.push([x(one.at), y(at)], [x(one.at), y(at + 1)]));
  put(svg, path([...stairs, [far, y(levels)]], "found"));
  steps.forEach((one, at) => {
    const before = x(one.at) > width * 0.7,
      text = fit(one.name, before ? x(one.at) - left - 12 : far - x(one.at) - 8, { bold: true });
    put(
      svg,
      el("circle", { cx: x(one.at), cy: y(at + 1), r: 3, class: "found-dot" }),
      hinted(
        words(
          x(one.at) + (before ? -8 : 8),
          y(at + 1) + (before ? -3 : 13),
          text,
          before ? "end strong halo" : "strong halo",
        ),
        one.hint,
      ),
    );
  });
  put(svg, words(left, 14, "species", "axis"));
  if (expected.length) put(svg, curves(left + 70, 14, width));
  put(svg, words(far, foot + 38, axis.name, "end axis"));
  return svg;
}

/** Which line of the accumulation is which. */
function curves(left, y, width) {
  const second = width < NARROW ? "any order" : "to expect of as many nights in any order";
  return [
    line(left, y - 4, left + 22, y - 4, "found"),
    words(left + 28, y, "as found"),
    line(left + 96, y - 4, left + 118, y - 4, "expected"),
    words(left + 124, y, second),
  ];
}

/** Bars with their numbers written beside them; `columns` name the numbers at the right. */
export function bars(rows, columns, title, width) {
  const narrow = width < NARROW,
    left =
      room(
        rows.map((row) => row.name),
        narrow ? 104 : 200,
      ) + 10;
  const texts = (which) => [columns[which], ...rows.map((row) => row.cells[which])];
  const cells = columns.map((_, which) => room(texts(which), 200) + (narrow ? 10 : 24)),
    far = width - cells.reduce((sum, cell) => sum + cell, 0) - 2;
  const most = Math.max(1, ...rows.flatMap((row) => row.parts.reduce((sum, [n]) => sum + n, 0))),
    high = 26,
    top = 24;
  const svg = picture(
    width,
    top + rows.length * high + 4,
    title,
    rows.map((row) => `${row.name}: ${row.parts.map(([n]) => n).join(", ")}.`).join(" "),
  );
  const ends = cells.map((_, which) => width - cells.slice(which + 1).reduce((sum, cell) => sum + cell, 0));
  columns.forEach((name, which) => put(svg, words(ends[which], 13, name, "end")));
  rows.forEach((row, which) => {
    const y = top + which * high;
    put(svg, hinted(words(left - 10, y + 15, fit(row.name, left - 10), row.quiet ? "end" : "end strong"), row.name));
    let at = left;
    for (const [n, kind, hint] of row.parts) {
      const long = ((far - left) * n) / most;
      if (n) put(svg, rect(at, y + 3, Math.max(long, 1), 15, kind, hint));
      at += long;
    }
    row.cells.forEach((text, cell) => put(svg, words(ends[cell], y + 15, text, cell ? "end" : "end strong")));
  });
  return svg;
}
