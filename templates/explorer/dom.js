/**
 * Elements made from plain values. Text is always text: nothing here reads markup.
 *
 * @typedef {Record<string, string | number | boolean | null | undefined>} Attributes
 * @typedef {Node | string | null | undefined | false} Child
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes] true sets a bare attribute; false, null and undefined set none
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} node
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {E}
 */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  for (const child of children) if (child) node.append(child);
  return node;
}

/**
 * Set an attribute where it changes; false, null and undefined remove it.
 *
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function put(node, name, value) {
  if (value === false || value === null || value === undefined) node.removeAttribute(name);
  else {
    const text = value === true ? "" : String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/**
 * Set a text where it changes.
 *
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {string} text
 * @param {() => void} press
 * @param {Attributes} [attributes]
 */
export function button(text, press, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", press);
  return made;
}

/**
 * Values from the data in a sentence keep their own direction.
 *
 * @param {string} text
 */
export function isolated(text) {
  return make("bdi", {}, text);
}

/**
 * A view's twin: a table behind a disclosure, filled when it is open.
 *
 * @param {string} label
 * @param {string} caption
 * @returns {{node: HTMLDetailsElement, show: (heads: string[], rows: () => Child[][], note?: string) => void}}
 */
export function twin(label, caption) {
  const body = make("div", { class: "x-scroll", tabindex: 0, role: "region", "aria-label": caption });
  const node = make("details", { class: "x-twin" }, make("summary", {}, label), body);
  let paint = () => {};
  node.addEventListener("toggle", () => node.open && paint());
  return {
    node,
    show(heads, rows, note = "") {
      paint = () => {
        const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
        const lines = rows().map(([first, ...rest]) =>
          make("tr", {}, make("th", { scope: "row" }, first), ...rest.map((cell) => make("td", {}, cell))),
        );
        const table = make(
          "table",
          {},
          make("caption", {}, caption),
          make("thead", {}, head),
          make("tbody", {}, ...lines),
        );
        body.replaceChildren(table, ...(note ? [make("p", {}, note)] : []));
      };
      if (node.open) paint();
    },
  };
}

let ids = 0;

/** An id that no other element of the page has. */
export function newId() {
  return `explorer-${(ids += 1)}`;
}
