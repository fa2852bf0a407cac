// Charts of the machine beside people: confusion, agreement by probability, what a threshold does.
import { number, percent } from "./numbers.js";
import { el, fit, hinted, line, path, picture, put, rect, room, ticks, wide, words } from "./svg.js";

const WIDEST = 96; // pixels of a square of the confusion
const NO_CLASS = ["unknown", "corrupt"];

/** Labels of the machine by the words of people; each row's shares shaded, what agrees framed. */
export function confusion({ labels, people, counts }, width) {
  const left = Math.min(room(labels, 150) + 12, width * 0.28),
    sums = counts.map((row) => row.reduce((sum, n) => sum + n, 0));
  const turned = people.some((word) => wide(word) > Math.min(WIDEST, (width - left) / people.length) - 6),
    beyond = turned ? room(people.slice(-1), 128) * 0.74 - 8 : 8;
  const cell = Math.max(26, Math.min(WIDEST, (width - left - beyond) / people.length)),
    high = 30;
  const top = 14 + (turned ? Math.min(96, room(people, 130) * 0.7 + 14) : 28),
    full = Math.max(width, left + cell * people.length + beyond);
  const svg = picture(
    full,
    top + labels.length * high + 10,
    "Labels beside people's word",
    "Rows: what the machine said. Columns: what people said. Numbers: sequences that people looked at wholly.",
  );
  put(svg, words(left, 13, "people said", "axis"), hinted(words(0, top - 10, "machine said", "axis")));
  people.forEach((word, column) => {
    const at = left + cell * (column + 0.5),
      short = fit(word, turned ? 128 : cell - 6);
    const text = words(0, 0, short, turned ? "strong" : "middle strong");
    text.setAttribute(
      "transform",
      turned ? `translate(${at - 4} ${top - 6}) rotate(-42)` : `translate(${at} ${top - 10})`,
    );
    put(svg, hinted(text, word));
  });
  labels.forEach((label, row) => {
    const y = top + row * high;
    put(svg, hinted(words(left - 10, y + 19, fit(label, left - 11), "end strong"), label));
    people.forEach((word, column) => {
      const n = counts[row][column],
        right = word === label,
        share = sums[row] ? n / sums[row] : 0;
      const shade = rect(
        left + cell * column + 1,
        y + 1,
        cell - 2,
        high - 2,
        right ? "agrees" : NO_CLASS.includes(label) ? "neither" : "differs",
        `machine: ${label}, people: ${word}: ${n} of ${sums[row]} (${percent(n, sums[row])})`,
      );
      shade.setAttribute("fill-opacity", n ? 0.1 + 0.55 * share : 0.03);
      put(
        svg,
        shade,
        words(
          left + cell * (column + 0.5),
          y + 19,
          n ? number(n) : "·",
          right ? "middle value right-one" : n ? "middle value" : "middle",
        ),
      );
    });
  });
  return svg;
}

/** How often the likeliest class is what people said, by its probability: with intervals, over how many there are. */
export function agreement(bins, width) {
  const wideAll = Math.min(width, 560),
    left = 46,
    far = wideAll - 12,
    high = Math.min(300, wideAll - 90),
    top = 22,
    foot = top + high;
  const svg = picture(
    width,
    foot + 124,
    "How often the likeliest class is right, by its probability",
    bins.map((bin) => `${bin.low} to ${bin.high}: ${bin.right} of ${bin.n}.`).join(" "),
  );
  const x = (value) => left + (far - left) * value,
    y = (share) => foot - high * share;
  for (const tick of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    put(
      svg,
      line(left, y(tick), far, y(tick), "grid"),
      words(left - 7, y(tick) + 4, `${Math.round(100 * tick)} %`, "end"),
    );
  }
  put(
    svg,
    words(left, 12, "people agree", "axis"),
    path(
      [
        [x(0), y(0)],
        [x(1), y(1)],
      ],
      "even",
    ),
    words(x(0.1) + 6, y(0.1) + 12, "as often as said"),
  );
  const most = Math.max(1, ...bins.map((bin) => bin.n)),
    base = foot + 64;
  for (const bin of bins) {
    const at = x((bin.low + bin.high) / 2),
      share = bin.right / bin.n,
      [low, up] = bin.interval,
      hint = `${bin.low}–${bin.high}: ${bin.right} of ${bin.n} (${percent(bin.right, bin.n)})`;
    put(
      svg,
      line(at, y(low), at, y(up), "interval"),
      hinted(el("circle", { cx: at, cy: y(share), r: 4.5, class: "dot" }), hint),
    );
    put(
      svg,
      rect(x(bin.low) + 1, base - (34 * bin.n) / most, x(bin.high) - x(bin.low) - 2, (34 * bin.n) / most, "bar", hint),
    );
    put(svg, words(at, base - (34 * bin.n) / most - 4, number(bin.n), "middle"));
  }
  put(svg, line(left, base + 0.5, far, base + 0.5, "axis-line"));
  for (const tick of [0, 0.2, 0.4, 0.6, 0.8, 1]) put(svg, words(x(tick), base + 17, tick, "middle"));
  put(svg, words(far, base + 38, "probability of the likeliest class; bars: sequences", "end axis"));
  return svg;
}

/** For one class: how many get it as label at each threshold, and what people said of those they looked at. */
export function threshold(of, step, name, width) {
  const left = 52,
    far = width - 12,
    high = 130,
    gap = 62,
    steps = of.all.map((_, which) => which);
  const svg = picture(
    width,
    2 * high + gap + 88,
    `What a threshold for ${name} does`,
    `At ${(step / 100).toFixed(2)}: ${of.all[step]} of ${of.all[0]} are given the class.`,
  );
  const x = (which) => left + ((far - left) * which) / 100;
  const panel = (top, most, title) => {
    const y = (n) => top + high - (high * n) / Math.max(1, most);
    for (const tick of ticks(most, 4))
      put(svg, line(left, y(tick), far, y(tick), "grid"), words(left - 7, y(tick) + 4, number(tick), "end"));
    put(svg, words(left, top - 20, fit(title, far - left), "axis"));
    return y;
  };
  const area = (y, low, up, kind) =>
    put(
      svg,
      path([...steps.map((at) => [x(at), y(up[at])]), ...steps.toReversed().map((at) => [x(at), y(low[at])])], kind),
    );
  const zero = steps.map(() => 0),
    both = steps.map((at) => of.right[at] + of.wrong[at]);
  const first = panel(36, of.all[0], `sequences given ${name}`);
  area(first, zero, of.all, "area-given");
  put(
    svg,
    path(
      steps.map((at) => [x(at), first(of.all[at])]),
      "edge-given",
    ),
  );
  const second = panel(36 + high + gap, both[0], "the reviewed of them: right, and wrong on top");
  area(second, zero, of.right, "area-right");
  area(second, of.right, both, "area-wrong");
  const foot = 2 * high + gap + 36;
  for (let tick = 0; tick <= 100; tick += 20) put(svg, words(x(tick), foot + 18, (tick / 100).toFixed(1), "middle"));
  put(svg, words(far, foot + 40, "threshold", "end axis"), line(x(step), 26, x(step), foot, "rule"));
  const told = `${number(of.right[step])} right, ${number(of.wrong[step])} wrong`;
  // To the right, where the curves have fallen; to the left only where there is no room.
  const beside = (text) =>
    x(step) + wide(text) + 8 > far ? [x(step) - 7, "end axis halo"] : [x(step) + 7, "axis halo"];
  const note = (text, y) => {
    const [at, kind] = beside(text);
    return words(at, y, text, kind);
  };
  put(svg, el("circle", { cx: x(step), cy: first(of.all[step]), r: 4, class: "dot" }));
  put(svg, note(number(of.all[step]), first(of.all[step]) - 7));
  if (both[step]) put(svg, note(told, Math.min(second(both[step]) - 5, foot - 4)));
  return svg;
}
