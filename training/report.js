"use strict";
// The sliders, the choice of a class, and the order of tables. Without this script the page shows the thresholds kept.
const data = JSON.parse(document.getElementById("data").textContent);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const thresholds = [...data.thresholds];
const NONE = -1;
const sequences = data.truth.map((truth, sequence) => [sequence, truth, 1]);

const label = (sequence) => {
  const likeliest = data.likeliest[sequence];
  return data.score[sequence] >= thresholds[likeliest] ? likeliest : NONE;
};

function tally(which, rows) {
  const sum = { true: 0, found: 0, hand: 0, called: 0, others: 0, quiet: 0, alarms: 0 };
  for (const [sequence, truth, n] of rows) {
    const given = label(sequence);
    if (given === which) sum.called += n;
    if (truth === which) {
      sum.true += n;
      if (given === which) sum.found += n;
      if (given === NONE) sum.hand += n;
    } else {
      sum.others += n;
      if (data.blank[sequence]) {
        sum.quiet += n;
        if (given === which) sum.alarms += n;
      }
    }
  }
  return { ...sum, missed: sum.true - sum.found - sum.hand, wrong: sum.called - sum.found };
}

const percent = (value) =>
  (value > 0 && value < 0.01) || (value > 0.99 && value < 1)
    ? `${(Math.floor(value * 1000 + 0.5) / 10).toFixed(1)} %`
    : `${Math.floor(value * 100 + 0.5)} %`;
const number = (value) => value.toLocaleString("en");
const of = (part, whole) => `${number(part)} of ${number(whole)}` + (whole ? ` (${percent(part / whole)})` : "");

function show(card) {
  const which = Number(card.dataset.card);
  const sum = tally(which, sequences);
  const say = (name, text) => all(`[data-say=${name}]`, card).forEach((place) => { place.textContent = text; });
  say("threshold", Number(thresholds[which].toFixed(4)).toString());
  for (const part of ["found", "hand", "missed"]) say(part, of(sum[part], sum.true));
  say("wrong", of(sum.wrong, sum.called));
  say("alarms", sum.quiet ? (Math.floor((1000 * sum.alarms / sum.quiet) * 10 + 0.5) / 10).toFixed(1) : "–");
  let left = 0;
  for (const bar of all("rect", card)) {
    const width = sum.true ? (100 * sum[bar.dataset.part]) / sum.true : 0;
    bar.setAttribute("x", left);
    bar.setAttribute("width", width);
    left += width;
  }
}

function mark(circle) {
  const which = Number(circle.dataset.class);
  const [left, top, width] = circle.dataset.field.split(" ").map(Number);
  const sum = tally(which, circle.closest("[data-level]").dataset.level === "image" ? data.images : sequences);
  const recall = sum.found / sum.true;
  const [x, y] = circle.dataset.mark === "roc" ? [sum.wrong / sum.others, recall] : [recall, sum.found / sum.called];
  const drawn = Number.isFinite(x) && Number.isFinite(y);
  circle.setAttribute("visibility", drawn ? "visible" : "hidden");
  if (!drawn) return;
  circle.setAttribute("cx", left + width * x);
  circle.setAttribute("cy", top + width * (1 - y));
}

function refresh() {
  all("[data-card]").forEach(show);
  all("[data-panel]:not([hidden]) [data-mark]").forEach(mark);
  const labels = data.truth.map((_, sequence) => label(sequence));
  const hand = labels.filter((given) => given === NONE).length;
  const right = labels.filter((given, sequence) => given === data.truth[sequence]).length;
  document.getElementById("total-hand").textContent = of(hand, labels.length);
  document.getElementById("total-right").textContent = of(right, labels.length - hand);
}

function set(which, value) {
  thresholds[which] = value;
  all(`[data-slider="${which}"]`).forEach((slider) => { slider.value = value; });
}

const common = document.getElementById("common");
const said = document.getElementById("common-said");
for (const slider of all("[data-slider]")) {
  slider.addEventListener("input", () => {
    set(Number(slider.dataset.slider), Number(slider.value));
    said.textContent = "–";
    refresh();
  });
}
common.addEventListener("input", () => {
  thresholds.forEach((_, which) => set(which, Number(common.value)));
  said.textContent = common.value;
  refresh();
});
document.getElementById("reset").addEventListener("click", () => {
  data.thresholds.forEach((kept, which) => set(which, kept));
  said.textContent = "–";
  refresh();
});

const choice = document.getElementById("class");
function choose() {
  all("[data-panel]").forEach((panel) => { panel.hidden = panel.dataset.panel !== choice.value; });
  refresh();
}
choice.addEventListener("change", choose);
choose();
addEventListener("beforeprint", () => all("[data-mark]").forEach(mark));

for (const button of all("th button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const table = head.closest("table");
    const names = head.cellIndex === 0;
    const rising = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "descending" : names;
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const value = (row) => row.cells[head.cellIndex].dataset.value;
    const compare = (a, b) => (names ? a.localeCompare(b, "en", { numeric: true }) : Number(a) - Number(b));
    const rows = [...table.tBodies[0].rows].sort((a, b) => (rising ? 1 : -1) * compare(value(a), value(b)));
    table.tBodies[0].append(...rows);
  });
}
document.documentElement.classList.add("js");
