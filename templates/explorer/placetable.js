import { button, isolated, twin } from "./dom.js";
import { valuesAt } from "./data.js";
import { limits } from "./limits.js";
import { kindKey } from "./marks.js";
import { GOVERNORATE } from "./places.js";

/**
 * The map's twin: places with their selected incidents, most first; a place opens them.
 *
 * @import { App } from "./app.js"
 */

const MOST_PLACES = 200;

/**
 * @param {App} app
 * @param {(place: number, from: Element) => void} list
 * @returns {{node: HTMLElement, settle: () => void}}
 */
export function placeTable(app, list) {
  const { words, linked } = app;
  const { say } = words;
  const table = twin(say("as_table"), say("map_table"));
  return { node: table.node, settle };

  function settle() {
    const { inner } = linked.histogram("places");
    const shown = Array.from(inner.keys()).filter((i) => inner[i]);
    shown.sort((a, b) => inner[b] - inner[a] || a - b);
    const heads = ["place", "kind", "latitude", "longitude", "incidents", "low", "high"].map((key) => say(key));
    const rest = shown.length > MOST_PLACES ? say("first_shown", { n: MOST_PLACES, all: shown.length }) : "";
    table.show(heads, () => shown.slice(0, MOST_PLACES).map(line), rest);
  }

  /** @param {number} place */
  function line(place) {
    const { lon, lat, kind } = linked.places;
    const n = linked.histogram("places").inner[place];
    const pointed = kind[place] !== GOVERNORATE || !linked.places.names[place];
    const open = button("", () => list(place, open), { class: "x-link" });
    open.append(isolated(placeName(app, place)));
    return [
      open,
      say(kindKey(kind[place])),
      pointed ? words.number(lat[place], 4) : "",
      pointed ? words.number(lon[place], 4) : "",
      words.number(n),
      ...limits(app.data, n).map((x) => words.number(x, 2)),
    ];
  }
}

/**
 * A place's name: its governorate's, or what its first row says.
 *
 * @param {App} app
 * @param {number} place
 */
export function placeName({ data, linked, words }, place) {
  const own = linked.places.names[place];
  const column = data.columns.get("place");
  const row = own || !column ? -1 : linked.places.ofRow.indexOf(place);
  return own || (column && row >= 0 ? valuesAt(column, row, true)[0] : "") || words.say("unknown");
}
