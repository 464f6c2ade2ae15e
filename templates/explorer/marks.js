import { draw } from "./dom.js";
import { AREA, GOVERNORATE, SITE } from "./places.js";

/**
 * Incidents on the map: a mark a place, or squares where there are too many places to tell apart.
 *
 * @import { App, Colours } from "./app.js"
 * @import { Projection } from "./ground.js"
 * @import { Linked } from "./select.js"
 */

/** More places than that are drawn as squares. */
export const MOST_MARKS = 3000;
/** More rows than that are drawn as squares, however few places they have. */
export const MOST_ROWS = 200_000;
const SQUARE = 4; // CSS pixels
const LARGEST = 22;

/**
 * Whether marks would hide each other.
 *
 * @param {Linked} linked
 */
export function isBinned(linked) {
  return linked.places.lon.length > MOST_MARKS || linked.data.n > MOST_ROWS;
}

/**
 * The radius of a mark: its area goes with the incidents there.
 *
 * @param {Linked} linked
 * @returns {(n: number) => number}
 */
export function radius(linked) {
  const all = new Int32Array(linked.places.lon.length);
  for (const place of linked.places.ofRow) if (place >= 0) all[place]++;
  const most = all.reduce((a, b) => Math.max(a, b), 1);
  const unit = Math.min(4, LARGEST / Math.sqrt(most));
  return (n) => (n ? Math.max(3, unit * Math.sqrt(n)) : 0);
}

/**
 * Places in the order in which they are drawn: large ones first, so that none is hidden.
 *
 * @param {Linked} linked
 */
function drawn(linked) {
  const { outer } = linked.histogram("places");
  const found = [];
  for (let i = 0; i < outer.length; i++) if (outer[i]) found.push(i);
  return found.sort((a, b) => outer[b] - outer[a]);
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {App} app
 * @param {Projection} at
 * @param {(n: number) => number} size
 */
export function paintMarks(to, app, at, size) {
  const { linked, colours } = app;
  const { lon, lat, kind } = linked.places;
  const { inner, outer } = linked.histogram("places");
  for (const i of drawn(linked)) {
    const [x, y, r] = [at.x(lon[i]), at.y(lat[i]), size(outer[i])];
    to.strokeStyle = to.fillStyle = inner[i] ? colours.accent : colours.ghost;
    to.beginPath();
    if (kind[i] === GOVERNORATE) to.rect(x - r, y - r, 2 * r, 2 * r);
    else to.arc(x, y, r, 0, 2 * Math.PI);
    to.globalAlpha = kind[i] === SITE ? 0.6 : 0.12;
    to.fill();
    to.globalAlpha = 1;
    to.lineWidth = 1.5;
    to.setLineDash(kind[i] === GOVERNORATE ? [3, 2] : []);
    to.stroke();
  }
}

/**
 * The same as elements, for a picture to keep.
 *
 * @param {App} app
 * @param {Colours} colours
 * @param {Projection} at
 * @param {(n: number) => number} size
 * @returns {Element[]}
 */
export function markElements(app, colours, at, size) {
  const { lon, lat, kind } = app.linked.places;
  const { inner, outer } = app.linked.histogram("places");
  return drawn(app.linked).map((i) => {
    const [x, y, r] = [at.x(lon[i]), at.y(lat[i]), size(outer[i])];
    const colour = inner[i] ? colours.accent : colours.ghost;
    const look = { fill: colour, stroke: colour, "stroke-width": 1.5, "fill-opacity": kind[i] === SITE ? 0.6 : 0.12 };
    if (kind[i] !== GOVERNORATE) return draw("circle", { cx: x, cy: y, r, ...look });
    return draw("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, "stroke-dasharray": "3 2", ...look });
  });
}

/**
 * Squares of four pixels, darker where more incidents lie.
 *
 * @typedef {{columns: number, rows: number, ofPlace: Int32Array, picture: HTMLCanvasElement, inner: Int32Array,
 *   outer: Int32Array}} Grid
 * @param {Linked} linked
 * @param {Projection} at
 * @param {number} width
 * @param {number} height
 * @returns {Grid}
 */
export function grid(linked, at, width, height) {
  const { lon, lat } = linked.places;
  const [columns, rows] = [Math.ceil(width / SQUARE), Math.ceil(height / SQUARE)];
  const ofPlace = Int32Array.from(lon, (x, i) => {
    const [column, row] = [Math.floor(at.x(x) / SQUARE), Math.floor(at.y(lat[i]) / SQUARE)];
    return column >= 0 && column < columns && row >= 0 && row < rows ? row * columns + column : -1;
  });
  const picture = document.createElement("canvas");
  picture.width = columns;
  picture.height = rows;
  const size = columns * rows;
  return { columns, rows, ofPlace, picture, inner: new Int32Array(size), outer: new Int32Array(size) };
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {App} app
 * @param {Grid} squares
 * @param {Colours} colours
 */
export function paintSquares(to, app, squares, colours) {
  const { inner, outer } = app.linked.histogram("places");
  const { columns, rows, ofPlace, picture } = squares;
  squares.inner.fill(0);
  squares.outer.fill(0);
  for (let i = 0; i < ofPlace.length; i++) {
    if (!outer[i] || ofPlace[i] < 0) continue;
    squares.outer[ofPlace[i]] += outer[i];
    squares.inner[ofPlace[i]] += inner[i];
  }
  const small = picture.getContext("2d");
  if (!small) return;
  const image = small.createImageData(columns, rows);
  const [accent, ghost] = [light(colours.accent), light(colours.ghost)];
  const most = Math.log1p(squares.outer.reduce((a, b) => Math.max(a, b), 1));
  for (let i = 0; i < squares.outer.length; i++) {
    const n = squares.inner[i] || squares.outer[i];
    if (!n) continue;
    image.data.set(squares.inner[i] ? accent : ghost, i * 4);
    image.data[i * 4 + 3] = 60 + (195 * Math.log1p(n)) / most;
  }
  small.putImageData(image, 0, 0);
  to.imageSmoothingEnabled = false;
  to.drawImage(picture, 0, 0, columns * SQUARE, rows * SQUARE);
}

/**
 * Red, green and blue of #rrggbb or rgb(…).
 *
 * @param {string} colour
 */
function light(colour) {
  if (colour.startsWith("#")) return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return (colour.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
}

/**
 * The key of a kind of place, for its name in words.
 *
 * @param {number} kind
 */
export function kindKey(kind) {
  return kind === SITE ? "kind.site" : kind === AREA ? "kind.area" : "kind.governorate";
}
