// The map: places in their true distances, a scale bar and lines of latitude and longitude; nothing is fetched.
import { number, rate } from "./numbers.js";
import { el, fit, hinted, line, nice, picture, put, wide, words } from "./svg.js";

const KM = 111.195; // of one degree of latitude, on a sphere of the earth's mean radius
const LEAST = 1; // km shown at least, where all cameras stand together

/** Circles whose area is what each place saw; a ring where it saw nothing. */
export function map(places, what, width) {
  const view = frame(places, width);
  const svg = picture(
    width,
    view.height + 40 + 2 * view.largest,
    `${what}, by place`,
    places.map((place) => `${place.name}: ${place.total}.`).join(" "),
  );
  put(svg, graticule(view), circles(places, view), scale(view), key(places, view));
  return svg;
}

/** Equirectangular, true along the middle latitude: off by less than a thousandth over a survey of 100 km. */
function frame(places, width) {
  const longitudes = unwound(places),
    middle = (Math.min(...places.map((one) => one.latitude)) + Math.max(...places.map((one) => one.latitude))) / 2;
  const squeeze = Math.max(0.01, Math.cos((middle * Math.PI) / 180));
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)],
    [south, north] = [Math.min(...places.map((one) => one.latitude)), Math.max(...places.map((one) => one.latitude))];
  const kmWide = Math.max(LEAST, (east - west) * squeeze * KM),
    kmHigh = Math.max(LEAST * 0.5, (north - south) * KM);
  const edge = Math.min(90, width * 0.14),
    inner = width - 2 * edge,
    tallest = Math.min(560, width * 1.1) - 2 * edge;
  const perKm = Math.min(inner / kmWide, tallest / kmHigh),
    height = Math.max(220, kmHigh * perKm + 2 * edge);
  const centre = [(west + east) / 2, (south + north) / 2];
  return {
    width,
    height,
    largest: Math.max(13, Math.min(26, width / 36)),
    perKm,
    squeeze,
    longitudes,
    centre,
    x: (longitude) => width / 2 + (longitude - centre[0]) * squeeze * KM * perKm,
    y: (latitude) => height / 2 - (latitude - centre[1]) * KM * perKm,
  };
}

/** Longitudes that do not jump where the survey lies across the date line. */
function unwound(places) {
  const given = places.map((place) => place.longitude);
  return Math.max(...given) - Math.min(...given) > 180 ? given.map((one) => (one < 0 ? one + 360 : one)) : given;
}

function graticule(view) {
  const marks = [el("rect", { x: 0.5, y: 0.5, width: view.width - 1, height: view.height - 1, class: "neat-line" })];
  const step = nice(90 / (KM * view.perKm)),
    digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const across = view.width / 2 / (KM * view.perKm * view.squeeze),
    up = view.height / 2 / (KM * view.perKm);
  const wideStep = nice(110 / (KM * view.perKm * view.squeeze)),
    wideDigits = Math.max(0, Math.ceil(-Math.log10(wideStep) - 1e-9));
  for (const at of along(view.centre[0] - across, view.centre[0] + across, wideStep)) {
    const x = view.x(at),
      east = ((at + 540) % 360) - 180;
    marks.push(line(x, 1, x, view.height - 1, "grid"));
    if (x > 30 && x < view.width - 30)
      marks.push(
        words(x, view.height + 15, `${Math.abs(east).toFixed(wideDigits)}° ${east < 0 ? "W" : "E"}`, "middle"),
      );
  }
  for (const at of along(view.centre[1] - up, view.centre[1] + up, step)) {
    const y = view.y(at);
    marks.push(line(1, y, view.width - 1, y, "grid"));
    if (y > 20 && y < view.height - 8)
      marks.push(words(6, y - 4, `${Math.abs(at).toFixed(digits)}° ${at < 0 ? "S" : "N"}`, "halo"));
  }
  return marks;
}

const along = (low, high, step) =>
  Array.from(
    { length: Math.max(0, Math.floor(high / step) - Math.ceil(low / step) + 1) },
    (_, at) => (Math.ceil(low / step) + at) * step,
  );

const radius = (n, most, view) => (n ? Math.max(3, view.largest * Math.sqrt(n / most)) : 4);

function circles(places, view) {
  const most = Math.max(1, ...places.map((place) => place.total)),
    taken = [];
  const spots = places
    .map((place, which) => ({
      place,
      x: view.x(view.longitudes[which]),
      y: view.y(place.latitude),
      r: radius(place.total, most, view),
    }))
    .sort((one, other) => other.r - one.r);
  for (const { x, y, r } of spots) taken.push([x - r, y - r, x + r, y + r]);
  const marks = spots.map(({ place, x, y, r }) =>
    hinted(
      el("circle", { cx: x, cy: y, r, class: place.total ? "spot" : "ring" }),
      `${place.name || place.cameras.join(", ")}: ${number(place.total)}, ${rate(place.per100)} per 100 trap nights (${number(place.nights)} nights)`,
    ),
  );
  return [...marks, ...spots.flatMap((spot) => label(spot, taken, view))];
}

/** A place's name beside its circle, at the first side that is free; none where none is. */
function label({ place, x, y, r }, taken, view) {
  const text = fit(place.name || place.cameras.join(", "), 130),
    long = wide(text);
  const sides = [
    [x + r + 5, y + 4, ""],
    [x - r - 5 - long, y + 4, ""],
    [x - long / 2, y - r - 6, ""],
    [x - long / 2, y + r + 14, ""],
  ];
  for (const [left, foot] of sides) {
    const box = [left - 1, foot - 11, left + long + 1, foot + 3];
    const inside = box[0] > 2 && box[2] < view.width - 2 && box[1] > 2 && box[3] < view.height - 2;
    if (
      inside &&
      !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])
    ) {
      taken.push(box);
      return [words(left, foot, text, "halo strong")];
    }
  }
  return [];
}

function scale(view) {
  const km = nice(70 / view.perKm),
    long = km * view.perKm,
    y = view.height + 52;
  const text = km < 1 ? `${Math.round(km * 1000)} m` : `${km} km`;
  return [
    line(1, y, 1 + long, y, "scale"),
    line(1, y - 4, 1, y + 4, "scale"),
    line(1 + long, y - 4, 1 + long, y + 4, "scale"),
    words(long + 10, y + 4, text),
  ];
}

function key(places, view) {
  const most = Math.max(...places.map((place) => place.total));
  if (!most) return [words(view.width, view.height + 56, "nothing at any place", "end")];
  const sizes = [most, Math.round(most / 4)].filter((n, at, all) => n && all.indexOf(n) === at),
    foot = view.height + 34 + 2 * view.largest,
    at = view.width - 46 - view.largest;
  const marks = sizes.flatMap((n) => {
    const r = radius(n, most, view);
    return [
      el("circle", { cx: at, cy: foot - r, r, class: "ring" }),
      line(at, foot - 2 * r, view.width - 40, foot - 2 * r, "axis-line"),
      words(view.width - 36, foot - 2 * r + 4, number(n)),
    ];
  });
  return marks;
}
