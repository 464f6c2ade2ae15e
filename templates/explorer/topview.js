import { timeInWords } from "./app.js";
import { dayOf } from "./data.js";
import { button, isolated, make, write } from "./dom.js";
import { same, seriesIds } from "./view.js";

/**
 * What is counted, by which rule, and by which filters: always in sight.
 *
 * @import { App, Part } from "./app.js"
 * @param {App} app
 * @returns {Part & {basis: () => string, told: () => string, warn: (keys: string[]) => void, controls: HTMLElement}}
 */
export function topView(app) {
  const { words, data, linked } = app;
  const { say } = words;
  const number = make("strong");
  const rule = make("span", { class: "x-rule" });
  const undo = button(say("undo"), app.undo);
  const reset = button(say("reset"), app.reset);
  const bar = make("div", { class: "x-status" }, number, make("div", { class: "x-acts" }, undo, reset), rule);
  const chips = make("ul", { class: "x-chips", "aria-label": say("filters") });
  const warning = make("p", { class: "x-warning", hidden: true });
  const search = make("input", { type: "search", autocomplete: "off", spellcheck: "false", dir: "auto" });
  const counting = make(
    "select",
    {},
    ...["counted", "listed"].map((value) => make("option", { value }, say(`counting.${value}`))),
  );
  const labels = data.columns.get("series")?.labels ?? [];
  const options = seriesIds(data).map((value, i) => make("option", { value }, labels[i]));
  if (!seriesIds(data).includes("all")) options.unshift(make("option", { value: "all" }, say("series_all")));
  const series = make("select", {}, ...options);
  const controls = make(
    "div",
    { class: "x-fields" },
    make("label", { class: "x-search" }, say("search"), search),
    make("label", {}, say("counting"), counting),
    make("label", {}, say("series"), series),
  );
  const outcomes = countedOutcomes();
  const confidence = data.columns.get("confidence");
  const floor = confidence?.labels[confidence.values.indexOf(data.header.floor ?? "")] ?? data.header.floor ?? "";
  /** @type {unknown} */
  let drawn = null;

  search.addEventListener("input", () => app.change({ search: search.value }, { kind: "search" }));
  counting.addEventListener("change", () =>
    app.change({ counting: counting.value === "listed" ? "listed" : "counted" }),
  );
  series.addEventListener("change", () => app.change({ series: series.value }));
  return { node: make("div", { class: "x-top" }, bar, warning, chips), controls, update, basis, told, warn };

  function basis() {
    const values = { floor, outcomes: words.list(outcomes) };
    return app.view.counting === "counted" ? say("basis.counted", values) : say("basis.listed", values);
  }

  /** The count and the filters in force, in one line. */
  function told() {
    return [number.textContent, ...filters().map(([text]) => text)].join("; ");
  }

  /** @param {string[]} keys */
  function warn(keys) {
    warning.hidden = !keys.length;
    warning.replaceChildren(...(keys.length ? [say("dropped"), " ", isolated(keys.join(", "))] : []));
  }

  /** Outcomes that the counted rows have, in words. */
  function countedOutcomes() {
    const [counted, outcome] = [data.columns.get("counted"), data.columns.get("outcome")];
    if (!counted || !outcome) return [];
    const yes = counted.values.indexOf("yes") + 1;
    const found = new Set();
    for (let row = 0; row < data.n; row++) if (counted.codes[row] === yes) found.add(outcome.codes[row]);
    return [...found].sort().map((code) => (code ? outcome.labels[code - 1] : say("unknown")));
  }

  function update() {
    write(number, say("selected", { n: linked.selected, all: data.n }));
    write(rule, basis());
    const { view } = app;
    if (document.activeElement !== search || search.value.trim() !== view.search.trim()) search.value = view.search;
    counting.value = view.counting;
    series.value = view.series;
    const { time, box, where, series: one, search: sought } = view;
    const now = { time, box, where, one, sought };
    if (same(now, drawn)) return;
    drawn = now;
    chips.replaceChildren(...filters().map(([text, clear]) => make("li", {}, chip(text, clear))));
    chips.hidden = !chips.children.length;
  }

  /**
   * @param {string} text
   * @param {() => void} clear
   */
  function chip(text, clear) {
    const made = button("", clear);
    made.append(isolated(text), make("span", { "aria-hidden": "true" }, " ×"));
    made.setAttribute("aria-label", say("remove_filter", { name: text }));
    return made;
  }

  /** @returns {[string, () => void][]} */
  function filters() {
    const { view } = app;
    /** @type {[string, () => void][]} */
    const found = [];
    if (view.time)
      found.push([timeInWords(words, [dayOf(view.time[0]), dayOf(view.time[1])]), () => app.change({ time: null })]);
    if (view.box) found.push([say("box_chip"), () => app.change({ box: null })]);
    for (const [name, kept] of Object.entries(view.where)) {
      const column = data.columns.get(name);
      const label = (/** @type {string | null} */ v) =>
        v === null ? say("unknown") : (column?.labels[column.values.indexOf(v)] ?? v);
      const { [name]: _, ...others } = view.where;
      found.push([`${column?.label ?? name}: ${kept.map(label).join(", ")}`, () => app.change({ where: others })]);
    }
    if (view.series !== "all")
      found.push([labels[seriesIds(data).indexOf(view.series)], () => app.change({ series: "all" })]);
    if (view.search.trim())
      found.push([say("search_chip", { text: view.search.trim() }), () => app.change({ search: "" })]);
    return found;
  }
}
