import { toCsv, toPython, toReport } from "./copy.js";
import { button, make } from "./dom.js";
import { asPng, asSvg, save } from "./pictures.js";
import { toHash } from "./view.js";

/**
 * "Copy as": code and command on the clipboard, files to save.
 *
 * @import { App, Part } from "./app.js"
 * @param {App} app
 * @param {{time: Part, map: Part}} pictures
 * @param {() => string} basis what is counted, in words
 * @returns {HTMLElement}
 */
export function copyView(app, pictures, basis) {
  const { words, data } = app;
  const { say } = words;
  const stem = `${data.header.edition}-incidents`.replace(/[^\w-]/g, "_");
  const text = make("textarea", {
    readonly: true,
    rows: 3,
    "aria-label": say("copied_text"),
    hidden: true,
    spellcheck: "false",
  });
  const file = (/** @type {string} */ type) => ({ type: `${type};charset=utf-8` });
  const buttons = [
    button(say("copy.python"), () => copy(toPython(app.view))),
    button(say("copy.report"), report),
    ...(app.address
      ? [button(say("copy.address"), () => copy(`${location.href.split("#")[0]}${toHash(app.view)}`))]
      : []),
    button(say("copy.csv"), () => {
      save(`${stem}.csv`, new Blob([toCsv(data, app.linked.rows(Infinity))], file("text/csv")));
      app.tell(say("saved", { name: `${stem}.csv` }));
    }),
    ...["time", "map"].flatMap((name) =>
      ["svg", "png"].map((kind) =>
        button(say(`copy.${name}_${kind}`), () => picture(/** @type {"time" | "map"} */ (name), kind)),
      ),
    ),
  ];
  return make(
    "details",
    { class: "x-copy" },
    make("summary", {}, say("copy")),
    make("div", { class: "x-fields" }, ...buttons),
    text,
  );

  /** @param {string} what */
  async function copy(what) {
    text.hidden = false;
    text.value = what;
    text.select();
    try {
      await navigator.clipboard.writeText(what);
      app.tell(say("copied"));
    } catch {
      app.tell(say("copy_by_hand")); // a page from a file, or a browser that asks first
    }
  }

  function report() {
    const { command, reasons } = toReport(app.view, data);
    if (command) return void copy(command);
    text.hidden = false;
    text.value = say("report_not", { what: words.list(reasons.map((reason) => say(`part.${reason}`))) });
    app.tell(text.value);
  }

  /**
   * @param {"time" | "map"} name
   * @param {string} kind
   */
  async function picture(name, kind) {
    const made = pictures[name].picture?.();
    if (!made) return;
    const title = `${data.header.title}: ${say(name === "map" ? "map_title" : `time_title.${app.view.by}`)}`;
    const svg = asSvg(made, title, basis());
    const content = kind === "svg" ? new Blob([svg], file("image/svg+xml")) : await asPng(svg);
    if (!content) return;
    save(`${stem}-${name}.${kind}`, content);
    app.tell(say("saved", { name: `${stem}-${name}.${kind}` }));
  }
}
