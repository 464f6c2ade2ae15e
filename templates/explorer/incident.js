import { toCsv } from "./copy.js";
import { button, isolated, make, put } from "./dom.js";
import { valuesAt } from "./data.js";
import { save } from "./pictures.js";
import { rowOf } from "./view.js";

/**
 * One incident with its sources and evidence by cell, or several of one place to choose from.
 *
 * @import { App, Part } from "./app.js"
 * @import { Evidence } from "./data.js"
 */

const MOST_LISTED = 200;

/**
 * @param {App} app
 * @returns {Part & {list: App["list"], open: (row: number, from: Element | null) => void}}
 */
export function incidentView(app) {
  const { words, data } = app;
  const { say } = words;
  const node = make("aside", { class: "x-incident", tabindex: -1, hidden: true, "aria-label": say("incident") });
  /** @type {Element | null} */
  let opener = null;
  /** @type {string | null} */
  let shown = null;
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  return { node, update, list, open };

  function update() {
    const id = app.view.open;
    if (id === shown) return;
    shown = id;
    const row = id === null ? -1 : rowOf(data, id);
    node.hidden = row < 0;
    node.replaceChildren(...(row < 0 ? [] : incident(row)));
  }

  /**
   * @param {number} row
   * @param {Element | null} from
   */
  function open(row, from) {
    opener = from ?? opener;
    app.change({ open: data.columns.get("incident_id")?.texts()[row] ?? null });
    update();
    reveal();
  }

  function close() {
    node.hidden = true;
    if (app.view.open !== null) app.change({ open: null });
    if (opener instanceof HTMLElement || opener instanceof SVGElement) opener.focus();
  }

  function reveal() {
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }

  /** @type {App["list"]} */
  function list(rows, from, title = "") {
    if (rows.length === 1) return open(rows[0], from);
    if (app.view.open !== null) app.change({ open: null });
    shown = null;
    opener = from;
    const items = rows.slice(0, MOST_LISTED).map((row) => {
      const id = data.columns.get("incident_id")?.texts()[row] ?? "";
      const press = button("", () => open(row, null), { class: "x-link" });
      press.append(isolated(id));
      return make("li", {}, press, " ", isolated(valued("target_name", row)));
    });
    const note =
      rows.length > MOST_LISTED
        ? make("p", { class: "x-note" }, say("first_shown", { n: MOST_LISTED, all: rows.length }))
        : null;
    node.replaceChildren(head(title), make("p", {}, say("incidents_n", { n: rows.length })), make("ul", {}, ...items));
    if (note) node.append(note);
    node.hidden = false;
    reveal();
  }

  /** @param {string} title */
  function head(title) {
    const shut = button("×", close, { class: "x-shut", "aria-label": say("close") });
    return make("div", { class: "x-head" }, make("h3", {}, isolated(title)), shut);
  }

  /**
   * @param {string} name
   * @param {number} row
   */
  function valued(name, row) {
    const column = data.columns.get(name);
    if (!column) return "";
    const values = valuesAt(column, row, true);
    return column.kind === "day" && values.length ? words.day(column.codes[row]) : values.join(", ");
  }

  /** @param {number} row */
  function incident(row) {
    const id = valued("incident_id", row);
    const facts = make("dl");
    const unknown = [];
    for (const { name, label, kind } of data.columns.values()) {
      if (name === "incident_id" || name === "summary" || name === "sources") continue;
      const text = valued(name, row);
      const long = kind === "text" && text.length > 40;
      if (!text) unknown.push(label);
      else
        facts.append(
          make("div", { class: long ? "x-long" : null }, make("dt", {}, label), make("dd", {}, isolated(text))),
        );
    }
    const missing = unknown.length
      ? make("p", { class: "x-note" }, say("not_known", { what: words.list(unknown) }))
      : null;
    const summary = valued("summary", row);
    const listed = data.header.anchors && document.getElementById(id);
    const anchor = listed ? make("p", {}, link(`#${encodeURIComponent(id)}`, say("in_report"))) : null;
    return [
      head(id),
      ...(summary ? [make("p", { class: "x-summary", dir: "auto" }, summary)] : []),
      facts,
      ...(missing ? [missing] : []),
      ...sources(row),
      ...evidence(data.header.evidence[id] ?? []),
      ...(anchor ? [anchor] : []),
      ...kept(id, row, listed ? `#${id}` : `#explore?open=${encodeURIComponent(id)}`),
    ];
  }

  /**
   * How the incident is cited, where the page says how, and its own row as a file.
   *
   * @param {string} id
   * @param {number} row
   * @param {string} hash its address on the page
   */
  function kept(id, row, hash) {
    const { cite } = data.header;
    const parts = new Map([
      ["{id}", id],
      ["{address}", hash],
    ]);
    const cited = cite?.replace(/\{(?:id|address)\}/g, (part) => parts.get(part) ?? part);
    const name = `${id.replace(/[^\w-]/g, "_")}.csv`;
    const file = button(say("copy.row"), () => {
      save(name, new Blob([toCsv(data, [row])], { type: "text/csv;charset=utf-8" }));
      app.tell(say("saved", { name }));
    });
    return [...(cited ? [make("h4", {}, say("cite")), make("p", { class: "x-cited" }, isolated(cited))] : []), file];
  }

  /** @param {number} row */
  function sources(row) {
    const column = data.columns.get("sources");
    const ids = column ? valuesAt(column, row) : [];
    const items = ids.map((id) => {
      const source = Object.hasOwn(data.header.sources, id) ? data.header.sources[id] : null;
      if (!source) return make("li", {}, isolated(id));
      const title = source.title || source.label;
      const named = link(source.url, title);
      if (source.language) put(named, "lang", source.language);
      return make("li", {}, named, source.title ? " — " : "", source.title ? isolated(source.label) : "");
    });
    return items.length ? [make("h4", {}, say("sources")), make("ul", {}, ...items)] : [];
  }

  /** @param {Evidence[]} cells */
  function evidence(cells) {
    if (!cells.length) return [];
    const said = (/** @type {string} */ status) => (words.has(`says.${status}`) ? say(`says.${status}`) : status);
    const heads = ["field", "value", "says", "source", "note"].map((key) => make("th", { scope: "col" }, say(key)));
    const lines = cells.map((cell) => {
      const source = Object.hasOwn(data.header.sources, cell.source) ? data.header.sources[cell.source] : null;
      const from = source ? link(source.url, source.label) : isolated(cell.source);
      const field = data.columns.get(cell.field)?.label ?? cell.field;
      const rest = [isolated(cell.value), said(cell.says), from, isolated(cell.note)];
      return make("tr", {}, make("th", { scope: "row" }, field), ...rest.map((part) => make("td", {}, part)));
    });
    const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...lines));
    const title = say("evidence");
    return [
      make("h4", {}, title),
      make("div", { class: "x-scroll", tabindex: 0, role: "region", "aria-label": title }, table),
    ];
  }
}

/**
 * A link where the address is one of the web or of this page; plain text otherwise.
 *
 * @param {string} address
 * @param {string} text
 * @returns {HTMLElement}
 */
export function link(address, text) {
  const outside = /^https?:\/\//i.test(address);
  if (!outside && !address.startsWith("#")) return isolated(text);
  const away = outside ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return make("a", { href: address, ...away }, isolated(text));
}
