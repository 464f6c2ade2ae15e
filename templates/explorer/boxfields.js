import { make } from "./dom.js";

/**
 * A box by four numbers, for those who do not drag.
 *
 * @import { App } from "./app.js"
 * @param {App} app
 * @param {(box: number[]) => void} choose
 * @returns {{node: HTMLElement, update: () => void}}
 */
export function boxFields(app, choose) {
  const { say } = app.words;
  const edges = ["west", "south", "east", "north"].map((name) => {
    const input = make("input", { type: "number", step: "any", inputmode: "decimal" });
    input.addEventListener("change", typed);
    return { input, label: make("label", {}, say(name), input) };
  });
  const fields = make("div", { class: "x-fields" }, ...edges.map((edge) => edge.label));
  const node = make("details", { class: "x-twin" }, make("summary", {}, say("box_numbers")), fields);
  return { node, update };

  function typed() {
    const values = edges.map(({ input }) => input.value);
    if (values.every((value) => value === "")) return app.change({ box: null });
    if (values.includes("")) return;
    const [west, south, east, north] = values.map(Number);
    if (west <= east && south <= north) choose([west, south, east, north]);
    else app.tell(say("box_wrong"));
  }

  function update() {
    const { box } = app.view;
    edges.forEach(({ input }, i) => {
      const value = box ? String(box[i]) : "";
      if (document.activeElement !== input && (box || edges.every((edge) => edge.input.value !== "")))
        input.value = value;
    });
  }
}
