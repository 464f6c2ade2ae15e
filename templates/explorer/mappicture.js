import { PRINT } from "./app.js";
import { draw, make } from "./dom.js";
import { names, outlines } from "./ground.js";
import { markElements, paintSquares } from "./marks.js";

/**
 * The map as a picture to keep, in the colours of print.
 *
 * @import { App, Picture } from "./app.js"
 * @import { Projection } from "./ground.js"
 * @import { Grid } from "./marks.js"
 * @param {App} app
 * @param {Projection} at
 * @param {(n: number) => number} size
 * @param {Grid | null} squares
 * @param {number} width
 * @param {number} height
 * @returns {Picture}
 */
export function mapPicture(app, at, size, squares, width, height) {
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  const marks = squares ? [asImage(app, squares, width, height)] : markElements(app, PRINT, at, size);
  svg.append(...outlines(app, PRINT, at), ...marks, ...names(app, PRINT, at, width, height, squares ? null : size));
  const { box } = app.view;
  if (box) {
    const [x, y] = [at.x(box[0]), at.y(box[3])];
    const shape = { x, y, width: at.x(box[2]) - x, height: at.y(box[1]) - y };
    svg.append(draw("rect", { ...shape, fill: "none", stroke: PRINT.ink, "stroke-width": 2 }));
  }
  return { svg, width, height };
}

/**
 * @param {App} app
 * @param {Grid} squares
 * @param {number} width
 * @param {number} height
 */
function asImage(app, squares, width, height) {
  const sheet = make("canvas", { width: width * 2, height: height * 2 });
  const to = sheet.getContext("2d");
  to?.scale(2, 2);
  if (to) paintSquares(to, app, squares, PRINT);
  return draw("image", { href: sheet.toDataURL(), width, height });
}
