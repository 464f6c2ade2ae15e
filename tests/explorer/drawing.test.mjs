import assert from "node:assert/strict";
import { test } from "node:test";
import { unpack } from "../../templates/explorer/data.js";
import { projection } from "../../templates/explorer/ground.js";
import { approximate, limits } from "../../templates/explorer/limits.js";
import { calendarTicks, periodsAColumn, wholeTicks } from "../../templates/explorer/scale.js";
import { wording } from "../../templates/explorer/words.js";
import { day, packed, rows } from "./small.mjs";

test("limits are the table's, above it close to the exact ones", async () => {
  const data = await unpack(packed(rows(3)));
  assert.deepEqual(limits(data, 2), [0.242, 7.225]);
  // Garwood's limits of 2,001 and 50,000, by the quantiles of the gamma distribution.
  for (const [n, low, high] of [
    [2001, 1914.27679835694, 2090.639345273666],
    [50000, 49562.686650323674, 50440.212035431294],
  ]) {
    const [a, b] = approximate(n);
    assert.ok(Math.abs(a / low - 1) < 1e-6 && Math.abs(b / high - 1) < 1e-6, `${n}: ${a} ${b}`);
  }
});

test("axes have whole, round steps that reach the highest value", () => {
  for (const [most, ticks] of [
    [0, 3],
    [1, 4],
    [3.7, 4],
    [17, 5],
    [2801, 4],
    [1e6, 6],
  ]) {
    const steps = wholeTicks(most, ticks);
    assert.ok(steps.every(Number.isInteger) && steps[0] === 0 && steps.at(-1) >= most && steps.length <= ticks * 2 + 2);
  }
});

test("as many calendar ticks as fit, on first days of months", () => {
  const { days, months } = calendarTicks(day("2019-10-01"), day("2020-09-30"), 5);
  assert.equal(months, 3);
  assert.deepEqual(days, ["2019-10-01", "2020-01-01", "2020-04-01", "2020-07-01"].map(day));
  assert.deepEqual([periodsAColumn(366, 900), periodsAColumn(3650, 900)], [1, 9]);
});

test("the map's projection turns back into degrees", () => {
  const at = projection([38, 28, 49, 38], 500, 400);
  assert.ok(Math.abs(at.lon(at.x(44.4)) - 44.4) < 1e-9 && Math.abs(at.lat(at.y(33.3)) - 33.3) < 1e-9);
  assert.ok(at.y(38) >= 0 && at.y(28) <= 400 && at.x(38) >= 0 && at.x(49) <= 500);
});

test("words are filled in by number and value, and a missing one shows its key", () => {
  const words = wording({ "n.one": "{n} thing", "n.other": "{n} things", x: "{a} {b}" }, "en-GB");
  assert.deepEqual(
    [1, 2, 1234].map((n) => words.say("n", { n })),
    ["1 thing", "2 things", "1,234 things"],
  );
  assert.equal(words.say("x", { a: "$&{b}" }), "$&{b} {b}");
  assert.equal(words.say("toString"), "toString");
});
