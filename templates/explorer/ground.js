import { draw } from "./dom.js";

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
 * Names of sites and areas where there is room, and a scale bar.
 *
 * @param {App} app
 * @param {Colours} colours
 * @param {Projection} at
 * @param {number} width
 * @param {number} height
 * @returns {Element[]}
 */
export function names(app, colours, at, width, height) {
  const { sites, areas } = app.data.header.map;
  /** @type {number[][]} */
  const taken = [[0, height - 30, 130, height]];
  /** @type {(text: string, lon: number, lat: number, own: boolean) => Element[]} */
  const named = (text, lon, lat, own) => {
    const size = own ? 12 : 11;
    const half = (text.length * size * 0.56) / 2;
    const [cx, y] = [at.x(lon), at.y(lat) + (own ? -9 : 4)];
    if (cx < 0 || cx > width || y < 12 || y > height - 4) return [];
    const x = Math.min(width - half - 3, Math.max(half + 3, cx));
    const box = [x - half, y - size, x + half, y + 4];
    if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) return [];
    taken.push(box);
    const halo = { stroke: colours.paper, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" };
    const look = { "font-size": size, "font-family": "inherit", "text-anchor": "middle" };
    return [draw("text", { x, y, fill: own ? colours.ink : colours.muted, ...look, ...halo }, text)];
  };
  return [
    ...sites.flatMap(([name, lon, lat]) => named(name, lon, lat, true)),
    ...Object.entries(areas).flatMap(([name, [lon, lat]]) => named(name, lon, lat, false)),
    ...scaleBar(app, colours, at, height),
  ];
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
