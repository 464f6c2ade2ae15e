import { button, make, put, write } from "./dom.js";
import { valuesAt } from "./data.js";

/**
 * The incidents that are selected, sorted; as many as asked for. Lines are written anew, not made anew.
 *
 * @import { App, Part } from "./app.js"
 */

const FEW_LINES = 25;
const MOST_LINES = 200;
const LONG = 70; // signs of a text that a cell shows; the rest is with the incident

/**
 * @param {App} app
 * @param {(row: number, from: Element) => void} open
 * @returns {Part}
 */
export function tableView(app, open) {
  const { words, linked, data } = app;
  const { say } = words;
  const columns = data.header.table.flatMap((name) => data.columns.get(name) ?? []);
  const heads = columns.map(({ name, label, kind }) => {
    const press = button(label, () => sort(name));
    return { name, cell: make("th", { scope: "col", class: kindClass(name, kind) }, press) };
  });
  const select = make("select", {}, ...columns.map(({ name, label }) => make("option", { value: name }, label)));
  const turn = button("", () => sort(app.view.sort[0]));
  const body = make("tbody");
  const caption = make("caption", {}, say("table_caption"));
  const table = make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads.map(({ cell }) => cell))), body);
  const shown = make("p", { class: "x-note" });
  const more = button(say("show_rows"), () => {
    most = most === FEW_LINES ? MOST_LINES : FEW_LINES;
    update();
  });
  const sorting = make("div", { class: "x-fields x-sorting" }, make("label", {}, say("sort_by"), select), turn);
  const none = make(
    "div",
    { class: "x-none", hidden: true },
    make("p", {}, say(data.n ? "empty" : "empty_record")),
    button(say("undo"), app.undo),
    button(say("reset"), app.reset),
  );
  const node = make(
    "section",
    { class: "x-list" },
    make("h3", {}, say("table_title")),
    sorting,
    none,
    table,
    shown,
    more,
  );
  /** @type {{node: HTMLTableRowElement, cells: Node[], open: HTMLButtonElement | null, row: number}[]} */
  const lines = [];
  let most = FEW_LINES;

  select.addEventListener("change", () => app.change({ sort: [select.value, app.view.sort[1]] }));
  body.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target.closest("tr") : null;
    const line = lines.find((one) => one.node === at);
    if (line && !String(getSelection())) open(line.row, line.open ?? line.node);
  });
  return { node, update };

  /** @param {string} name */
  function sort(name) {
    const [now, direction] = app.view.sort;
    app.change({ sort: [name, name === now && direction === "up" ? "down" : name === now ? "up" : "up"] });
  }

  function line() {
    const first = button("", () => {}, { class: "x-link" });
    const cells = columns.map((_, i) => (i ? make("bdi") : first));
    const tr = make(
      "tr",
      {},
      ...columns.map(({ name, kind }, i) =>
        make(i ? "td" : "th", { class: kindClass(name, kind), scope: i ? null : "row" }, cells[i]),
      ),
    );
    const made = { node: tr, cells, open: first, row: -1 };
    lines.push(made);
    body.append(tr);
    return made;
  }

  function update() {
    const rows = linked.rows(most);
    const chosen = app.view.open;
    rows.forEach((row, i) => {
      const one = lines[i] ?? line();
      if (one.row !== row) {
        one.row = row;
        columns.forEach((column, j) => write(one.cells[j], text(column, row)));
      }
      one.node.hidden = false;
      const own = chosen !== null && data.columns.get("incident_id")?.texts()[row] === chosen;
      put(one.node, "class", own ? "x-open" : null);
    });
    for (let i = rows.length; i < lines.length; i++) lines[i].node.hidden = true;
    const [by, direction] = app.view.sort;
    for (const { name, cell } of heads)
      put(cell, "aria-sort", name !== by ? null : direction === "up" ? "ascending" : "descending");
    if (select.value !== by) select.value = by;
    write(turn, say(`sort.${direction}`));
    none.hidden = linked.selected > 0;
    table.hidden = shown.hidden = !linked.selected;
    more.hidden = linked.selected <= FEW_LINES;
    write(
      more,
      most === FEW_LINES ? say("show_rows", { n: Math.min(MOST_LINES, linked.selected) }) : say("show_fewer"),
    );
    write(shown, say("rows_shown", { n: rows.length, all: linked.selected }));
  }

  /**
   * @param {import("./data.js").Column} column
   * @param {number} row
   */
  function text(column, row) {
    const values = valuesAt(column, row, true);
    if (column.kind === "day" && values.length) return words.day(column.codes[row]);
    if (column.kind === "number" && values.length) return words.number(column.codes[row]);
    const whole = values.join(", ");
    return whole.length > LONG ? `${whole.slice(0, LONG).trimEnd()}…` : whole;
  }
}

/**
 * @param {string} name
 * @param {string} kind
 */
function kindClass(name, kind) {
  return kind === "number" || kind === "degrees"
    ? "x-number"
    : kind === "day"
      ? "x-day"
      : name === "incident_id"
        ? "x-id"
        : name === "place"
          ? "x-place"
          : null;
}
