import { MISSING } from "./data.js";

/**
 * Rows put together by the point that they have, so that a map draws points and not rows.
 *
 * @import { Data } from "./data.js"
 * @typedef {object} Places
 * @property {Int32Array} ofRow the place of each row; -1 where nothing is known
 * @property {Float64Array} lon degrees
 * @property {Float64Array} lat
 * @property {Uint8Array} kind SITE, AREA or GOVERNORATE
 * @property {Uint8Array} located of each row: 0 has a point, 1 only a governorate, 2 nothing
 * @property {string[]} names of governorates' places, else ""
 */

/** A known compound; a town or stretch of road; a governorate's middle. */
export const SITE = 0;
export const AREA = 1;
export const GOVERNORATE = 2;
const SITES = new Set(["exact_site", "site_point"]);

/**
 * @param {Data} data
 * @returns {Places}
 */
export function places(data) {
  const { n, columns } = data;
  const lons = columns.get("longitude")?.codes;
  const lats = columns.get("latitude")?.codes;
  const precision = columns.get("coordinate_precision");
  const kinds = ["", ...(precision?.values ?? [])].map(kindOf);
  const area = columns.get("governorate");
  const middles = ["", ...(area?.values ?? [])].map((name) => data.header.map.areas[name]);
  const ofRow = new Int32Array(n).fill(-1);
  const located = new Uint8Array(n).fill(2);
  /** @type {Map<number, number>} */
  const seen = new Map();
  /** @type {number[]} */
  const lon = [];
  /** @type {number[]} */
  const lat = [];
  /** @type {number[]} */
  const kind = [];
  /** @type {string[]} */
  const names = [];
  for (let row = 0; row < n; row++) {
    const code = area ? area.codes[row] : 0;
    const pointed = lons && lats && lons[row] !== MISSING && lats[row] !== MISSING;
    if (pointed) {
      const sort = kinds[precision ? precision.codes[row] : 0];
      located[row] = 0;
      ofRow[row] = place(
        ((lons[row] + 18e6) * 18e6 + lats[row] + 9e6) * 4 + sort,
        lons[row] / 1e5,
        lats[row] / 1e5,
        sort,
      );
    } else if (middles[code]) {
      located[row] = 1;
      ofRow[row] = place(-code, middles[code][0], middles[code][1], GOVERNORATE, area?.labels[code - 1]);
    } else if (code) located[row] = 1;
  }
  return {
    ofRow,
    located,
    names,
    lon: Float64Array.from(lon),
    lat: Float64Array.from(lat),
    kind: Uint8Array.from(kind),
  };

  /**
   * @param {number} key
   * @param {number} x
   * @param {number} y
   * @param {number} sort
   * @param {string} [name]
   */
  function place(key, x, y, sort, name = "") {
    let at = seen.get(key);
    if (at === undefined) {
      at = lon.length;
      seen.set(key, at);
      lon.push(x);
      lat.push(y);
      kind.push(sort);
      names.push(name);
    }
    return at;
  }
}

/** @param {string} precision */
function kindOf(precision) {
  return SITES.has(precision) ? SITE : precision === "governorate" ? GOVERNORATE : AREA;
}
