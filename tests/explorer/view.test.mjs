import assert from "node:assert/strict";
import { test } from "node:test";
import { unpack } from "../../templates/explorer/data.js";
import { everything, fromHash, isHash, settle, toHash } from "../../templates/explorer/view.js";
import { packed, rows, views } from "./small.mjs";

const data = await unpack(packed(rows(50)));
test("a view comes back from its address", () => {
  for (const view of views) {
    const { asked, dropped } = fromHash(toHash(view));
    assert.deepEqual(dropped, []);
    const back = settle(asked, data);
    assert.deepEqual(back.dropped, []);
    assert.deepEqual(back.view, view);
  }
});

test("the address says only what is not the default", () => {
  assert.equal(toHash(everything()), "#explore");
  assert.equal(toHash({ ...everything(), by: "month", open: "XX-1" }), "#explore?by=month&open=XX-1");
  assert.deepEqual(["#explore", "#explore?x", "#explorer", "#XX-1"].map(isHash), [true, true, false, false]);
});

test("what cannot be read is left out and named, the rest is kept", () => {
  const { asked, dropped } = fromHash(
    "#explore?by=year&time=2020-13-01..2020-01-01&box=1,2,x,4&attack_method=rocket,bow&%E0%A4=1&counted=no&open=none&q=camp&__proto__=x",
  );
  assert.deepEqual(dropped, ["%E0%A4"]);
  const back = settle(asked, data);
  assert.deepEqual(
    new Set(back.dropped),
    new Set(["by", "time", "box", "attack_method", "counted", "open", "__proto__"]),
  );
  assert.deepEqual(back.view, { ...everything(), where: { attack_method: ["rocket"] }, search: "camp" });
});

test("anything at all settles to a sound view", () => {
  for (const wrong of [null, 3, "x", [], { time: 4, box: [NaN, 0, 1, 2], where: [1], sort: "date", series: {}, by: 1 }])
    assert.deepEqual(settle(wrong, data).view, everything());
  assert.deepEqual(settle({ where: { attack_method: [] } }, data).view.where, { attack_method: [] });
});
