import { draw } from "./dom.js";
import { GOVERNORATE } from "./places.js";

/**
 * The map's projection and what lies under its marks.
 *
 * @import { App, Colours } from "./app.js"
 * @import { Box } from "./view.js"
 * @typedef {object} Projection
 * @property {(lon: number) => number} x
 * @property {(lat: number) => number} y
 * @property {(x: number) => number} lon
 * @property {(y: number) => number} lat
 * @property {number} kilometre pixels
 */

/**
 * Degrees to pixels, true in shape at the middle of the frame.
 *
 * @param {Box} frame what has to be seen
 * @param {number} width
 * @param {number} height
 * @returns {Projection}
 */
export function projection(frame, width, height) {
  const [west, south, east, north] = frame;
  const flat = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(width / Math.max(1e-6, (east - west) * flat), height / Math.max(1e-6, north - south));
  const [cx, cy] = [(west + east) / 2, (south + north) / 2];
  return {
    x: (lon) => width / 2 + (lon - cx) * flat * scale,
    y: (lat) => height / 2 - (lat - cy) * scale,
    lon: (x) => cx + (x - width / 2) / (flat * scale),
    lat: (y) => cy - (y - height / 2) / scale,
    kilometre: scale / 111.2,
  };
}

/**
 * Outlines of countries.
 *
 * @param {App} app
 * @param {Colours} colours
 * @param {Projection} at
 * @returns {Element[]}
 */
export function outlines(app, colours, at) {
  const line = (/** @type {[number, number][]} */ ring) =>
    ring.map(([lon, lat], i) => `${i ? "L" : "M"}${at.x(lon).toFixed(1)} ${at.y(lat).toFixed(1)}`).join("");
  const d = app.data.header.map.rings.map(([, ring]) => `${line(ring)}z`).join("");
  return [
    draw("path", { d, fill: colours.faint, stroke: colours.ghost, "stroke-width": 1, "stroke-linejoin": "round" }),
  ];
}

/**
 * Names of sites and areas where there is room, those with most incidents first, and a scale bar.
 *
 * @param {App} app
 * @param {Colours} colours
 * @param {Projection} at
 * @param {number} width
 * @param {number} height
 * @param {((n: number) => number) | null} size of a mark, which its name leaves free
 * @returns {Element[]}
 */
export function names(app, colours, at, width, height, size) {
  const { sites, areas } = app.data.header.map;
  const { places } = app.linked;
  const counts = app.linked.histogram("places").outer;
  /** @type {number[][]} */
  const taken = [[0, height - 30, 130, height]];
  for (let i = 0; size && i < counts.length; i++) {
    const [x, y, r] = [at.x(places.lon[i]), at.y(places.lat[i]), size(counts[i])];
    if (r) taken.push([x - r, y - r, x + r, y + r]);
  }
  const found = [
    ...sites.map(([name, lon, lat]) => ({ name, lon, lat, own: true, n: here(lon, lat, false) })),
    ...Object.entries(areas).map(([name, [lon, lat]]) => ({ name, lon, lat, own: false, n: here(lon, lat, true) })),
  ];
  found.sort((a, b) => Number(b.own) - Number(a.own) || b.n - a.n);
  return [...found.flatMap(named), ...scaleBar(app, colours, at, height)];

  /**
   * Incidents of the mark at a point.
   *
   * @param {number} lon
   * @param {number} lat
   * @param {boolean} coarse
   */
  function here(lon, lat, coarse) {
    const near = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a - b) < 0.002;
    const i = places.lon.findIndex(
      (x, i) => near(x, lon) && near(places.lat[i], lat) && (places.kind[i] === GOVERNORATE) === coarse,
    );
    return i < 0 ? 0 : counts[i];
  }

  /** @param {(typeof found)[number]} one */
  function named({ name, lon, lat, own, n }) {
    const text = name.length > 24 ? name.split(",")[0] : name;
    const letters = own ? 12 : 11;
    const half = (text.length * letters * 0.56) / 2;
    const r = size ? size(n) : 0;
    const [cx, cy] = [at.x(lon), at.y(lat)];
    const above = [cx, cy - r - 5];
    const below = [cx, cy + (r ? r + letters : 4)];
    const beside = [1, -1].map((side) => [cx + side * (r + 4 + half), cy + 4]);
    const free = [...(own ? [above, below] : [below, above]), ...beside].find(([x, y]) => {
      const box = [x - half, y - letters + 1, x + half, y + 3];
      const inside = box[0] > 2 && box[2] < width - 2 && box[1] > 2 && box[3] < height - 2;
      return inside && !taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]);
    });
    if (!free) return [];
    const [x, y] = free;
    taken.push([x - half, y - letters, x + half, y + 4]);
    const halo = { stroke: colours.paper, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" };
    const look = { "font-size": letters, "font-family": "inherit", "text-anchor": "middle" };
    return [draw("text", { x, y, fill: own ? colours.ink : colours.muted, ...look, ...halo }, text)];
  }
}

/**
 * @param {App} app
 * @param {Colours} colours
 * @param {Projection} at
 * @param {number} height
 */
function scaleBar(app, colours, at, height) {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
  const km = steps.find((step) => step * at.kilometre > 45) ?? 2000;
  const text = app.words.say("kilometres", { n: km });
  const d = `M8.5 ${height - 13}v5h${(km * at.kilometre).toFixed(1)}v-5`;
  return [
    draw("path", { d, stroke: colours.muted, fill: "none" }),
    draw("text", { x: 8, y: height - 17, "font-size": 11, "font-family": "inherit", fill: colours.muted }, text),
  ];
}
