/**
 * What the views share, and how they ask for a change.
 *
 * @import { Data } from "./data.js"
 * @import { Linked } from "./select.js"
 * @import { View } from "./view.js"
 * @import { Words } from "./words.js"
 * @typedef {{paper: string, ink: string, muted: string, line: string, faint: string, accent: string, ghost: string}} Colours
 * @typedef {object} App
 * @property {HTMLElement} root
 * @property {Data} data
 * @property {Words} words
 * @property {Linked} linked
 * @property {View} view
 * @property {Colours} colours
 * @property {(patch: Partial<View>, how?: {live?: boolean, kind?: string}) => void} change a live change is still
 *   under the pointer: it is shown at once, and neither told nor to be undone before it ends
 * @property {boolean} address whether the view is in the page's address
 * @property {number} steps how many changes can be undone
 * @property {() => void} undo
 * @property {() => void} reset
 * @property {(text: string) => void} tell
 * @property {(rows: number[], from: Element | null, title?: string) => void} list several incidents to choose from
 * @typedef {{node: HTMLElement, update: () => void, lay?: () => void, settle?: () => void, picture?: () => Picture}} Part
 *   a part of the page: `update` after each change, `lay` when width or colours change, `settle` when changes end
 * @typedef {{svg: SVGSVGElement, width: number, height: number}} Picture
 */

/** @type {Colours} colours of pictures that leave the page */
export const PRINT = {
  paper: "#ffffff",
  ink: "#1f2933",
  muted: "#52606d",
  line: "#d9dee3",
  faint: "#f4f6f8",
  accent: "#8c2d04",
  ghost: "#bcc5ce",
};

/**
 * The colours that the page's style gives.
 *
 * @param {Element} root
 * @returns {Colours}
 */
export function coloursOf(root) {
  const style = getComputedStyle(root);
  const names = /** @type {(keyof Colours)[]} */ (Object.keys(PRINT));
  const found = names.map((name) => [name, style.getPropertyValue(`--x-${name}`).trim() || PRINT[name]]);
  return /** @type {Colours} */ (Object.fromEntries(found));
}

/**
 * A count with its limits.
 *
 * @param {Words} words
 * @param {number} n
 * @param {[number, number]} limits
 */
export function withLimits(words, n, [low, high]) {
  return words.say("count_limits", { n, low: words.number(low, 1), high: words.number(high, 1) });
}

/**
 * A filtered time in words.
 *
 * @param {Words} words
 * @param {[number | null, number | null]} time
 */
export function timeInWords(words, [first, last]) {
  return words.span(first ?? 0, last ?? 0);
}
