import { coloursOf } from "./app.js";
import { barsView } from "./bars.js";
import { copyView } from "./copyview.js";
import { unpack } from "./data.js";
import { make, write } from "./dom.js";
import { incidentView } from "./incident.js";
import { mapView } from "./mapview.js";
import { Linked } from "./select.js";
import { tableView } from "./table.js";
import { timeView } from "./timeview.js";
import { topView } from "./topview.js";
import { everything, fromHash, isHash, same, settle, toHash } from "./view.js";
import { wording } from "./words.js";

/**
 * The explorer in an element of a page or of a notebook's output.
 *
 * @import { App, Part } from "./app.js"
 * @import { Data } from "./data.js"
 * @import { View } from "./view.js"
 * @typedef {{view?: unknown, onView?: (view: View) => void, address?: boolean, dark?: boolean}} Host
 * @typedef {{readonly view: View, readonly ready: Promise<void>, setView: (view: unknown) => void,
 *   destroy: () => void}} Explorer
 */

const MOST_UNDO = 200;
const QUIET = 150; // milliseconds without a change after which it is told and written down
const ONE_STEP = 900; // changes of one kind that follow each other faster are undone together

/**
 * Show the explorer in `root`; what stands there stays until the data are unpacked.
 *
 * @param {HTMLElement} root
 * @param {Uint8Array | Promise<Uint8Array>} payload
 * @param {Host} [host]
 * @returns {Explorer}
 */
export function mount(root, payload, host = {}) {
  let asked = host.view;
  /** @type {ReturnType<typeof start> | null} */
  let running = null;
  let gone = false;
  const ready = Promise.resolve(payload)
    .then(unpack)
    .then((data) => {
      if (!gone) running = start(root, data, { ...host, view: asked });
    });
  return {
    ready,
    get view() {
      return running?.app.view ?? everything();
    },
    setView: (view) => (running ? running.setView(view) : void (asked = view)),
    destroy() {
      gone = true;
      running?.destroy();
    },
  };
}

/**
 * @param {HTMLElement} root
 * @param {Data} data
 * @param {Host} host
 */
function start(root, data, host) {
  const words = wording(data.header.words, data.header.lang);
  const { say } = words;
  const linked = new Linked(data);
  const live = make("p", { class: "x-hidden", role: "status", "aria-live": "polite" });
  const first = opening();
  /** @type {View[]} */
  const past = [];
  let kept = first.view;
  let last = { kind: "", at: 0 };
  let frame = 0;
  let quiet = 0;
  let spoken = "";
  let wide = 0;
  root.classList.add("explorer");
  root.lang = data.header.lang;
  if (host.dark !== undefined) root.dataset.dark = String(host.dark);
  /** @type {App} */
  const app = {
    root,
    data,
    words,
    linked,
    view: first.view,
    colours: coloursOf(root),
    address: Boolean(host.address),
    get steps() {
      return past.length;
    },
    change,
    undo,
    reset: () => change({ ...everything(), by: app.view.by, sort: app.view.sort }),
    tell: (text) => write(live, live.textContent === text ? `${text}\u00a0` : text),
    list: (rows, from, title) => detail.list(rows, from, title),
  };
  const facets = data.header.facets.filter((name) => data.columns.has(name)).map((name) => barsView(app, name));
  linked.apply(app.view);
  const top = topView(app);
  const time = timeView(app);
  const map = mapView(app);
  const detail = incidentView(app);
  const table = tableView(app, detail.open);
  /** @type {Part[]} */
  const parts = [top, time, map, ...facets, table, detail];
  const copy = copyView(app, { time, map }, top.basis);
  const bars = make("div", { class: "x-facets" }, ...facets.map(({ node }) => node));
  const views = make("div", { class: "x-views" }, time.node, map.node);
  const lists = make("div", { class: "x-lists" }, detail.node, table.node);
  root.replaceChildren(live, top.node, top.controls, copy, views, bars, lists);
  top.warn(first.dropped);
  lay();
  parts.forEach((part) => part.settle?.());

  const sizes = new ResizeObserver(() => requestAnimationFrame(relay));
  sizes.observe(root);
  const schemes = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];
  for (const scheme of schemes) scheme.addEventListener("change", relay);
  root.addEventListener("keydown", keys);
  if (host.address) addEventListener("hashchange", follow);
  return { app, setView, destroy };

  /** The view to begin with: the address's, else the host's. */
  function opening() {
    if (host.address && isHash(location.hash)) return fromAddress();
    return settle(host.view, data);
  }

  function fromAddress() {
    const { asked, dropped } = fromHash(location.hash);
    const found = settle(asked, data);
    return { view: found.view, dropped: [...dropped, ...found.dropped] };
  }

  /** @type {App["change"]} */
  function change(patch, how = {}) {
    app.view = { ...app.view, ...patch };
    if (how.live) return show();
    const now = performance.now();
    const again = how.kind && how.kind === last.kind && now - last.at < ONE_STEP;
    last = { kind: how.kind ?? "", at: now };
    if (!same(kept, app.view)) {
      if (!again) past.push(kept);
      if (past.length > MOST_UNDO) past.shift();
      kept = app.view;
    }
    show();
    hush();
  }

  function show() {
    if (!frame) frame = requestAnimationFrame(paint);
  }

  function paint() {
    const began = performance.now();
    frame = 0;
    linked.apply(app.view);
    for (const part of parts) part.update();
    performance.clearMeasures("explorer"); // only the last is kept; observers see all
    performance.measure("explorer", { start: began });
  }

  /** Tell and write down once changes have ended. */
  function hush() {
    clearTimeout(quiet);
    quiet = window.setTimeout(() => {
      if (frame) return hush();
      relay(); // Lab may have changed its theme
      parts.forEach((part) => part.settle?.());
      const told = linked.selected ? top.told() : say("empty");
      if (told !== spoken) app.tell(told);
      spoken = told;
      top.warn([]);
      if (host.address) history.replaceState(history.state, "", toHash(app.view));
      host.onView?.(structuredClone(app.view));
    }, QUIET);
  }

  function undo() {
    const before = past.pop();
    if (!before) return app.tell(say("nothing_to_undo"));
    last = { kind: "", at: 0 };
    kept = app.view = before;
    show();
    hush();
  }

  /** @param {unknown} asked */
  function setView(asked) {
    const found = settle(asked, data);
    if (same(found.view, app.view) && !found.dropped.length) return;
    change(found.view);
    window.setTimeout(() => top.warn(found.dropped), QUIET * 2);
  }

  function follow() {
    if (!isHash(location.hash) || location.hash === toHash(app.view)) return;
    const found = fromAddress();
    change(found.view);
    window.setTimeout(() => top.warn(found.dropped), QUIET * 2);
  }

  function relay() {
    if (!root.isConnected || (root.clientWidth === wide && same(coloursOf(root), app.colours))) return;
    lay();
  }

  function lay() {
    wide = root.clientWidth;
    app.colours = coloursOf(root);
    for (const part of parts) part.lay?.();
    for (const part of parts) part.update();
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || typing) return;
    event.preventDefault();
    undo();
  }

  function destroy() {
    cancelAnimationFrame(frame);
    clearTimeout(quiet);
    sizes.disconnect();
    for (const scheme of schemes) scheme.removeEventListener("change", relay);
    root.removeEventListener("keydown", keys);
    removeEventListener("hashchange", follow);
    root.replaceChildren();
  }
}

/**
 * @typedef {{get: (name: string) => any, set: (name: string, value: unknown) => void, save_changes: () => void,
 *   on: (event: string, call: () => void) => void, off: (event: string, call: () => void) => void}} Model
 */

export default {
  /** @param {{model: Model, el: HTMLElement}} context */
  render({ model, el }) {
    const sent = /** @type {DataView} */ (model.get("payload"));
    const bytes = new Uint8Array(sent.buffer, sent.byteOffset, sent.byteLength);
    const shown = mount(el.appendChild(document.createElement("div")), bytes, {
      view: model.get("view"),
      onView(view) {
        model.set("view", view);
        model.save_changes();
      },
    });
    const changed = () => shown.setView(model.get("view"));
    model.on("change:view", changed);
    return () => {
      model.off("change:view", changed);
      shown.destroy();
    };
  },
};
