import { dayOf, valuesAt } from "./data.js";

/**
 * A view in other forms: Python, CSV, and the parameters of a report.
 *
 * @import { Data } from "./data.js"
 * @import { View } from "./view.js"
 */

const NAME = /^[a-z]\w*$/;
const TAKEN = new Set(
  (
    "ed condition listed series search date latitude longitude and as assert async await break class continue def del " +
    "elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/**
 * Python that makes the same selection, in the condition language of the YAML files.
 *
 * @param {View} view
 * @returns {string}
 */
export function toPython(view) {
  const range = (/** @type {unknown} */ low, /** @type {unknown} */ high) =>
    `{"at_least": ${literal(low)}, "at_most": ${literal(high)}}`;
  if (Object.values(view.where).some((kept) => !kept.length)) return 'rows = where(ed, "nothing")';
  const [plain, odd] = [true, false].map((sound) =>
    Object.entries(view.where).filter(([name]) => (NAME.test(name) && !TAKEN.has(name)) === sound),
  );
  const values = (/** @type {(string | null)[]} */ kept) => `[${kept.map(literal).join(", ")}]`;
  const parts = ["ed"];
  // A column whose name Python would read as something else stands in a mapping, as text.
  if (odd.length) parts.push(`{${odd.map(([name, kept]) => `${literal(name)}: ${values(kept)}`).join(", ")}}`);
  if (view.counting === "listed") parts.push("listed=True");
  if (view.time) parts.push(`date=${range(...view.time)}`);
  if (view.box) {
    const [west, south, east, north] = view.box;
    parts.push(`latitude=${range(south, north)}`, `longitude=${range(west, east)}`);
  }
  for (const [name, kept] of plain) parts.push(`${name}=${values(kept)}`);
  if (view.series !== "all") parts.push(`series=${literal(view.series)}`);
  if (view.search.trim()) parts.push(`search=${literal(view.search)}`);
  return `rows = where(${parts.join(", ")})`;
}

/**
 * A value as Python writes it. Signs that turn the direction of text are written as codes, so that code reads as it
 * runs.
 *
 * @param {unknown} value
 */
function literal(value) {
  if (value === null) return "None";
  const code = (/** @type {string} */ sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    code,
  );
}

const LEADS = /^[\s'"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/;
const NEGATIVE = /^-(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/**
 * A cell that no spreadsheet runs as a formula, with an apostrophe in front where one might.
 *
 * @param {string} cell
 */
export function harmless(cell) {
  return LEADS.test(cell) && !NEGATIVE.test(cell) ? `'${cell}` : cell;
}

/**
 * Rows as a CSV file for spreadsheets: every column, values as the data files have them, with a byte-order mark.
 *
 * @param {Data} data
 * @param {number[]} rows
 * @returns {string}
 */
export function toCsv(data, rows) {
  const columns = [...data.columns.values()];
  const line = (/** @type {string[]} */ cells) => cells.map(quoted).join(",") + "\n";
  const body = rows.map((row) => line(columns.map((column) => valuesAt(column, row).join(";"))));
  return `\ufeff${line(columns.map((column) => column.name))}${body.join("")}`;
}

/** @param {string} cell */
function quoted(cell) {
  const safe = harmless(cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A value as a shell takes it for one word.
 *
 * @param {string} value
 */
function inShell(value) {
  return /^[\w./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that builds a report on these rows, or the names of the parts of the view that no parameter can say.
 *
 * @param {View} view
 * @param {Data} data
 * @returns {{command: string, reasons: string[]}}
 */
export function toReport(view, data) {
  const { header } = data;
  const { labels, start, end } = header.periods[header.unit];
  /** @type {string[]} */
  const reasons = [];
  const at = view.time ? start.findIndex((day) => day === dayOf(view.time?.[0])) : -1;
  if (!view.time || at < 0 || end[at] !== dayOf(view.time[1])) reasons.push("time");
  if (view.box) reasons.push("box");
  if (Object.keys(view.where).length) reasons.push("where");
  if (view.series !== "all") reasons.push("series");
  if (view.search.trim()) reasons.push("search");
  if (view.counting !== "counted") reasons.push("counting");
  const given = { QUARTER: labels[at], FLOOR: header.floor, AS_OF: header.as_of };
  const sound = Object.entries(given).filter(([, value]) => value && /^[\w-]+$/.test(value));
  if (header.data) sound.push(["DATA", inShell(header.data)]);
  return { command: reasons.length ? "" : `make report ${sound.map((pair) => pair.join("=")).join(" ")}`, reasons };
}
