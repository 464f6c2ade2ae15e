/**
 * Files that a reader keeps: text, and pictures as SVG or PNG.
 *
 * @import { Picture } from "./app.js"
 */

/**
 * Hand a file to the browser to save.
 *
 * @param {string} name
 * @param {Blob} content
 */
export function save(name, content) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/**
 * A picture as a file that stands alone, with a title above and a line about its source below.
 *
 * @param {Picture} picture
 * @param {string} title
 * @param {string} note
 * @returns {string}
 */
export function asSvg({ svg, width, height }, title, note) {
  const space = "http://www.w3.org/2000/svg";
  const sheet = document.createElementNS(space, "svg");
  const size = { width: width + 24, height: height + 68 };
  for (const [name, value] of Object.entries({ ...size, viewBox: `0 0 ${size.width} ${size.height}` }))
    sheet.setAttribute(name, String(value));
  sheet.setAttribute("font-family", "Noto Sans, Segoe UI, Arial, sans-serif");
  const ground = document.createElementNS(space, "rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: "#fff" }))
    ground.setAttribute(name, value);
  svg.setAttribute("x", "12");
  svg.setAttribute("y", "36");
  sheet.append(ground, line(title, 24, 16, 700), svg, line(note, height + 56, 12, 400));
  return new XMLSerializer().serializeToString(sheet);

  /**
   * @param {string} text
   * @param {number} y
   * @param {number} size
   * @param {number} weight
   */
  function line(text, y, size, weight) {
    const made = document.createElementNS(space, "text");
    for (const [name, value] of Object.entries({ x: 12, y, "font-size": size, "font-weight": weight, fill: "#1f2933" }))
      made.setAttribute(name, String(value));
    made.textContent = text;
    return made;
  }
}

/**
 * The same as PNG, two pixels to one.
 *
 * @param {string} svg
 * @returns {Promise<Blob | null>}
 */
export async function asPng(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
