import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, unpack } from "../../templates/explorer/data.js";
import { Linked } from "../../templates/explorer/select.js";
import { everything } from "../../templates/explorer/view.js";
import { UNKNOWN, packed, rows, views } from "./small.mjs";

const made = rows(800, 3);
const data = await unpack(packed(made));
const METHODS = [null, "rocket", "drone", "a,~ b&c"];
const TECHNIQUES = [null, "salvo", "timer"];

/** Each filter by itself, written as plainly as can be. */
const filters = {
  time: (v, r) => !v.time || (r.date !== UNKNOWN && r.date >= dayOf(v.time[0]) && r.date <= dayOf(v.time[1])),
  box: (v, r) => {
    if (!v.box) return true;
    const [lon, lat] = [r.lon / 1e5, r.lat / 1e5];
    return r.lat !== UNKNOWN && lon >= v.box[0] && lat >= v.box[1] && lon <= v.box[2] && lat <= v.box[3];
  },
  attack_method: (v, r) => !v.where.attack_method || v.where.attack_method.includes(METHODS[r.method]),
  techniques: (v, r) => {
    const kept = v.where.techniques;
    return (
      !kept || (r.techniques.length ? r.techniques.some((c) => kept.includes(TECHNIQUES[c])) : kept.includes(null))
    );
  },
  series: (v, r) => v.series === "all" || r.series.length > 0,
  counting: (v, r) => v.counting === "listed" || r.counted === 1,
  search: (v, r) => {
    const hay = [r.id, r.summary, METHODS[r.method] ?? ""].join("\n").toLowerCase();
    return v.search
      .toLowerCase()
      .split(/\s+/)
      .filter(Boolean)
      .every((word) => hay.includes(word));
  },
};
const kept = (view, except = "") =>
  made.filter((r) => Object.entries(filters).every(([name, keeps]) => name === except || keeps(view, r)));

test("after any chain of changes rows and counts are those of a plain recount", () => {
  const linked = new Linked(data);
  for (const view of views) {
    linked.apply(view);
    const rows = kept(view);
    assert.equal(linked.selected, rows.length);
    const ids = linked.rows(Infinity).map((row) => made[row].id);
    assert.deepEqual(new Set(ids), new Set(rows.map((r) => r.id)));

    const tally = (codes, size) => codes.reduce((all, code) => (all[code]++, all), new Array(size).fill(0));
    const methods = linked.histogram("attack_method");
    assert.deepEqual(
      [...methods.outer],
      tally(
        kept(view, "attack_method").map((r) => r.method),
        4,
      ),
    );
    assert.deepEqual(
      [...methods.inner],
      tally(
        rows.map((r) => r.method),
        4,
      ),
    );
    const techniques = linked.histogram("techniques");
    const codes = kept(view, "techniques").flatMap((r) => (r.techniques.length ? r.techniques : [0]));
    assert.deepEqual([...techniques.outer], tally(codes, 3));

    const { start, end } = linked.periods;
    const fine = view.by === "day" || view.by === "week";
    const inBar = (some, i) => some.filter((r) => r.date >= start[i] && r.date <= end[i] && !(fine && r.coarse)).length;
    const time = linked.histogram("time");
    const ghost = kept(view, "time");
    assert.deepEqual(
      [...time.inner],
      start.map((_, i) => inBar(rows, i)),
    );
    assert.deepEqual(
      [...time.outer],
      start.map((_, i) => inBar(ghost, i)),
    );

    const [pointed, coarse, nowhere] = linked.histogram("located").outer;
    const without = kept(view, "box").filter((r) => r.lat === UNKNOWN);
    assert.equal(pointed, kept(view, "box").length - without.length);
    assert.deepEqual(
      [coarse, nowhere],
      [without.filter((r) => r.governorate).length, without.filter((r) => !r.governorate).length],
    );
  }
});

test("places hold the rows of one point and precision", () => {
  const linked = new Linked(data);
  linked.apply({ ...everything(), counting: "listed" });
  const { ofRow, lon, lat } = linked.places;
  made.forEach((r, i) => {
    if (r.lat !== UNKNOWN) assert.deepEqual([lon[ofRow[i]], lat[ofRow[i]]], [r.lon / 1e5, r.lat / 1e5]);
    else assert.equal(ofRow[i] >= 0, r.governorate === 1 || r.governorate === 2);
  });
  const busiest = linked.histogram("places").outer.indexOf(Math.max(...linked.histogram("places").outer));
  assert.equal(linked.rowsAt(busiest, 1e9).length, linked.histogram("places").outer[busiest]);
});

test("sorting puts unknown last in both directions and keeps ties in their order", () => {
  const linked = new Linked(data);
  for (const direction of ["up", "down"]) {
    const killed = [...linked.order(["killed", direction])].map((row) => made[row].killed);
    const known = killed.filter((n) => n !== UNKNOWN);
    assert.deepEqual(killed.slice(0, known.length), known);
    assert.deepEqual(
      known,
      known.toSorted((a, b) => (direction === "up" ? a - b : b - a)),
    );
    const order = [...linked.order(["attack_method", direction])];
    for (let i = 1; i < order.length; i++)
      if (made[order[i]].method === made[order[i - 1]].method) assert.ok(order[i] > order[i - 1]);
  }
});
