import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, isoDay, unpack, valuesAt } from "../../templates/explorer/data.js";
import { UNKNOWN, day, packed, rows } from "./small.mjs";

const made = rows(300);
const data = await unpack(packed(made));
const at = (name, row, labelled) => valuesAt(data.columns.get(name), row, labelled);

test("every kind of column comes back as it was packed", () => {
  made.forEach((row, i) => {
    assert.deepEqual(at("incident_id", i), [row.id]);
    assert.deepEqual(at("summary", i), row.summary ? [row.summary] : []);
    assert.deepEqual(at("date", i), row.date === UNKNOWN ? [] : [isoDay(row.date)]);
    assert.deepEqual(at("killed", i), row.killed === UNKNOWN ? [] : [String(row.killed)]);
    assert.deepEqual(at("latitude", i), row.lat === UNKNOWN ? [] : [String(row.lat / 1e5)]);
    assert.deepEqual(
      at("techniques", i),
      row.techniques.map((code) => ["salvo", "timer"][code - 1]),
    );
    assert.deepEqual(
      at("governorate", i, true),
      row.governorate ? [["ANBAR", "BASRA", "NOWHERE"][row.governorate - 1]] : [],
    );
  });
});

test("a payload of another version or a damaged one is refused", async () => {
  const good = packed(made.slice(0, 3));
  await assert.rejects(unpack(good.subarray(0, good.length - 9)));
  await assert.rejects(unpack(new Uint8Array([1, 2, 3])));
});

test("days are read strictly", () => {
  assert.equal(dayOf("2020-02-29"), day("2020-02-29"));
  for (const wrong of ["2020-02-30", "2020-2-1", "29.2.2020", "", null, 7, "2020-01-01T00:00"])
    assert.equal(dayOf(wrong), null);
});
