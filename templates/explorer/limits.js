/** @import { Data } from "./data.js" */

const Z = 1.959963984540054; // half of the probability outside 95 % lies beyond it

/**
 * The 95 % limits of a count: Garwood's exact ones from the payload's table, above it the approximation by
 * Wilson and Hilferty (1931), which differs from them there by less than one part in a million.
 *
 * @param {Pick<Data, "low" | "high">} data
 * @param {number} count
 * @returns {[number, number]}
 */
export function limits(data, count) {
  return count < data.low.length ? [data.low[count], data.high[count]] : approximate(count);
}

/**
 * @param {number} count one or more
 * @returns {[number, number]}
 */
export function approximate(count) {
  return [cube(count, -Z), cube(count + 1, Z)];
}

/**
 * @param {number} k
 * @param {number} z
 */
function cube(k, z) {
  return k * (1 - 1 / (9 * k) + z / (3 * Math.sqrt(k))) ** 3;
}
