import { button, isolated, make, put, twin, write } from "./dom.js";
import { limits } from "./limits.js";

/**
 * A facet: the values of a column as bars that are pressed to keep them. Values keep their places: most frequent
 * first by all rows, unknown last.
 *
 * @import { App, Part } from "./app.js"
 */

const FEW = 7; // shown at first
const MOST_VALUES = 100; // shown at all

/**
 * @param {App} app
 * @param {string} name
 * @returns {Part}
 */
export function barsView(app, name) {
  const { words, linked, data } = app;
  const { say } = words;
  const column = data.columns.get(name);
  if (!column) throw new RangeError(name);
  const { label, values } = column;
  const counts = linked.histogram(name);
  const total = Int32Array.from(counts.outer);
  const codes = Array.from(total.keys()).filter((code) => total[code]);
  codes.sort((a, b) => (a === 0 ? 1 : b === 0 ? -1 : total[b] - total[a] || a - b));
  const lines = codes.slice(0, MOST_VALUES).map(line);
  const body = make("div", { class: "x-bars" }, ...lines.map(({ node }) => node));
  const more = button("", () => fold(!folded), { class: "x-link", "aria-expanded": false });
  const table = twin(say("as_table"), label);
  const all = button(say("clear_one"), () => choose([]), { class: "x-link" });
  const node = make("section", { class: "x-facet" }, make("h3", {}, label, all), body, more, table.node);
  let folded = true;
  fold(true);
  return { node, update, settle };

  /** @param {number} code */
  function line(code) {
    const name = code ? (column?.labels[code - 1] ?? "") : say("unknown");
    const value = make("span", { class: "x-value" });
    const fill = make("span", { class: "x-fill" });
    const press = button("", () => toggle(code ? values[code - 1] : null), { "aria-pressed": false });
    press.append(
      make("span", { class: "x-name" }, isolated(name)),
      " ",
      value,
      make("span", { class: "x-track", "aria-hidden": "true" }, fill),
    );
    return { code, name, node: press, value, fill };
  }

  /** @param {string | null} value */
  function toggle(value) {
    const kept = app.view.where[name] ?? [];
    choose(kept.includes(value) ? kept.filter((v) => v !== value) : [...kept, value]);
  }

  /** @param {(string | null)[]} kept */
  function choose(kept) {
    const { [name]: _, ...others } = app.view.where;
    app.change({ where: kept.length ? { ...others, [name]: kept } : others });
  }

  /** @param {boolean} now */
  function fold(now) {
    folded = now;
    lines.forEach(({ node }, i) => (node.hidden = folded && i >= FEW));
    more.hidden = lines.length <= FEW;
    write(more, folded ? say("show_more", { n: lines.length - FEW }) : say("show_fewer"));
    put(more, "aria-expanded", !folded ? "true" : "false");
  }

  function update() {
    const kept = app.view.where[name];
    const most = lines.reduce((a, { code }) => Math.max(a, counts.outer[code]), 1);
    for (const { code, node, value, fill } of lines) {
      const n = counts.outer[code];
      const chosen = kept?.includes(code ? values[code - 1] : null) ?? false;
      put(node, "aria-pressed", String(chosen));
      node.classList.toggle("x-out", Boolean(kept) && !chosen);
      write(value, words.number(n));
      fill.style.transform = `scaleX(${n / most})`;
    }
    all.hidden = !kept;
  }

  function settle() {
    const heads = [label, say("incidents"), say("low"), say("high")];
    const rows = () =>
      lines.map(({ code, name }) => {
        const n = counts.outer[code];
        return [isolated(name), words.number(n), ...limits(data, n).map((x) => words.number(x, 2))];
      });
    table.show(
      heads,
      rows,
      codes.length > MOST_VALUES ? say("first_shown", { n: MOST_VALUES, all: codes.length }) : "",
    );
  }
}
