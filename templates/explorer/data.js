/**
 * The payload: a header and columns packed in one gzip file, unpacked into typed arrays.
 *
 * @typedef {{type: "u1" | "u2" | "u4" | "i4" | "f8" | "utf8", at: number, length: number}} Slot
 * @typedef {Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array} Numbers
 * @typedef {{name: string, label: string, kind: Kind, buffer: Slot, offsets?: Slot, values?: string[],
 *   labels?: string[]}} Head
 * @typedef {"text" | "code" | "list" | "day" | "number" | "degrees"} Kind
 * @typedef {{labels: string[], start: number[], end: number[], days: number[]}} Periods
 * @typedef {{label: string, title: string, url: string, language: string}} Source
 * @typedef {{field: string, value: string, source: string, says: string, note: string}} Evidence
 * @typedef {[number, number]} Point
 * @typedef {{box: [number, number, number, number], rings: [string, Point[]][], areas: Record<string, Point>,
 *   sites: [string, number, number][]}} Ground
 * @typedef {object} Header
 * @property {number} version
 * @property {string} title
 * @property {string} edition
 * @property {string} campaign
 * @property {string} lang
 * @property {number} rows
 * @property {string | null} as_of
 * @property {string | null} floor
 * @property {string} [data] the campaign folder, where it is not the project's own
 * @property {string} [quarter]
 * @property {string} unit what the report is by: month, quarter or year
 * @property {Head[]} columns
 * @property {string[]} facets
 * @property {string[]} table
 * @property {string[]} search
 * @property {Record<string, Periods>} periods
 * @property {[number, number][]} covered
 * @property {{low: Slot, high: Slot}} limits
 * @property {Ground} map
 * @property {Record<string, Source>} sources
 * @property {Record<string, Evidence[]>} evidence
 * @property {boolean} anchors
 * @property {string} [cite] how an incident is cited, with {id} and {address} to be filled in
 * @property {Record<string, string>} words
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label
 * @property {Kind} kind
 * @property {string[]} values of codes and lists: code i is values[i - 1]
 * @property {string[]} labels
 * @property {Numbers} codes of codes and lists (items one after the other), days, numbers and degrees
 * @property {Numbers} offsets of lists: where each row's items begin
 * @property {() => string[]} texts of text columns, split at the first call
 *
 * @typedef {{header: Header, n: number, columns: Map<string, Column>, low: Numbers, high: Numbers}} Data
 */

/** The number that stands for an unknown day, number or degree. */
export const MISSING = -2147483648;
const NONE = new Uint32Array(0);
const ARRAYS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array, f8: Float64Array };

/**
 * Unpack a gzip-compressed payload.
 *
 * @param {Uint8Array} packed
 * @returns {Promise<Data>}
 */
export async function unpack(packed) {
  const plain = new Blob([/** @type {BlobPart} */ (packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return parse(await new Response(plain).arrayBuffer());
}

/**
 * Read an unpacked payload.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Data}
 */
export function parse(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  /** @type {Header} */
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  if (header.version !== 1) throw new RangeError(`payload.version=${header.version}`);
  const first = Math.ceil((4 + size) / 8) * 8;
  /** @type {(slot: Slot) => Numbers} */
  const numbers = (slot) => (slot.type === "utf8" ? NONE : new ARRAYS[slot.type](buffer, first + slot.at, slot.length));
  /** @type {(slot: Slot) => string} */
  const text = (slot) => new TextDecoder().decode(new Uint8Array(buffer, first + slot.at, slot.length));
  const columns = new Map(header.columns.map((head) => [head.name, column(head, numbers, text)]));
  return { header, n: header.rows, columns, low: numbers(header.limits.low), high: numbers(header.limits.high) };
}

/**
 * @param {Head} head
 * @param {(slot: Slot) => Numbers} numbers
 * @param {(slot: Slot) => string} text
 * @returns {Column}
 */
function column(head, numbers, text) {
  /** @type {string[] | undefined} */
  let split;
  return {
    name: head.name,
    label: head.label,
    kind: head.kind,
    values: head.values ?? [],
    labels: head.labels ?? head.values ?? [],
    codes: head.kind === "text" ? NONE : numbers(head.buffer),
    offsets: head.offsets ? numbers(head.offsets) : NONE,
    texts: () => (split ??= head.kind === "text" ? text(head.buffer).split("\u0000") : []),
  };
}

/**
 * The values that a row has in a column: none where unknown, several in a list column.
 *
 * @param {Column} column
 * @param {number} row
 * @param {boolean} [labelled] labels instead of values
 * @returns {string[]}
 */
export function valuesAt(column, row, labelled = false) {
  const names = labelled ? column.labels : column.values;
  if (column.kind === "text") return [column.texts()[row] ?? ""].filter(Boolean);
  if (column.kind === "list")
    return Array.from(column.codes.subarray(column.offsets[row], column.offsets[row + 1]), named);
  const code = column.codes[row];
  if (column.kind === "code") return code ? [named(code)] : [];
  if (code === MISSING) return [];
  if (column.kind === "day") return [isoDay(code)];
  return [column.kind === "degrees" ? String(code / 1e5) : String(code)];

  /** @param {number} code */
  function named(code) {
    return names[code - 1];
  }
}

/**
 * A day, counted from 1970-01-01, as YYYY-MM-DD.
 *
 * @param {number} day
 * @returns {string}
 */
export function isoDay(day) {
  return new Date(day * 864e5).toISOString().slice(0, 10);
}

/**
 * The day that YYYY-MM-DD names; null for anything else.
 *
 * @param {unknown} text
 * @returns {number | null}
 */
export function dayOf(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const day = Date.parse(text + "T00:00:00Z") / 864e5;
  return Number.isNaN(day) || isoDay(day) !== text ? null : day;
}
