import { PRINT } from "./app.js";
import { dayOf, isoDay } from "./data.js";
import { draw, make, newId, put, twin, write } from "./dom.js";
import { limits } from "./limits.js";
import { timeChart } from "./timechart.js";
import { BYS } from "./view.js";

/**
 * Incidents by period: drag, arrow keys or two dates choose a time.
 *
 * @import { App, Part } from "./app.js"
 * @import { By } from "./view.js"
 * @param {App} app
 * @returns {Part}
 */
export function timeView(app) {
  const { words, linked } = app;
  const { say } = words;
  const heading = make("h3");
  const svg = draw("svg", { "aria-hidden": "true" });
  const keys = make("p", { class: "x-note x-keys", id: newId() }, say("time_keys"));
  const area = make(
    "div",
    { class: "x-chart", tabindex: 0, role: "application", "aria-describedby": keys.id },
    svg,
    keys,
  );
  const readout = make("p", { class: "x-readout" });
  const note = make("p", { class: "x-note" });
  const by = make("select", {}, ...BYS.map((name) => make("option", { value: name }, say(`by.${name}`))));
  const from = make("input", { type: "date" });
  const to = make("input", { type: "date" });
  const table = twin(say("as_table"), say("time_table"));
  const fields = make(
    "div",
    { class: "x-fields" },
    make("label", { class: "x-period" }, say("by"), by),
    make("label", {}, say("from"), from),
    make("label", {}, say("to"), to),
  );
  const node = make("section", { class: "x-time" }, heading, readout, area, fields, note, table.node);
  let periods = linked.periods;
  let chart = lay();
  let pointed = -1;
  let drag = /** @type {{mode: "new" | "move", anchor: number, from: number, moved: boolean, wide: number} | null} */ (
    null
  );

  by.addEventListener("change", () => app.change({ by: /** @type {By} */ (by.value) }));
  for (const input of [from, to]) input.addEventListener("change", typed);
  area.addEventListener("pointerdown", down);
  area.addEventListener("pointermove", move);
  area.addEventListener("pointerup", up);
  area.addEventListener("pointercancel", cancel);
  area.addEventListener("pointerleave", () => point(-1));
  area.addEventListener("keydown", key);
  return { node, update, lay: () => void (chart = lay()), settle, picture };

  function lay() {
    const width = Math.max(260, area.clientWidth || 600);
    return timeChart(svg, app, app.colours, width, width < 500 ? 190 : 380);
  }

  function update() {
    if (by.value !== app.view.by) by.value = app.view.by;
    if (periods !== linked.periods || !chart.update()) {
      if (periods !== linked.periods) pointed = -1;
      periods = linked.periods;
      chart = lay();
      chart.update();
    }
    write(heading, say(`time_title.${app.view.by}`));
    const [first, last] = app.view.time ?? ["", ""];
    if (from.value !== first) from.value = first;
    if (to.value !== last) to.value = last;
    tell();
    const undated = linked.histogram("undated").inner[1];
    const parts = [
      chart.together > 1 && say("time_together", { n: chart.together }),
      chart.withLimits ? say("time_limits") : say("time_no_limits"),
      app.view.time && say("time_ghost"),
      undated && (app.view.by === "day" || app.view.by === "week") && say("undated", { n: undated }),
    ];
    write(note, parts.filter(Boolean).join(" "));
  }

  function settle() {
    put(area, "aria-label", `${heading.textContent}. ${readout.textContent}`);
    const heads = [say("period"), say("incidents"), say("low"), say("high"), say("covered_days")];
    table.show(heads, rows);
  }

  function rows() {
    const counts = linked.histogram("time");
    return linked.periods.labels.map((label, i) => {
      const covered = linked.periods.days[i];
      const [low, high] = limits(app.data, counts.inner[i]);
      const shown = [words.number(counts.inner[i]), words.number(low, 2), words.number(high, 2)];
      return [label, ...(covered ? shown : [say("unknown"), say("unknown"), say("unknown")]), words.number(covered)];
    });
  }

  /** What the readout says: the period pointed at, else the highest. */
  function tell() {
    const peak = chart.peak();
    const shown =
      pointed >= 0 ? chart.told(pointed) : peak >= 0 ? say("peak", { period: chart.told(peak) }) : say("empty_time");
    write(readout, shown);
  }

  /** @param {number} column */
  function point(column) {
    pointed = column < chart.columns ? column : -1;
    chart.point(pointed);
    tell();
  }

  function typed() {
    const [first, last] = [
      from.value || isoDay(linked.periods.start[0]),
      to.value || isoDay(linked.periods.end.at(-1) ?? 0),
    ];
    const [a, b] = [dayOf(first), dayOf(last)];
    if (!from.value && !to.value) app.change({ time: null });
    else if (a !== null && b !== null && a <= b) app.change({ time: [first, last] });
    else app.tell(say("time_wrong"));
  }

  /** Columns that the brush covers; the last one twice where there is none. */
  function brushed() {
    const { time } = app.view;
    if (!time) return [chart.columns - 1, chart.columns - 1];
    return [chart.columnAt(chart.x(dayOf(time[0]) ?? 0) + 0.01), chart.columnAt(chart.x(dayOf(time[1]) ?? 0) + 0.01)];
  }

  /**
   * @param {number} a
   * @param {number} b
   * @param {boolean} [live]
   */
  function choose(a, b, live = false) {
    const [first, last] = [Math.max(0, Math.min(a, b)), Math.min(chart.columns - 1, Math.max(a, b))];
    const time = /** @type {[string, string]} */ ([isoDay(chart.days(first)[0]), isoDay(chart.days(last)[1])]);
    app.change({ time }, { live, kind: "time" });
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.button) return;
    const at = event.clientX - svg.getBoundingClientRect().left;
    const column = chart.columnAt(at);
    drag = { mode: "new", anchor: column, from: at, moved: false, wide: 0 };
    if (app.view.time) {
      const [first, last] = brushed();
      const near = event.pointerType === "mouse" ? 7 : 20;
      const edges = [chart.x(chart.days(first)[0]), chart.x(chart.days(last)[1] + 1)];
      if (Math.abs(at - edges[0]) < near) drag.anchor = last;
      else if (Math.abs(at - edges[1]) < near) drag.anchor = first;
      else if (at > edges[0] && at < edges[1])
        drag = { mode: "move", anchor: column - first, from: at, moved: false, wide: last - first };
    }
    area.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const at = event.clientX - svg.getBoundingClientRect().left;
    const column = chart.columnAt(at);
    point(column);
    if (!drag) return;
    if (Math.abs(at - drag.from) > 3) drag.moved = true;
    if (!drag.moved) return;
    if (drag.mode === "new") choose(drag.anchor, column, true);
    else {
      const first = Math.min(chart.columns - 1 - drag.wide, Math.max(0, column - drag.anchor));
      choose(first, first + drag.wide, true);
    }
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (!drag) return;
    const { moved } = drag;
    drag = null;
    if (moved) return app.change({}, { kind: "" });
    const column = chart.columnAt(event.clientX - svg.getBoundingClientRect().left);
    const [first, last] = brushed();
    if (app.view.time && first === column && last === column) app.change({ time: null });
    else choose(column, column);
  }

  /** The page scrolls instead: what the finger chose until then stays. */
  function cancel() {
    if (drag?.moved) app.change({}, { kind: "" });
    drag = null;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const [first, last] = brushed();
    const none = !app.view.time;
    if (event.key === "Escape" && !none) app.change({ time: null });
    else if (event.key === "Home") choose(0, event.shiftKey && !none ? last : none ? 0 : last - first);
    else if (event.key === "End")
      choose(event.shiftKey && !none ? first : chart.columns - 1 - (none ? 0 : last - first), chart.columns - 1);
    else if (step && none) choose(chart.columns - 1, chart.columns - 1);
    else if (step && event.shiftKey) choose(first, Math.max(first, last + step));
    else if (step && first + step >= 0 && last + step < chart.columns) choose(first + step, last + step);
    else if (!step) return;
    event.preventDefault();
    point(brushed()[1]);
  }

  function picture() {
    const made = draw("svg");
    timeChart(made, app, PRINT, 900, 300).update();
    return { svg: made, width: 900, height: 300 };
  }
}
