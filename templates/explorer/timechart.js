import { withLimits } from "./app.js";
import { draw, put, write } from "./dom.js";
import { limits } from "./limits.js";
import { calendarTicks, periodsAColumn, wholeTicks } from "./scale.js";
import { dayOf, isoDay } from "./data.js";

/**
 * Draw incidents by period into an svg element: axes once, then bars as often as they change.
 *
 * @import { App, Colours } from "./app.js"
 * @typedef {object} TimeChart
 * @property {() => boolean} update draw bars and brush; false where the axis no longer fits and all must be made anew
 * @property {(x: number) => number} columnAt
 * @property {(column: number) => [number, number]} days first and last day of a column
 * @property {(day: number) => number} x
 * @property {(column: number) => string} told a column in words
 * @property {() => number} peak the column with the most selected incidents; -1 where none is
 * @property {(column: number) => void} point mark a column
 * @property {number} columns
 * @property {number} together periods in a column
 * @property {boolean} withLimits whether limits are drawn
 */

const TOP = 24;
const BOTTOM = 26;
const WIDEST = 56; // pixels of a bar
const LABELLED = 30; // pixels from which on each bar carries its number

/**
 * @param {SVGSVGElement} svg
 * @param {App} app
 * @param {Colours} colours
 * @param {number} width
 * @param {number} height
 * @returns {TimeChart}
 */
export function timeChart(svg, app, colours, width, height) {
  const { words, linked, data } = app;
  const { start, end, days: covered } = linked.periods;
  const bins = start.length;
  const together = periodsAColumn(bins, width - 40);
  const columns = Math.ceil(bins / together);
  const outer = new Int32Array(columns);
  const inner = new Int32Array(columns);
  sum();
  const highest = outer.reduce((most, n) => Math.max(most, n), 0);
  const ticks = wholeTicks(Math.max(1, limits(data, highest)[1]), Math.max(2, (height - TOP - BOTTOM) / 45));
  const most = ticks[ticks.length - 1];
  const left = 12 + 7 * words.number(most).length;
  const first = start[0] ?? 0;
  const span = Math.max(1, (end[bins - 1] ?? first) + 1 - first);
  const x = (/** @type {number} */ day) => left + ((day - first) / span) * (width - left - 2);
  const y = (/** @type {number} */ n) => TOP + (1 - n / most) * (height - TOP - BOTTOM);
  const gap = (x(first + span) - x(first)) / columns > 4 ? 1 : 0;
  const whiskers = together === 1 && (width - left) / Math.max(1, columns) >= 4;
  const type = { "font-size": 12, fill: colours.muted, "font-family": "inherit" };

  const ghost = draw("path", { fill: colours.ghost });
  const bars = draw("path", { fill: colours.accent });
  const lines = draw("path", { stroke: colours.ink, "stroke-opacity": 0.6, fill: "none", "stroke-width": 1 });
  const shade = draw("rect", { y: TOP, height: height - TOP - BOTTOM, fill: colours.accent, "fill-opacity": 0.12 });
  const edges = draw("path", { stroke: colours.accent, "stroke-width": 2, fill: "none" });
  const mark = draw("path", { stroke: colours.ink, "stroke-width": 1, "stroke-dasharray": "2 3", fill: "none" });
  const label = draw("text", { ...type, fill: colours.ink, "font-weight": 700, "text-anchor": "middle" });
  const each = (width - left) / Math.max(1, columns) >= LABELLED;
  const numbers = Array.from({ length: each ? columns : 1 }, () =>
    draw("text", { ...type, fill: colours.ink, "text-anchor": "middle" }),
  );
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    put(svg, name, value);
  svg.replaceChildren(
    ...uncovered(),
    ...grid(),
    shade,
    ghost,
    bars,
    lines,
    edges,
    mark,
    ...numbers,
    label,
    ...calendar(),
  );

  return { update, columnAt, days, x, told, peak, point, columns, together, withLimits: whiskers };

  function sum() {
    const counts = linked.histogram("time");
    for (let i = 0; i < columns; i++) {
      let [o, n] = [0, 0];
      for (let j = i * together; j < Math.min(bins, (i + 1) * together); j++) {
        if (!covered[j]) continue; // nothing is known of it, so it has no bar
        o += counts.outer[j];
        n += counts.inner[j];
      }
      outer[i] = o;
      inner[i] = n;
    }
  }

  function update() {
    sum();
    const now = outer.reduce((a, b) => Math.max(a, b), 0);
    if (now !== highest) return false;
    put(
      ghost,
      "d",
      outer.reduce((d, n, i) => (n > inner[i] ? d + bar(i, n) : d), ""),
    );
    put(
      bars,
      "d",
      inner.reduce((d, n, i) => (n ? d + bar(i, n) : d), ""),
    );
    put(lines, "d", whiskers ? inner.reduce((d, n, i) => (n ? d + whisker(i, n) : d), "") : "");
    brush();
    if (each) numbers.forEach((text, i) => numbered(text, i));
    else numbered(numbers[0], app.view.time ? -1 : peak());
    return true;
  }

  /**
   * Write a column's number above it.
   *
   * @param {SVGTextElement} text
   * @param {number} i
   */
  function numbered(text, i) {
    write(text, i < 0 || !inner[i] ? "" : words.number(inner[i]));
    if (i < 0) return;
    const [from, to] = sides(i);
    put(text, "x", Math.min(width - 12, Math.max(left + 8, (from + to) / 2)));
    put(text, "y", Math.max(12, y(whiskers ? limits(data, inner[i])[1] : inner[i]) - 4));
  }

  /**
   * Left and right side of a bar.
   *
   * @param {number} i
   * @returns {[number, number]}
   */
  function sides(i) {
    const [a, b] = days(i);
    const [from, to] = [x(a), x(b + 1) - gap];
    const spare = Math.max(0, to - from - WIDEST) / 2;
    return [from + spare, Math.max(from + spare + 1, to - spare)];
  }

  function brush() {
    const time = app.view.time;
    const shown = time !== null;
    put(shade, "visibility", shown ? "visible" : "hidden");
    put(edges, "visibility", shown ? "visible" : "hidden");
    write(label, "");
    if (!time) return;
    const days = [dayOf(time[0]) ?? first, dayOf(time[1]) ?? first];
    const limit = (/** @type {number} */ day) => Math.min(first + span, Math.max(first, day));
    const [a, b] = [x(limit(days[0])), x(limit(days[1] + 1))];
    put(shade, "x", a);
    put(shade, "width", Math.max(0, b - a));
    const grip = (/** @type {number} */ at) => `M${at} ${TOP}V${height - BOTTOM}M${at} ${TOP}m-3 0h6`;
    put(edges, "d", grip(a) + grip(b));
    write(label, words.span(days[0], days[1]));
    const half = (label.textContent ?? "").length * 3.4;
    put(label, "x", Math.min(width - half, Math.max(left + half - 8, (a + b) / 2)));
    put(label, "y", 11);
  }

  /**
   * @param {number} i
   * @param {number} n
   */
  function bar(i, n) {
    const [from, to] = sides(i);
    return `M${from.toFixed(1)} ${y(0)}V${y(n).toFixed(1)}H${to.toFixed(1)}V${y(0)}z`;
  }

  /**
   * @param {number} i
   * @param {number} n
   */
  function whisker(i, n) {
    const [from, to] = sides(i);
    const at = Math.round((from + to) / 2) + 0.5;
    const [low, high] = limits(data, n);
    return `M${at} ${y(low).toFixed(1)}V${y(high).toFixed(1)}`;
  }

  /** Lines at round numbers; the numbers stand left of them. */
  function grid() {
    return ticks.flatMap((n) => [
      draw("path", { d: `M${left} ${Math.round(y(n)) + 0.5}H${width}`, stroke: n ? colours.line : colours.muted }),
      draw("text", { ...type, x: left - 5, y: y(n) + 4, "text-anchor": "end" }, words.number(n)),
    ]);
  }

  /** Months, quarters or years below the bars. */
  function calendar() {
    const ticks = calendarTicks(first, first + span - 1, (width - left) / 72);
    return ticks.days.flatMap((day, i) => {
      const january = isoDay(day).slice(5, 7) === "01";
      const year = ticks.months >= 12 || january || !i;
      const month = ticks.months < 12;
      const text = words.part(day, { ...(month ? { month: "short" } : {}), ...(year ? { year: "numeric" } : {}) });
      const at = x(day);
      const room = at + text.length * 7 <= width;
      return [
        draw("path", { d: `M${Math.round(at) + 0.5} ${height - BOTTOM}v5`, stroke: colours.muted }),
        room || !i ? draw("text", { ...type, x: at + 1, y: height - 8 }, text) : draw("g"),
      ];
    });
  }

  /** Stretches that no incident file covers. */
  function uncovered() {
    const found = [];
    for (let i = 0; i < bins; i++) {
      if (covered[i]) continue;
      const from = i;
      while (i + 1 < bins && !covered[i + 1]) i++;
      const [a, b] = [x(start[from]), x(end[i] + 1)];
      found.push(draw("rect", { x: a, width: b - a, y: TOP, height: height - TOP - BOTTOM, fill: colours.faint }));
      const text = words.say("uncovered");
      if (b - a > text.length * 7)
        found.push(draw("text", { ...type, x: (a + b) / 2, y: height - BOTTOM - 8, "text-anchor": "middle" }, text));
    }
    return found;
  }

  /** @param {number} at */
  function columnAt(at) {
    const day = Math.floor(first + ((at - left) / (width - left - 2)) * span);
    let i = Math.min(bins - 1, Math.max(0, Math.floor(((day - first) / span) * bins)));
    while (i > 0 && start[i] > day) i--;
    while (i < bins - 1 && end[i] < day) i++;
    return Math.floor(i / together);
  }

  /**
   * @param {number} column
   * @returns {[number, number]}
   */
  function days(column) {
    return [start[column * together], end[Math.min(bins, (column + 1) * together) - 1]];
  }

  /** @param {number} column */
  function told(column) {
    const period = words.span(...days(column));
    const known = covered.slice(column * together, (column + 1) * together).some(Boolean);
    if (!known) return words.say("period_unknown", { period });
    const counted = withLimits(words, inner[column], limits(data, inner[column]));
    return words.say("period_count", { period, counted });
  }

  function peak() {
    const most = inner.reduce((a, b) => Math.max(a, b), 0);
    return most ? inner.indexOf(most) : -1;
  }

  /** @param {number} column */
  function point(column) {
    if (column < 0 || column >= columns) put(mark, "d", "");
    else {
      const [a, b] = days(column);
      put(mark, "d", `M${Math.round((x(a) + x(b + 1)) / 2) + 0.5} ${TOP}V${height - BOTTOM}`);
    }
  }
}
