// The page's charts, one after another: what each is called, says, draws, and has as a table.
import { agreement, confusion, threshold } from "./agreement.js";
import { accumulation, bars, hours, matrix } from "./charts.js";
import { map } from "./map.js";
import * as numbers from "./numbers.js";
import { line, ticks, words } from "./svg.js";

const { number, percent, plural, rate } = numbers;
const EVENTS = { events: "independent events", sequences: "sequences" };
const NO_LABELS = "No sequence has a date yet. The chart appears when images have been uploaded and labelled.";
const NO_VERDICTS = "Nobody has looked at a whole sequence yet. The chart appears when people have reviewed some.";
const NO_SPECIES = "No species has been seen on a known date in what was chosen.";

const named = (data, which) => (which === null ? "all species" : data.words[which].name);
const seen = (data) => numbers.species(data).filter((word) => word.events);
const dated = (data) => (data.detections.length ? "" : NO_LABELS);
const withSpecies = (data) => dated(data) || (seen(data).length ? "" : NO_SPECIES);
const reviewed = (data) => data.reviewed.reduce((sum, row) => sum + row.whole, 0);
export const NOT_RANDOM =
  "Reviewed sequences are not a random sample, unless they were reviewed in random order: who asks for doubtful ones first sees more mistakes than there are.";

/** Each figure: `empty` says in a sentence why there is nothing to draw, else nothing; `species` offers a choice. */
export const FIGURES = [
  {
    id: "species",
    title: () => "What was seen",
    file: "species",
    empty: (data) => (data.words.length ? "" : NO_LABELS),
    says: () =>
      "Full colour: independent events, which are for counting. Pale: further sequences, which are for classifying. What is no species has sequences only.",
    draw: (data, { title }, width) =>
      bars(
        numbers.totals(data).map(total),
        width < 560 ? ["events", "seq.", "/100 n"] : ["independent events", "sequences", "per 100 trap nights"],
        title,
        width,
      ),
    table: (data) => ({
      columns: [
        "label",
        "independent events",
        "sequences",
        "independent events per 100 trap nights",
        "sequences without a date",
      ],
      rows: numbers
        .totals(data)
        .map((word) => [word.name, word.species ? word.events : null, word.sequences, word.per100, word.undated]),
    }),
  },
  {
    id: "cameras",
    title: (data, { which, count }) => `${capital(named(data, which))}: ${EVENTS[count]} by camera and day`,
    file: "cameras-and-days",
    empty: withSpecies,
    species: true,
    says: () =>
      "Each square is a day of a camera, its colour the stronger the more was seen. The thin line shows when the camera stood: on the line and no square, it saw nothing; no line, it could see nothing.",
    draw: (data, { which, count }, width) =>
      matrix(
        numbers.byCamera(data, which, count),
        numbers.period(data),
        `${capital(named(data, which))}, ${EVENTS[count]}`,
        width,
      ),
    table: (data, { which, count }) => ({
      columns: ["camera", "trap nights", "effort from", "days with any image", EVENTS[count], "per 100 trap nights"],
      rows: numbers
        .byCamera(data, which, count)
        .map((row) => [
          row.name,
          row.nights,
          row.deployed ? "deployments" : "first to last image",
          row.with_images,
          row.total,
          row.per100,
        ]),
    }),
    csv: (data, { which, count }) => ({
      columns: ["camera", "date", "species", "sequences", "independent events"],
      rows: data.detections
        .filter(([, , word]) => (which === null ? data.words[word].species : word === which))
        .map(([camera, date, word, sequences, events]) => [
          data.cameras[camera].name,
          date,
          data.words[word].name,
          sequences,
          events,
        ]),
    }),
  },
  {
    id: "hours",
    title: () => "Activity by hour of the day",
    file: "activity-by-hour",
    empty: withSpecies,
    says: () =>
      "The share of each species' own number that falls in each hour, all on one scale; dotted: as if every hour were alike. Of fewer than 30 sightings each is a dot: a shape would be mostly chance. Hours are local, by clocks put right as deployments say.",
    draw: (data, { count }, width) => hours(numbers.byHour(data, count).slice(0, 12), width),
    table: (data, { count }) => ({
      columns: ["species", "n", ...Array.from({ length: 24 }, (_, hour) => `${hour} h`)],
      rows: numbers.byHour(data, count).map((word) => [word.name, word.total, ...word.hours]),
    }),
  },
  {
    id: "accumulation",
    title: () => "Species found as effort grew",
    file: "species-accumulation",
    empty: withSpecies,
    axis: true,
    says: () =>
      "A curve that has become flat says that more of the same effort, at the same places, would hardly find another species. It does not say that none is left. One wrong label is enough for a step.",
    draw: (data, options, width) => accumulated(data, options.axis, width),
    table: (data) => ({
      columns: ["species found", "species", "first date", "trap nights until then"],
      rows: data.accumulation.found.map(([word, date, nights], at) => [at + 1, data.words[word].name, date, nights]),
    }),
  },
  {
    id: "map",
    title: (data, { which, count }) => `${capital(named(data, which))}: ${EVENTS[count]} by place`,
    file: "map",
    species: true,
    empty: (data) =>
      data.places.length ? "" : "No deployments yet, so no coordinates: import them with `uncia deployments import`.",
    says: (data) =>
      `The area of a circle is the number at that place; a ring is a place that saw nothing. Places differ in effort: the table has rates.${data.nowhere ? ` ${plural(data.nowhere, "sequence")} ${data.nowhere === 1 ? "is" : "are"} of no deployment, and not on the map.` : ""}`,
    draw: (data, { which, count }, width) =>
      map(numbers.byPlace(data, which, count), `${capital(named(data, which))}, ${EVENTS[count]}`, width),
    table: (data, { which, count }) => ({
      columns: ["place", "cameras", "latitude", "longitude", "trap nights", EVENTS[count], "per 100 trap nights"],
      rows: numbers
        .byPlace(data, which, count)
        .map((place) => [
          place.name,
          place.cameras.join(", "),
          place.latitude,
          place.longitude,
          place.nights,
          place.total,
          place.per100,
        ]),
    }),
  },
  {
    id: "reviewed",
    byLabel: true,
    title: () => "How far people have looked",
    file: "reviewed",
    empty: (data) => (data.reviewed.length ? "" : NO_LABELS),
    says: () =>
      "Sequences by what the machine said. Full colour: people looked at every frame; paler: at some; palest: at none.",
    draw: (data, { title }, width) =>
      bars(data.reviewed.map(looked), [width < 560 ? "reviewed" : "sequences reviewed", "share"], title, width),
    table: (data) => ({
      columns: ["label", "sequences", "reviewed wholly", "reviewed in part"],
      rows: data.reviewed.map((row) => [row.label, row.sequences, row.whole, row.part]),
    }),
  },
  {
    id: "confusion",
    byLabel: true,
    sheet: 720,
    sample: true,
    title: () => "Where people and machine agree",
    file: "confusion",
    empty: (data) => (reviewed(data) ? "" : NO_VERDICTS),
    says: (data) =>
      `Of ${plural(reviewed(data), "reviewed sequence")}: each row is what the machine said, its squares what people said, their colour the stronger the larger the share of the row. Blue agrees, ochre does not; grey was left to a person. ${NOT_RANDOM}`,
    draw: (data, _, width) => confusion(data.confusion, width),
    table: (data) => ({
      columns: ["machine said", ...data.confusion.people.map((word) => `people said ${word}`)],
      rows: data.confusion.labels.map((label, row) => [label, ...data.confusion.counts[row]]),
    }),
  },
  {
    id: "agreement",
    byLabel: true,
    title: () => "How often the likeliest class is right",
    file: "agreement-by-probability",
    empty: (data) => (data.by_probability.length ? "" : NO_VERDICTS),
    sheet: 560,
    sample: true,
    says: () =>
      `Reviewed sequences by the probability of their likeliest class, whether it became the label or not. On the dotted line, probabilities mean what they say. Lines are 95 % intervals (Wilson). ${NOT_RANDOM}`,
    draw: (data, _, width) => agreement(data.by_probability, width),
    table: (data) => ({
      columns: ["probability from", "to", "sequences", "right", "share", "95 % interval from", "to"],
      rows: data.by_probability.map((bin) => [bin.low, bin.high, bin.n, bin.right, bin.right / bin.n, ...bin.interval]),
    }),
  },
  {
    id: "threshold",
    byLabel: true,
    title: (_, { name }) => `What a threshold for ${name} would do`,
    file: "threshold",
    class: true,
    sheet: 720,
    sample: true,
    empty: (data) => (Object.keys(data.thresholds).length ? "" : "No sequence has been scored yet."),
    says: () =>
      `Move the threshold to see what a higher or lower one would give. It is not changed here. ${NOT_RANDOM}`,
    draw: (data, { name, step }, width) => threshold(data.thresholds[name], step, name, width),
    table: (data, { name }) => ({
      columns: [
        "threshold",
        `given ${name}`,
        "left to a person",
        "of reviewed: right",
        "of reviewed: wrong",
        `of reviewed ${name}: left to a person`,
        `of reviewed ${name}: given another class`,
      ],
      rows: data.thresholds[name].all.map((_, step) => {
        const told = numbers.consequences(data.thresholds[name], step);
        return [step / 100, told.given, told.byHand, told.right, told.wrong, told.left, told.missed];
      }),
    }),
    aside: (data, { name, step }) => consequences(data.thresholds[name], name, step),
  },
];

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function total(word) {
  const parts = word.species
    ? [
        [word.events, "bar", `${word.name}: ${plural(word.events, "independent event")}`],
        [word.sequences - word.events, "bar light", `${word.name}: ${plural(word.sequences, "sequence")}`],
      ]
    : [[word.sequences, "bar light", `${word.name}: ${plural(word.sequences, "sequence")}`]];
  return {
    name: word.name,
    quiet: !word.species,
    parts,
    cells: [word.species ? number(word.events) : "", number(word.sequences), word.species ? rate(word.per100) : ""],
  };
}

function looked({ label, sequences, whole, part }) {
  return {
    name: label,
    parts: [
      [whole, "bar", `${label}: ${whole} looked at wholly`],
      [part, "bar middling", `${label}: ${part} in part`],
      [sequences - whole - part, "bar faint", `${label}: ${sequences - whole - part} not looked at`],
    ],
    cells: [`${number(whole)} of ${number(sequences)}`, percent(whole, sequences)],
  };
}

function accumulated(data, axis, width) {
  const { found, expected, nights } = data.accumulation,
    hint = ([word, date, n]) => `${data.words[word].name}: ${date}, after ${n} trap nights`;
  const step = (at) => (one) => ({ name: data.words[one[0]].name, at: at(one), hint: hint(one) });
  if (axis === "date") {
    const [first, last] = numbers.period(data);
    const ends = {
      from: first,
      name: "date",
      says: "the whole period",
      marks: (x, y) =>
        [
          [first, ""],
          [last, "end"],
        ].flatMap(([day, kind]) => [
          line(x(day), y, x(day), y + 5, "axis-line"),
          words(x(day), y + 20, numbers.dateOf(day), kind),
        ]),
    };
    return accumulation(found.map(step(([, date]) => numbers.dayOf(date))), [], last, ends, width);
  }
  const ends = {
    from: 0,
    name: "trap nights, all cameras together",
    says: plural(nights, "trap night"),
    marks: (x, y) => ticks(nights, width < 560 ? 4 : 7).map((tick) => words(x(tick), y + 20, number(tick), "middle")),
  };
  return accumulation(found.map(step(([, , n]) => n)), expected, nights, ends, width);
}

function consequences(of, name, step) {
  const told = numbers.consequences(of, step),
    looked = told.right + told.wrong,
    there = told.right + told.left + told.missed;
  const at = (step / 100).toFixed(2);
  return [
    `At ${at}, ${plural(told.given, "sequence")} would be given ${name}; ${number(told.byHand)} more, for which it is likeliest, would be left to a person.`,
    looked
      ? `Of the ${number(looked)} of them that people reviewed, ${number(told.right)} (${percent(told.right, looked)}) are ${name}.`
      : `People have reviewed none of them.`,
    there
      ? `Of ${plural(there, "reviewed sequence")} of ${name}, ${number(told.right)} would be given it, ${number(told.left)} left to a person, and ${number(told.missed)} ${told.missed === 1 ? "is" : "are"} given another class.`
      : `People have seen no ${name} in what they reviewed.`,
  ];
}
