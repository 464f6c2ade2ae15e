/** Payloads of a few made-up rows, packed as the project packs them. */
import { gzipSync } from "node:zlib";
import { everything } from "../../templates/explorer/view.js";

export const UNKNOWN = -2147483648;
const SIZES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array, f8: Float64Array };

/** @param {string} iso */
export const day = (iso) => Date.parse(iso) / 864e5;

/** Rows that stay the same from run to run: a linear congruential generator. */
export function dice(seed = 1) {
  let state = seed >>> 0;
  return (most) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * most);
}

export function rows(n, seed = 1) {
  const roll = dice(seed);
  const days = Array.from({ length: n }, () => (roll(20) ? day("2020-01-01") + roll(366) : UNKNOWN));
  days.sort((a, b) => a - b);
  return days.map((date, i) => {
    const pointed = roll(3) > 0;
    return {
      id: `XX-${i}`,
      date,
      coarse: roll(10) === 0,
      method: roll(4),
      governorate: roll(4),
      counted: roll(5) ? 1 : 2,
      precision: roll(5),
      lat: pointed ? 3000000 + roll(6) * 50000 : UNKNOWN,
      lon: pointed ? 4000000 + roll(6) * 50000 : UNKNOWN,
      killed: roll(3) ? roll(9) : UNKNOWN,
      techniques: Array.from({ length: roll(3) }, (_, k) => k + 1),
      summary: ["An Attack on a convoy", "Rockets, near the CAMP", "", "=1+1", "شارع المطار"][roll(5)],
      series: roll(2) ? [1] : [],
    };
  });
}

const METHODS = ["rocket", "drone", "a,~ b&c"];
const AREAS = ["Anbar", "Basra", "Nowhere"];

export function packed(made, { words = {} } = {}) {
  const parts = [];
  let size = 0;
  const put = (bytes) => {
    const at = size;
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
    padded.set(bytes);
    parts.push(padded);
    size += padded.length;
    return at;
  };
  const array = (type, values) => {
    const all = SIZES[type].from(values);
    return { type, length: all.length, at: put(new Uint8Array(all.buffer)) };
  };
  const text = (values) => {
    const bytes = new TextEncoder().encode(values.join("\0"));
    return { type: "utf8", length: bytes.length, at: put(bytes) };
  };
  const code = (name, values, key) => ({
    name,
    label: name,
    kind: "code",
    values,
    labels: values.map((v) => v.toUpperCase()),
    buffer: array("u1", made.map(key)),
  });
  const list = (name, values, key) => {
    const offsets = [0];
    for (const row of made) offsets.push(offsets.at(-1) + key(row).length);
    const buffer = array("u2", made.flatMap(key));
    return { name, label: name, kind: "list", values, labels: values, offsets: array("u4", offsets), buffer };
  };
  const whole = (name, kind, key) => ({ name, label: name, kind, buffer: array("i4", made.map(key)) });
  const columns = [
    { name: "incident_id", label: "Incident", kind: "text", buffer: text(made.map((r) => r.id)) },
    { name: "summary", label: "Summary", kind: "text", buffer: text(made.map((r) => r.summary)) },
    whole("date", "day", (r) => r.date),
    code("date_precision", ["day", "month"], (r) => (r.coarse ? 2 : 1)),
    code("attack_method", METHODS, (r) => r.method),
    code("governorate", AREAS, (r) => r.governorate),
    code("coordinate_precision", ["exact_site", "site_point", "town", "governorate"], (r) => r.precision),
    code("counted", ["yes", "no"], (r) => r.counted),
    whole("latitude", "degrees", (r) => r.lat),
    whole("longitude", "degrees", (r) => r.lon),
    whole("killed", "number", (r) => r.killed),
    list("techniques", ["salvo", "timer"], (r) => r.techniques),
    list("series", ["rocket_drone"], (r) => r.series),
  ];
  const edges = ["2020-01-01", "2020-04-01", "2020-07-01", "2020-10-01", "2021-01-01"].map(day);
  const spans = (cuts) => ({
    labels: cuts.slice(1).map((_, i) => (cuts === edges ? `2020Q${i + 1}` : `p${i}`)),
    start: cuts.slice(0, -1),
    end: cuts.slice(1).map((d) => d - 1),
    days: cuts.slice(1).map((d, i) => (i === 1 ? 0 : d - cuts[i])),
  });
  const weeks = Array.from({ length: 54 }, (_, i) => day("2019-12-30") + 7 * i);
  const months = Array.from({ length: 13 }, (_, i) => Date.UTC(2020, i, 1) / 864e5);
  const header = {
    version: 1,
    title: "Made",
    edition: "2020Q4",
    quarter: "2020Q4",
    campaign: "made",
    lang: "en-GB",
    rows: made.length,
    as_of: null,
    floor: "low",
    columns,
    facets: ["attack_method", "governorate", "techniques"],
    table: ["incident_id", "date", "attack_method", "killed"],
    search: ["incident_id", "summary", "attack_method"],
    unit: "quarter",
    periods: { quarter: spans(edges), month: spans(months), week: spans(weeks) },
    covered: [[edges[0], edges[4] - 1]],
    limits: { low: array("f8", [0, 0.025, 0.242]), high: array("f8", [3.689, 5.572, 7.225]) },
    map: { box: [38, 28, 49, 38], rings: [], areas: { Anbar: [41.6, 32.9], Basra: [47.3, 30.4] }, sites: [] },
    sources: {},
    evidence: {},
    anchors: false,
    words,
  };
  const head = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + head.length) / 8) * 8;
  const all = new Uint8Array(start + size);
  new DataView(all.buffer).setUint32(0, head.length, true);
  all.set(head, 4);
  let at = start;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(gzipSync(all));
}

/** Views of every sort, some of them filtered by nothing or everything. */
export const views = Array.from({ length: 200 }, (_, seed) => randomView(dice(seed + 7)));

function randomView(roll) {
  const view = everything();
  view.by = ["day", "week", "month", "quarter"][roll(4)];
  if (roll(2)) view.time = ["2020-02-01", `2020-${String(3 + roll(10)).padStart(2, "0")}-28`];
  if (roll(2)) view.box = [39 + roll(20) / 10, 29.5, 41.5 + roll(9) / 10, 30 + roll(30) / 10];
  if (roll(2)) view.where.attack_method = [["rocket"], ["a,~ b&c", null], [], [null]][roll(4)];
  if (roll(3) === 0) view.where.techniques = [["salvo"], ["timer", null]][roll(2)];
  if (roll(3) === 0) view.series = "rocket_drone";
  if (roll(3) === 0) view.search = ["camp", "  CAMP rockets", "المطار", "a,~ b&c", "%zz"][roll(5)];
  if (roll(2)) view.counting = "listed";
  if (roll(2)) view.sort = ["killed", "up"];
  if (roll(3) === 0) view.open = "XX-7";
  return view;
}
