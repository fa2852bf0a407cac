// The page "What happened": asks for the numbers, draws the charts, gives them as files.
import { patiently } from "./api.js";
import { FIGURES, NOT_RANDOM } from "./figures.js";
import * as numbers from "./numbers.js";
import { csv, png, sheet, svgText } from "./files.js";
import { save } from "./save.js";

const { number, plural } = numbers;
const form = document.getElementById("choice");
const place = { summary: "summary", progress: "progress", failed: "failed", charts: "charts", gap: "gap" };
for (const [name, id] of Object.entries(place)) place[name] = document.getElementById(id);
const FIELDS = ["camera", "from", "to", "count", "gap", "machine"];
const SHEET = 960; // pixels across of a picture given away, where a chart does not say otherwise
let waiting,
  width = 0;
const state = { data: null, cameras: new Set(), asked: 0, options: new Map() };

/** An element of the page with a class, a text or children. */
function make(tag, kind = "", ...children) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...children);
  return made;
}

// What was chosen stands in the address, so that it can be sent to somebody.
function readAddress() {
  const given = new URLSearchParams(location.search);
  if (given.get("camera")) offer([given.get("camera")]);
  for (const name of FIELDS) if (given.has(name)) form.elements[name].value = given.get(name);
}

function chosen() {
  const query = new URLSearchParams();
  for (const name of FIELDS) {
    const value = form.elements[name].value;
    if (value && !(name === "gap" && value === "30") && !(name === "count" && value === "events"))
      query.set(name, value);
  }
  return query;
}

function offer(cameras) {
  for (const camera of cameras) state.cameras.add(camera);
  const list = form.elements.camera,
    now = list.value;
  list.replaceChildren(
    ...["", ...[...state.cameras].sort((one, other) => one.localeCompare(other, "en", { numeric: true }))].map(
      (camera) => new Option(camera || "all cameras", camera),
    ),
  );
  list.value = now;
}

async function load() {
  const mine = (state.asked += 1),
    query = chosen();
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  query.delete("count");
  place.failed.hidden = true;
  place.progress.hidden = false;
  place.charts.setAttribute("aria-busy", "true");
  try {
    const answer = await patiently(`/api/happened?${query}`);
    if (!answer.ok) throw new Error(await complaint(answer));
    const data = await answer.json();
    if (mine === state.asked) show(data);
  } catch (error) {
    if (mine === state.asked) fail(error);
  }
}

/** The sentence in an answer that is no success. */
async function complaint(answer) {
  const text = await answer.text();
  try {
    const said = JSON.parse(text).error;
    if (typeof said === "string" && said) return said;
  } catch {
    /* no JSON: the status has to do */
  }
  return `the server answered ${answer.status}`;
}

function fail(error) {
  place.progress.hidden = true;
  place.failed.hidden = false;
  place.failed.querySelector("p").textContent = `What happened could not be counted: ${error.message}.`;
}

function show(data) {
  state.data = data;
  offer(data.cameras.map((camera) => camera.name));
  place.progress.hidden = true;
  place.charts.removeAttribute("aria-busy");
  place.summary.textContent = summary(data);
  redraw();
}

const short = (name) => (name.length > 40 ? `${[...name].slice(0, 39).join("")}…` : name);

function summary(data) {
  if (!data.sequences) return "Nothing to count in what was chosen.";
  const days = numbers.period(data),
    seen = numbers.species(data).filter((word) => word.events);
  const reviewed = data.reviewed.reduce((sum, row) => sum + row.whole, 0),
    undated = data.words.reduce((sum, word) => sum + word.undated, 0);
  const when = days ? `${numbers.dateOf(days[0])} to ${numbers.dateOf(days[1])}: ` : "";
  const most = seen.length
    ? ` Most often ${seen
        .slice(0, 3)
        .map((word) => `${short(word.name)} (${plural(word.events, "event")})`)
        .join(", ")}.`
    : "";
  return (
    `${when}${plural(data.cameras.length, "camera")}, ${plural(numbers.trapNights(data), "trap night")}, ${plural(data.sequences, "sequence")}, ${numbers.percent(reviewed, data.sequences)} of them reviewed.${most}` +
    (undated
      ? ` ${plural(undated, "sequence")} without a date ${undated === 1 ? "is" : "are"} in no chart of days or hours.`
      : "")
  );
}

/** What a figure is to show, kept while the numbers change; a species or class that is gone gives way to the first. */
function optionsOf(figure) {
  const kept = state.options.get(figure.id) ?? { species: null, axis: "nights", class: "", step: null };
  state.options.set(figure.id, kept);
  const { data } = state,
    classes = Object.keys(data.thresholds);
  const which = data.words.findIndex((word) => word.name === kept.species);
  const name = classes.includes(kept.class)
    ? kept.class
    : (numbers.species(data).find((word) => classes.includes(word.name))?.name ?? classes[0] ?? "");
  const options = {
    which: which < 0 ? null : which,
    axis: kept.axis,
    count: form.elements.count.value,
    name,
    step: kept.step ?? 60,
    kept,
  };
  return { ...options, title: figure.title(data, options) };
}

function redraw() {
  // Before anything is drawn: what is hidden has no width.
  place.charts.hidden = false;
  width = place.charts.clientWidth;
  place.gap.classList.toggle("unneeded", form.elements.count.value !== "events");
  for (const figure of FIGURES) {
    let section = document.getElementById(figure.id);
    if (!section) {
      section = skeleton(figure);
      place.charts.append(section);
    }
    fill(section, figure);
  }
}

function skeleton(figure) {
  const section = make("section", "figure");
  section.id = figure.id;
  section.setAttribute("aria-labelledby", `${figure.id}-title`);
  const title = make("h3");
  title.id = `${figure.id}-title`;
  const files = make("div", "files", ...["PNG", "SVG", "CSV"].map((kind) => button(kind, figure)));
  section.append(
    make("div", "head", title, files),
    make("p", "says soft"),
    make("div", "options"),
    make("p", "empty soft"),
    make("div", "drawing"),
    make("div", "aside"),
    table(figure),
  );
  return section;
}

function button(kind, figure) {
  const made = make("button", "", kind);
  made.type = "button";
  made.addEventListener("click", () => download(kind, figure));
  return made;
}

function table(figure) {
  const made = make("details", "numbers", make("summary", "", "The numbers"), make("div", "scroll"));
  made.addEventListener("toggle", () => tabulate(made, figure));
  return made;
}

function fill(section, figure) {
  const options = optionsOf(figure),
    empty = figure.empty(state.data),
    [says, missing] = [section.querySelector(".says"), section.querySelector(".empty")];
  section.querySelector("h3").textContent = empty
    ? figure.title(state.data, { ...options, which: null, name: options.name || "a class" })
    : options.title;
  says.textContent = empty ? "" : figure.says(state.data);
  missing.textContent = empty;
  for (const part of [".files", ".options", ".drawing", ".aside", ".numbers"])
    section.querySelector(part).hidden = Boolean(empty);
  missing.hidden = !empty;
  if (empty) return;
  controls(section.querySelector(".options"), figure, options, section);
  paint(section, figure);
  tabulate(section.querySelector(".numbers"), figure);
}

function paint(section, figure) {
  const drawing = section.querySelector(".drawing"),
    options = optionsOf(figure);
  section.querySelector("h3").textContent = options.title;
  drawing.replaceChildren(
    figure.draw(state.data, options, Math.max(280, drawing.clientWidth || place.charts.clientWidth)),
  );
  section
    .querySelector(".aside")
    .replaceChildren(...(figure.aside ? figure.aside(state.data, options).map((text) => make("p", "", text)) : []));
}

function tabulate(details, figure) {
  if (!details.open) return;
  const { columns, rows } = figure.table(state.data, optionsOf(figure));
  const cells = (row) => row.map((value, at) => (at ? make("td", "", written(value)) : make("th", "", written(value))));
  details
    .querySelector(".scroll")
    .replaceChildren(
      make(
        "table",
        "",
        make("thead", "", make("tr", "", ...columns.map((column) => make("th", "", column)))),
        make("tbody", "", ...rows.map((row) => make("tr", "", ...cells(row)))),
      ),
    );
}

function written(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return value;
  return Number.isInteger(value) ? number(value) : Number(value.toFixed(3)).toString();
}

function controls(options, figure, now, section) {
  const again = () => {
    fill(section, figure);
  };
  if (figure.species) {
    const names = numbers
      .species(state.data)
      .filter((word) => word.sequences)
      .map((word) => word.name);
    options.replaceChildren(
      select(
        "Species",
        [["", "all species"], ...names.map((name) => [name, name])],
        now.which === null ? "" : now.kept.species,
        (value) => {
          now.kept.species = value || null;
          again();
        },
      ),
    );
  } else if (figure.axis) {
    options.replaceChildren(
      select(
        "Against",
        [
          ["nights", "trap nights"],
          ["date", "dates"],
        ],
        now.axis,
        (value) => {
          now.kept.axis = value;
          again();
        },
      ),
    );
  } else if (figure.class) {
    const slider = range(now.step, (value) => {
      now.kept.step = value;
      paint(section, figure);
    });
    options.replaceChildren(
      select(
        "Class",
        Object.keys(state.data.thresholds).map((name) => [name, name]),
        now.name,
        (value) => {
          now.kept.class = value;
          again();
        },
      ),
      slider,
    );
  }
}

function select(name, choices, value, changed) {
  const list = make("select", "", ...choices.map(([key, text]) => new Option(text, key)));
  list.value = value;
  list.addEventListener("change", () => changed(list.value));
  return make("label", "", `${name} `, list);
}

function range(value, changed) {
  const slider = make("input"),
    said = make("output", "", (value / 100).toFixed(2));
  Object.assign(slider, { type: "range", min: 0, max: 100, step: 1, value });
  slider.addEventListener("input", () => {
    said.textContent = (slider.value / 100).toFixed(2);
    changed(Number(slider.value));
  });
  return make("label", "slide", "Threshold ", slider, said);
}

function download(kind, figure) {
  const { data } = state,
    options = optionsOf(figure),
    name = fileName(figure, options);
  if (kind === "CSV") {
    save(`${name}.csv`, csv((figure.csv ?? figure.table)(data, options)), "text/csv;charset=utf-8");
    return;
  }
  const svg = sheet(
    (room) => figure.draw(data, options, room),
    figure.sheet ?? SHEET,
    options.title,
    notes(data, figure, options),
  );
  if (kind === "SVG") save(`${name}.svg`, svgText(svg), "image/svg+xml");
  else png(svg).then((picture) => save(`${name}.png`, picture));
}

/** Under a picture's title: what it counts, so that it can be read away from this page. */
function notes(data, figure, options) {
  const days = numbers.period(data),
    { asked } = data;
  const which = asked.camera || plural(data.cameras.length, "camera");
  const who = asked.machine ? "labels of the machine" : "what people said, else the label of the machine";
  return [
    `${which}${days ? `, ${numbers.dateOf(days[0])} to ${numbers.dateOf(days[1])}` : ""}, ${plural(numbers.trapNights(data), "trap night")}${figure.byLabel ? "" : `; counted: ${who}`}.`,
    ...(figure.sample ? [NOT_RANDOM] : []),
    ...(figure.class
      ? figure.aside(data, options)
      : figure.byLabel
        ? []
        : [`An independent event begins more than ${asked.gap} min after the last of its species at its camera.`]),
  ];
}

function fileName(figure, options) {
  const days = numbers.period(state.data),
    { asked } = state.data;
  const parts = [
    figure.file,
    figure.species ? (options.which === null ? "all" : state.data.words[options.which].name) : "",
    figure.class ? options.name : "",
    asked.camera,
    asked.machine ? "machine" : "",
    ...(days ?? []).map(numbers.isoOf),
  ];
  return `uncia-${parts
    .filter(Boolean)
    .map((part) => part.replace(/[^\p{L}\p{N}-]+/gu, "-").replace(/^-+|-+$/g, ""))
    .filter(Boolean)
    .join("_")
    .slice(0, 150)}`;
}

form.addEventListener("change", (event) => {
  if (!form.reportValidity()) return;
  if (event.target.name === "count" && state.data) {
    history.replaceState(null, "", chosen().size ? `?${chosen()}` : location.pathname);
    redraw();
  } else load();
});
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("retry").addEventListener("click", load);
new ResizeObserver(() => {
  if (!state.data || place.charts.clientWidth === width) return;
  width = place.charts.clientWidth;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    for (const figure of FIGURES) if (!figure.empty(state.data)) paint(document.getElementById(figure.id), figure);
  }, 100);
}).observe(place.charts);
readAddress();
load();
