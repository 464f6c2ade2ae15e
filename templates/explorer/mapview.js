import { boxFields } from "./boxfields.js";
import { button, draw, isolated, make, newId, put, write } from "./dom.js";
import { names, outlines, projection } from "./ground.js";
import { mapPicture } from "./mappicture.js";
import { grid, isBinned, kindKey, paintMarks, paintSquares, radius } from "./marks.js";
import { placeName, placeTable } from "./placetable.js";
import { roundBox } from "./view.js";

/**
 * Incidents on the map: drag, arrow keys or four numbers choose a box.
 *
 * @import { App, Part } from "./app.js"
 * @import { Box } from "./view.js"
 */

const HIGHEST = 500; // pixels

/**
 * @param {App} app
 * @returns {Part}
 */
export function mapView(app) {
  const { words, linked, data } = app;
  const { say } = words;
  const size = radius(linked);
  const whole = data.header.map.box;
  const binned = isBinned(linked);
  const heading = make("h3", {}, say("map_title"));
  const under = draw("svg", { "aria-hidden": "true" });
  const canvas = make("canvas", { "aria-hidden": "true" });
  const shade = draw("rect", { fill: "none", "stroke-width": 2 });
  const labels = draw("g");
  const over = draw("svg", { "aria-hidden": "true" }, labels, shade);
  const keys = make("p", { class: "x-note x-keys", id: newId() }, say("map_keys"));
  const area = make(
    "div",
    { class: "x-chart x-ground", tabindex: 0, role: "application", "aria-describedby": keys.id },
    under,
    canvas,
    over,
    keys,
  );
  const readout = make("p", { class: "x-readout" });
  const note = make("p", { class: "x-note" });
  const toBox = button(say("zoom_box"), () => app.view.box && zoom(app.view.box));
  const buttons = make(
    "div",
    { class: "x-fields" },
    button("+", () => scaleBy(0.5), { "aria-label": say("zoom_in") }),
    button("−", () => scaleBy(2), { "aria-label": say("zoom_out") }),
    button(say("zoom_whole"), () => zoom(whole)),
    toBox,
  );
  const numbers = boxFields(app, choose);
  const table = placeTable(app, list);
  const node = make(
    "section",
    { class: "x-map" },
    heading,
    readout,
    area,
    legend(),
    note,
    buttons,
    numbers.node,
    table.node,
  );
  let frame = whole;
  let [width, height] = [0, 0];
  let at = projection(frame, 1, 1);
  let squares = /** @type {import("./marks.js").Grid | null} */ (null);
  let drag = /** @type {{x: number, y: number, box: Box | null, moved: boolean} | null} */ (null);

  area.addEventListener("pointerdown", down);
  area.addEventListener("pointermove", move);
  area.addEventListener("pointerup", up);
  area.addEventListener("pointercancel", cancel);
  area.addEventListener("pointerleave", () => tell(-1));
  area.addEventListener("keydown", key);
  return { node, update, lay, settle, picture };

  function lay() {
    const plain = projection(whole, 1e6, 1e6);
    const ratio = (plain.y(whole[1]) - plain.y(whole[3])) / (plain.x(whole[2]) - plain.x(whole[0]));
    area.style.maxWidth = `${Math.round(HIGHEST / ratio)}px`; // beyond it the outlines end
    width = Math.max(260, area.clientWidth || 500);
    height = Math.round(Math.min(HIGHEST, Math.max(240, width * ratio)));
    at = projection(frame, width, height);
    const sharp = Math.max(1, globalThis.devicePixelRatio || 1);
    canvas.width = Math.round(width * sharp);
    canvas.height = Math.round(height * sharp);
    area.style.height = canvas.style.height = `${height}px`;
    canvas.style.width = `${width}px`;
    for (const svg of [under, over]) for (const [k, v] of Object.entries({ width, height })) put(svg, k, v);
    squares = binned ? grid(linked, at, width, height) : null;
    under.replaceChildren(...outlines(app, app.colours, at));
    labels.replaceChildren(...names(app, app.colours, at, width, height, squares ? null : size));
    put(shade, "stroke", app.colours.ink);
  }

  function update() {
    const to = canvas.getContext("2d");
    if (!to) return;
    const sharp = canvas.width / width;
    to.setTransform(sharp, 0, 0, sharp, 0, 0);
    to.clearRect(0, 0, width, height);
    if (squares) paintSquares(to, app, squares, app.colours);
    else paintMarks(to, app, at, size);
    const { box } = app.view;
    put(shade, "visibility", box ? "visible" : "hidden");
    toBox.hidden = !box;
    if (box) {
      put(shade, "x", at.x(box[0]));
      put(shade, "y", at.y(box[3]));
      put(shade, "width", Math.max(1, at.x(box[2]) - at.x(box[0])));
      put(shade, "height", Math.max(1, at.y(box[1]) - at.y(box[3])));
    }
    numbers.update();
    tell(-1);
    const [, coarse, nowhere] = linked.histogram("located").outer;
    const parts = [
      coarse && say("only_governorate", { n: coarse }),
      say("unlocated", { n: nowhere }),
      box && coarse + nowhere && say("unlocated_out"),
      squares &&
        say("map_binned", {
          n: 4 / at.kilometre < 10 ? words.number(4 / at.kilometre, 1) : Math.round(4 / at.kilometre),
        }),
    ];
    write(note, parts.filter(Boolean).join(" "));
  }

  function settle() {
    put(area, "aria-label", `${heading.textContent}. ${readout.textContent} ${note.textContent}`);
    table.settle();
  }

  /**
   * @param {number} place
   * @param {Element | null} from
   */
  function list(place, from) {
    app.list(linked.rowsAt(place, 500), from, placeName(app, place));
  }

  function legend() {
    const sign = (/** @type {string} */ kind) => make("span", { class: `x-sign x-${kind}`, "aria-hidden": "true" });
    const items = ["site", "area", "governorate"].map((kind) => make("li", {}, sign(kind), say(`kind.${kind}`)));
    return make("ul", { class: "x-legend", hidden: binned }, ...items, make("li", {}, say("map_size")));
  }

  /** @param {number} place */
  function tell(place) {
    const { outer } = linked.histogram("places");
    if (place >= 0) {
      const count = say("incidents_n", { n: outer[place] });
      readout.replaceChildren(
        isolated(placeName(app, place)),
        ` (${say(kindKey(linked.places.kind[place]))}): ${count}`,
      );
    } else {
      const [pointed, coarse, nowhere] = linked.histogram("located").inner;
      write(readout, say("map_summary", { n: pointed, all: pointed + coarse + nowhere }));
    }
  }

  /**
   * The mark whose middle is nearest to a point on it, the smaller one of two; -1 where there is none.
   *
   * @param {number} x
   * @param {number} y
   */
  function hit(x, y) {
    const { lon, lat } = linked.places;
    const { outer } = linked.histogram("places");
    let [best, least] = [-1, Infinity];
    for (let i = 0; i < lon.length; i++) {
      if (!outer[i]) continue;
      const far = Math.hypot(at.x(lon[i]) - x, at.y(lat[i]) - y);
      const r = squares ? 3 : size(outer[i]);
      if (far <= r + 3 && far + r / 1000 < least) [best, least] = [i, far + r / 1000];
    }
    return best;
  }

  /** @param {PointerEvent} event */
  function spot(event) {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.button) return;
    const { x, y } = spot(event);
    const { box } = app.view;
    const inside = box && x > at.x(box[0]) && x < at.x(box[2]) && y > at.y(box[3]) && y < at.y(box[1]);
    drag = { x, y, box: inside ? box : null, moved: false };
    area.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const { x, y } = spot(event);
    if (!drag) return void (squares || tell(hit(x, y)));
    if (Math.hypot(x - drag.x, y - drag.y) > 4) drag.moved = true;
    if (!drag.moved) return;
    if (drag.box) {
      const [dx, dy] = [at.lon(x) - at.lon(drag.x), at.lat(y) - at.lat(drag.y)];
      choose([drag.box[0] + dx, drag.box[1] + dy, drag.box[2] + dx, drag.box[3] + dy], true);
    } else {
      const [a, b] = [Math.min(x, drag.x), Math.max(x, drag.x)];
      const [c, d] = [Math.min(y, drag.y), Math.max(y, drag.y)];
      choose([at.lon(a), at.lat(d), at.lon(b), at.lat(c)], true);
    }
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (!drag) return;
    const { moved, box } = drag;
    drag = null;
    if (moved) return app.change({}, { kind: "" });
    const { x, y } = spot(event);
    const place = hit(x, y);
    if (place >= 0) list(place, area);
    else if (app.view.box && !box) app.change({ box: null });
  }

  /**
   * @param {number[]} box
   * @param {boolean} [live]
   */
  function choose(box, live = false) {
    const inside = (/** @type {number} */ x, /** @type {number} */ most) => Math.min(most, Math.max(-most, x));
    const sound = [inside(box[0], 180), inside(box[1], 90), inside(box[2], 180), inside(box[3], 90)];
    app.change({ box: roundBox(sound) }, { live, kind: "box" });
  }

  /** @param {Box} box */
  function zoom(box) {
    const margin = Math.max(0.02, (box[2] - box[0]) * 0.06);
    frame = box === whole ? whole : [box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin];
    lay();
    update();
  }

  /** @param {number} by */
  function scaleBy(by) {
    const [cx, cy] = app.view.box && by < 1 ? middle(app.view.box) : frame === whole ? busiest() : middle(frame);
    const [w, h] = [((frame[2] - frame[0]) / 2) * by, ((frame[3] - frame[1]) / 2) * by];
    const wide = w * 2 >= whole[2] - whole[0];
    if (w < 0.01) return;
    frame = wide ? whole : [cx - w, cy - h, cx + w, cy + h];
    lay();
    update();
  }

  /** Where most selected incidents lie; from there one zooms in. */
  function busiest() {
    const { inner } = linked.histogram("places");
    const place = inner.indexOf(inner.reduce((a, b) => Math.max(a, b), 1));
    return place < 0 ? middle(whole) : [linked.places.lon[place], linked.places.lat[place]];
  }

  /** @param {Box} box */
  function middle(box) {
    return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  }

  /** The page scrolls instead: what the finger chose until then stays. */
  function cancel() {
    if (drag?.moved) app.change({}, { kind: "" });
    drag = null;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = arrows[/** @type {keyof typeof arrows} */ (event.key)];
    const [w, h] = [frame[2] - frame[0], frame[3] - frame[1]];
    const { box } = app.view;
    if (event.key === "Escape" && box) app.change({ box: null });
    else if (event.key === "+" || event.key === "=") scaleBy(0.5);
    else if (event.key === "-") scaleBy(2);
    else if (event.key === "0") zoom(whole);
    else if (step && !box) {
      const [cx, cy] = middle(frame);
      choose([cx - w / 6, cy - h / 6, cx + w / 6, cy + h / 6]);
    } else if (step && box) {
      const [dx, dy] = [(step[0] * w) / 24, (step[1] * h) / 24];
      const [west, south, east, north] = box;
      if (!event.shiftKey) choose([west + dx, south + dy, east + dx, north + dy]);
      else choose([west, south, Math.max(west, east + dx), Math.max(south, north + dy)]);
    } else return;
    event.preventDefault();
  }

  function picture() {
    return mapPicture(app, at, size, squares, width || 600, height || 500);
  }
}
