import { MISSING, dayOf, isoDay } from "./data.js";
import { haystack, sortKeys } from "./order.js";
import { places } from "./places.js";
import { same, everything } from "./view.js";

/**
 * Which rows a view keeps, and the counts that the views show.
 *
 * Each filter owns a bit; a row's `fails` has the bits of the filters that it fails. A row is selected when none is
 * set, and counts in a view when no bit but the view's own is. A change touches only the rows whose bits change.
 *
 * @import { Column, Data, Numbers, Periods } from "./data.js"
 * @import { By, View } from "./view.js"
 * @typedef {object} Histogram
 * @property {number} bit of the view's own filter; 0 where it has none
 * @property {Numbers} codes bucket of each row, or of each item of a list
 * @property {Numbers | null} offsets of a list
 * @property {number} none the code that counts nowhere; -1 where all count
 * @property {Int32Array} outer rows that all other filters keep
 * @property {Int32Array} inner rows that all filters keep
 */

const TIME = 1;
const BOX = 2;
const SERIES = 4;
const SEARCH = 8;
const COUNTING = 16;
const FIRST_FREE = 5;

export class Linked {
  /** @param {Data} data */
  constructor(data) {
    this.data = data;
    this.fails = new Uint32Array(data.n);
    this.selected = data.n;
    this.places = places(data);
    /** @type {Map<string, number>} */
    this.bits = new Map();
    /** @type {Map<string, Histogram>} */
    this.histograms = new Map();
    /** @type {View} */
    this.view = { ...everything(), counting: "listed" };
    /** @type {Map<string, Uint32Array>} */
    this.orders = new Map();
    /** @type {string[] | null} */
    this.hay = null;
    this.periods = data.header.periods[this.view.by];
    const { ofRow, located, lon } = this.places;
    this.#add("places", BOX, ofRow, lon.length, -1);
    this.#add("located", BOX, located, 3);
    this.#add("undated", TIME, this.#undated(), 2);
    for (const name of data.header.facets) {
      const column = data.columns.get(name);
      if (column) this.#add(name, 0, column.codes, column.values.length + 1, -2, column);
    }
    this.#bin("week");
  }

  /**
   * Bring rows and counts to a view.
   *
   * @param {View} view
   */
  apply(view) {
    const old = this.view;
    this.view = view;
    if (view.by !== old.by) this.#bin(view.by);
    if (!same(view.time, old.time)) this.#filter(TIME, this.#inTime(view.time));
    if (!same(view.box, old.box)) this.#filter(BOX, this.#inBox(view.box));
    if (view.series !== old.series)
      this.#filter(SERIES, view.series === "all" ? null : this.#has("series", [view.series]));
    if (view.search !== old.search) this.#filter(SEARCH, this.#found(view.search));
    if (view.counting !== old.counting)
      this.#filter(
        COUNTING,
        view.counting === "counted" && this.data.columns.has("counted") ? this.#has("counted", ["yes"]) : null,
      );
    for (const name of new Set([...Object.keys(old.where), ...Object.keys(view.where)]))
      if (!same(view.where[name], old.where[name])) this.#choose(name, view.where[name]);
  }

  /**
   * The first selected rows in the order of the view, from one on.
   *
   * @param {number} most
   * @returns {number[]}
   */
  rows(most) {
    const found = [];
    const order = this.order(this.view.sort);
    for (let i = 0; i < order.length && found.length < most; i++) if (!this.fails[order[i]]) found.push(order[i]);
    return found;
  }

  /**
   * Selected rows at one of the map's places, also those outside the box.
   *
   * @param {number} place
   * @param {number} most
   */
  rowsAt(place, most) {
    const found = [];
    for (let row = 0; row < this.data.n && found.length < most; row++)
      if (this.places.ofRow[row] === place && !(this.fails[row] & ~BOX)) found.push(row);
    return found;
  }

  /**
   * All rows in an order; unknown last in both directions, ties in the payload's order.
   *
   * @param {[string, "up" | "down"]} sort
   * @returns {Uint32Array}
   */
  order([name, direction]) {
    const key = `${name} ${direction}`;
    const known = this.orders.get(key);
    if (known) return known;
    const keys = sortKeys(this.data.columns.get(name), this.data.n);
    const turn = direction === "up" ? 1 : -1;
    const order = Uint32Array.from({ length: this.data.n }, (_, i) => i).sort((a, b) => {
      const x = keys[a];
      const y = keys[b];
      if (x === y) return a - b;
      return x === MISSING ? 1 : y === MISSING ? -1 : (x - y) * turn;
    });
    this.orders.set(key, order);
    return order;
  }

  /**
   * @param {string} name
   * @returns {Histogram}
   */
  histogram(name) {
    const found = this.histograms.get(name);
    if (!found) throw new RangeError(name);
    return found;
  }

  /**
   * @param {string} name
   * @param {number} bit
   * @param {Numbers} codes
   * @param {number} size
   * @param {number} [none]
   * @param {Column} [column]
   */
  #add(name, bit, codes, size, none = -2, column) {
    const offsets = column?.kind === "list" ? column.offsets : null;
    /** @type {Histogram} */
    const made = { bit, codes, offsets, none, outer: new Int32Array(size), inner: new Int32Array(size) };
    this.histograms.set(name, made);
    for (let row = 0; row < this.data.n; row++) count(made, row, this.fails[row], 1);
  }

  /** @param {By} by */
  #bin(by) {
    this.periods = by === "day" ? everyDay(this.data) : this.data.header.periods[by];
    const { start, end } = this.periods;
    const days = this.data.columns.get("date")?.codes;
    const bins = new Int32Array(this.data.n).fill(-1);
    const first = start[0] ?? 0;
    const last = end[end.length - 1] ?? -1;
    const ofDay = new Int32Array(Math.max(0, last - first + 1)).fill(-1);
    for (let i = 0; i < start.length; i++) ofDay.fill(i, start[i] - first, end[i] - first + 1);
    const undated = by === "day" || by === "week" ? this.histogram("undated").codes : null;
    for (let row = 0; days && row < this.data.n; row++)
      if (days[row] >= first && days[row] <= last && !undated?.[row]) bins[row] = ofDay[days[row] - first];
    this.#add("time", TIME, bins, start.length, -1);
  }

  /** 1 for each row of which less than the day is known. */
  #undated() {
    const column = this.data.columns.get("date_precision");
    const coarse = ["", ...(column?.values ?? [])].map((v) => (v === "" || v === "day" ? 0 : 1));
    return Uint8Array.from({ length: this.data.n }, (_, row) => (column ? coarse[column.codes[row]] : 0));
  }

  /**
   * Set or clear one filter's bit in every row, and count again the rows in which it changed.
   *
   * @param {number} bit
   * @param {((row: number) => boolean) | null} keeps
   */
  #filter(bit, keeps) {
    const { fails } = this;
    const all = [...this.histograms.values()];
    for (let row = 0; row < fails.length; row++) {
      const before = fails[row];
      const after = keeps && !keeps(row) ? before | bit : before & ~bit;
      if (after === before) continue;
      fails[row] = after;
      if (before === 0) this.selected--;
      else if (after === 0) this.selected++;
      for (const one of all) {
        count(one, row, before, -1);
        count(one, row, after, 1);
      }
    }
  }

  /**
   * @param {string} name
   * @param {(string | null)[] | undefined} kept
   */
  #choose(name, kept) {
    const own = this.histograms.get(name);
    if (!kept) {
      this.#filter(this.bits.get(name) ?? 0, null);
      this.bits.delete(name);
      if (own) own.bit = 0;
      return;
    }
    if (!this.bits.has(name)) {
      const used = new Set(this.bits.values());
      let at = FIRST_FREE;
      while (used.has(1 << at)) at++;
      this.bits.set(name, 1 << at);
    }
    const bit = this.bits.get(name) ?? 0;
    if (own) own.bit = bit;
    this.#filter(bit, this.#has(name, kept));
  }

  /**
   * @param {string} name
   * @param {(string | null)[]} kept
   */
  #has(name, kept) {
    const column = this.data.columns.get(name);
    if (!column) return () => false;
    const wanted = Uint8Array.from([null, ...column.values], (v) => Number(kept.includes(v)));
    const { codes, offsets } = column;
    if (column.kind === "code") return (/** @type {number} */ row) => wanted[codes[row]] === 1;
    return (/** @type {number} */ row) => {
      if (offsets[row] === offsets[row + 1]) return wanted[0] === 1;
      for (let i = offsets[row]; i < offsets[row + 1]; i++) if (wanted[codes[i]]) return true;
      return false;
    };
  }

  /** @param {View["time"]} time */
  #inTime(time) {
    if (!time) return null;
    const [first, last] = [dayOf(time[0]) ?? 0, dayOf(time[1]) ?? 0];
    const days = this.data.columns.get("date")?.codes ?? [];
    return (/** @type {number} */ row) => days[row] >= first && days[row] <= last;
  }

  /** @param {View["box"]} box */
  #inBox(box) {
    if (!box) return null;
    const [west, south, east, north] = box.map((x) => Math.round(x * 1e5));
    const lon = this.data.columns.get("longitude")?.codes ?? [];
    const lat = this.data.columns.get("latitude")?.codes ?? [];
    return (/** @type {number} */ row) =>
      lon[row] >= west && lon[row] <= east && lat[row] >= south && lat[row] <= north && lat[row] !== MISSING;
  }

  /** @param {string} search */
  #found(search) {
    const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
    if (!wanted.length) return null;
    const hay = (this.hay ??= haystack(this.data));
    return (/** @type {number} */ row) => wanted.every((word) => hay[row].includes(word));
  }
}

/**
 * @param {Histogram} one
 * @param {number} row
 * @param {number} fails
 * @param {number} sign
 */
function count(one, row, fails, sign) {
  if (fails & ~one.bit) return;
  const { codes, offsets, outer, inner } = one;
  const from = offsets ? offsets[row] : row;
  const to = offsets ? offsets[row + 1] : row + 1;
  for (let i = from; i < to; i++) {
    if (codes[i] === one.none) continue;
    outer[codes[i]] += sign;
    if (!fails) inner[codes[i]] += sign;
  }
  if (offsets && from === to) {
    outer[0] += sign;
    if (!fails) inner[0] += sign;
  }
}

/**
 * A period a day, from the first period's first day to the last one's end.
 *
 * @param {Data} data
 * @returns {Periods}
 */
function everyDay(data) {
  const { start, end } = data.header.periods[data.header.unit];
  const first = start[0] ?? 0;
  const days = Array.from({ length: Math.max(0, (end[end.length - 1] ?? first - 1) - first + 1) }, (_, i) => first + i);
  const covered = new Uint8Array(days.length);
  for (const [a, b] of data.header.covered) covered.fill(1, Math.max(0, a - first), Math.max(0, b - first + 1));
  return { labels: days.map(isoDay), start: days, end: days, days: Array.from(covered) };
}
