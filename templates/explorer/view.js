import { dayOf } from "./data.js";

/**
 * What is asked for: the state of the explorer, the same in Lab, in the address and in Python.
 *
 * @import { Data } from "./data.js"
 * @typedef {"day" | "week" | "month" | "quarter"} By
 * @typedef {[number, number, number, number]} Box west, south, east, north in degrees
 * @typedef {object} View
 * @property {By} by
 * @property {[string, string] | null} time
 * @property {Box | null} box
 * @property {Record<string, (string | null)[]>} where
 * @property {string} series
 * @property {string} search
 * @property {"counted" | "listed"} counting
 * @property {[string, "up" | "down"]} sort
 * @property {string | null} open
 */

export const BYS = /** @type {By[]} */ (["day", "week", "month", "quarter"]);
/** How many columns can be filtered at a time: each has a bit of its own. */
export const MOST_FILTERS = 26;
const FIXED = ["by", "time", "box", "series", "q", "counting", "sort", "open"];
const UNKNOWN_SIGN = "~";

/** @returns {View} */
export function everything() {
  return {
    by: "week",
    time: null,
    box: null,
    where: {},
    series: "all",
    search: "",
    counting: "counted",
    sort: ["date", "down"],
    open: null,
  };
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * A sound view out of anything, and the keys of what could not be read.
 *
 * @param {unknown} asked
 * @param {Data} data
 * @returns {{view: View, dropped: string[]}}
 */
export function settle(asked, data) {
  const view = everything();
  /** @type {string[]} */
  const dropped = [];
  /** @type {Record<string, unknown>} */
  const raw = asked && typeof asked === "object" ? { .../** @type {object} */ (asked) } : {};
  /** @type {Record<string, (value: any) => boolean>} */
  const readers = {
    by: (v) => BYS.includes(v) && Boolean((view.by = v)),
    time: (v) => isTime(v) && Boolean((view.time = [v[0], v[1]])),
    box: (v) => isBox(v) && Boolean((view.box = roundBox(v))),
    where: (v) => isPlain(v) && filters(v, data, view, dropped),
    series: (v) => (v === "all" || seriesIds(data).includes(v)) && Boolean((view.series = v)),
    search: (v) => typeof v === "string" && (view.search = v) !== null,
    counting: (v) => (v === "counted" || v === "listed") && Boolean((view.counting = v)),
    sort: (v) => isSort(v, data) && Boolean((view.sort = [v[0], v[1]])),
    open: (v) => typeof v === "string" && rowOf(data, v) >= 0 && Boolean((view.open = v)),
  };
  for (const [key, value] of Object.entries(raw)) {
    if (value === null || value === undefined) continue;
    if (!Object.hasOwn(readers, key) || !readers[key](value)) dropped.push(key);
  }
  return { view, dropped };
}

/**
 * @param {Record<string, unknown>} asked
 * @param {Data} data
 * @param {View} view
 * @param {string[]} dropped
 */
function filters(asked, data, view, dropped) {
  for (const [name, kept] of Object.entries(asked)) {
    const column = data.columns.get(name);
    const fits = column && (column.kind === "code" || column.kind === "list") && !["counted", "series"].includes(name);
    const room = Object.keys(view.where).length < MOST_FILTERS;
    if (!fits || !room || !Array.isArray(kept)) {
      dropped.push(name);
      continue;
    }
    const there = kept.filter((v) => v === null || column.values.includes(v));
    if (there.length < kept.length) dropped.push(name);
    if (there.length || !kept.length) view.where[name] = there;
  }
  return true;
}

/** @param {any} v */
function isTime(v) {
  if (!Array.isArray(v) || v.length !== 2) return false;
  const [first, last] = v.map(dayOf);
  return first !== null && last !== null && first <= last;
}

/** @param {any} v */
function isBox(v) {
  const sound = Array.isArray(v) && v.length === 4 && v.every((x) => typeof x === "number" && Number.isFinite(x));
  return sound && v[0] <= v[2] && v[1] <= v[3] && Math.abs(v[0]) <= 180 && v[2] <= 180 && v[1] >= -90 && v[3] <= 90;
}

/**
 * @param {any} v
 * @param {Data} data
 */
function isSort(v, data) {
  const named = Array.isArray(v) && v.length === 2 && (v[0] === "date" || data.header.table.includes(v[0]));
  return named && data.columns.has(v[0]) && (v[1] === "up" || v[1] === "down");
}

/** @param {any} v */
function isPlain(v) {
  return typeof v === "object" && !Array.isArray(v);
}

/**
 * Four decimals, as the address writes them.
 *
 * @param {number[]} box
 * @returns {Box}
 */
export function roundBox(box) {
  return /** @type {Box} */ (box.map((x) => Math.round(x * 1e4) / 1e4 + 0));
}

/**
 * Ids of the series that rows belong to.
 *
 * @param {Data} data
 */
export function seriesIds(data) {
  return data.columns.get("series")?.values ?? [];
}

/**
 * The row of an incident; -1 where there is none.
 *
 * @param {Data} data
 * @param {string} id
 */
export function rowOf(data, id) {
  return data.columns.get("incident_id")?.texts().indexOf(id) ?? -1;
}

/**
 * The part of the address after the sign #; only what is not the default.
 *
 * @param {View} view
 */
export function toHash(view) {
  const plain = everything();
  const code = encodeURIComponent;
  /** @type {string[]} */
  const parts = [];
  if (view.by !== plain.by) parts.push(`by=${view.by}`);
  if (view.time) parts.push(`time=${view.time.join("..")}`);
  if (view.box) parts.push(`box=${view.box.join(",")}`);
  for (const [name, kept] of Object.entries(view.where)) {
    // A lone ~ is unknown; a value that is written so is told apart by its code.
    const values = kept.map((v) => (v === null ? UNKNOWN_SIGN : v === UNKNOWN_SIGN ? "%7E" : code(v)));
    parts.push(`${code(name)}=${values.join(",")}`);
  }
  if (view.series !== plain.series) parts.push(`series=${code(view.series)}`);
  if (view.search) parts.push(`q=${code(view.search)}`);
  if (view.counting !== plain.counting) parts.push(`counting=${view.counting}`);
  if (!same(view.sort, plain.sort)) parts.push(`sort=${code(view.sort[0])}.${view.sort[1]}`);
  if (view.open) parts.push(`open=${code(view.open)}`);
  return `#explore${parts.length ? `?${parts.join("&")}` : ""}`;
}

/** @param {string} hash */
export function isHash(hash) {
  return hash === "#explore" || hash.startsWith("#explore?");
}

/**
 * What an address asks for, to be settled, and the keys that could not even be decoded.
 *
 * @param {string} hash
 * @returns {{asked: Record<string, unknown>, dropped: string[]}}
 */
export function fromHash(hash) {
  /** @type {Record<string, unknown>} */
  const asked = {};
  /** @type {Record<string, (string | null)[]>} */
  const kept = Object.create(null); // __proto__ is a name like any other
  /** @type {string[]} */
  const dropped = [];
  for (const pair of hash.slice("#explore?".length).split("&").filter(Boolean)) {
    const at = pair.indexOf("=");
    const [key, raw] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    try {
      const name = decodeURIComponent(key);
      if (FIXED.includes(name)) asked[name === "q" ? "search" : name] = fixed(name, raw);
      else
        kept[name] = raw === "" ? [] : raw.split(",").map((v) => (v === UNKNOWN_SIGN ? null : decodeURIComponent(v)));
    } catch {
      dropped.push(key);
    }
  }
  if (Object.keys(kept).length) asked.where = kept;
  return { asked, dropped };
}

/**
 * @param {string} name
 * @param {string} raw
 */
function fixed(name, raw) {
  const text = decodeURIComponent(raw);
  if (name === "time") return text.split("..");
  if (name === "box") return text.split(",").map((x) => (x.trim() === "" ? NaN : Number(x)));
  return name === "sort" ? [text.slice(0, text.lastIndexOf(".")), text.slice(text.lastIndexOf(".") + 1)] : text;
}
