import { MISSING, valuesAt } from "./data.js";

/** @import { Column, Data, Numbers } from "./data.js" */

/**
 * What search looks in, a text a row.
 *
 * @param {Data} data
 */
export function haystack(data) {
  const parts = data.header.search.flatMap((name) => data.columns.get(name) ?? []);
  return Array.from({ length: data.n }, (_, row) =>
    parts
      .map((column) => valuesAt(column, row).join("\n"))
      .join("\n")
      .toLowerCase(),
  );
}

/**
 * A number a row by which a column sorts; texts by their place among the column's own.
 *
 * @param {Column | undefined} column
 * @param {number} n
 * @returns {Numbers | number[]}
 */
export function sortKeys(column, n) {
  if (!column) return new Uint8Array(n);
  if (column.kind !== "text" && column.kind !== "code" && column.kind !== "list") return column.codes;
  // Where text stands in the order of its code points, as Python sorts it.
  const texts = Array.from({ length: n }, (_, row) => valuesAt(column, row).join(";"));
  const names = [...new Set(texts)].sort();
  const place = new Map(names.map((name, i) => [name, name === "" ? MISSING : i]));
  return texts.map((text) => place.get(text) ?? MISSING);
}
