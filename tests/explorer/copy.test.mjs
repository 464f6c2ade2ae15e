import assert from "node:assert/strict";
import { test } from "node:test";
import { harmless, toCsv, toPython, toReport } from "../../templates/explorer/copy.js";
import { unpack } from "../../templates/explorer/data.js";
import { everything } from "../../templates/explorer/view.js";
import { packed, rows } from "./small.mjs";

const made = rows(60);
const data = await unpack(packed(made));

test("Python says what is not the default, in the condition language", () => {
  assert.equal(toPython(everything()), "rows = where(ed)");
  const view = { ...everything(), counting: "listed", time: ["2020-07-01", "2020-09-30"], box: [44, 33.1, 45.5, 34] };
  Object.assign(view, { where: { attack_method: ["rocket", null] }, series: "rocket_drone", search: 'a "b" \u202e' });
  assert.equal(
    toPython(view),
    'rows = where(ed, listed=True, date={"at_least": "2020-07-01", "at_most": "2020-09-30"}, ' +
      'latitude={"at_least": 33.1, "at_most": 34}, longitude={"at_least": 44, "at_most": 45.5}, ' +
      'attack_method=["rocket", None], series="rocket_drone", search="a \\"b\\" \\u202e")',
  );
  const odd = { "x=1); import os": ["a"], class: [null], site: ["b"] };
  assert.equal(
    toPython({ ...everything(), where: odd }),
    'rows = where(ed, {"x=1); import os": ["a"], "class": [None]}, site=["b"])',
  );
  assert.equal(toPython({ ...everything(), where: { attack_method: [] } }), 'rows = where(ed, "nothing")');
});

test("no cell of the CSV runs as a formula", () => {
  const runs = ["=1+1", " @SUM(A1)", "'=1+1", "\t=x", "\u200b+1", "＝1", "-x"];
  assert.deepEqual(
    runs.map(harmless),
    runs.map((cell) => `'${cell}`),
  );
  for (const cell of ["-33.3", "a = b", "", "-1e5"]) assert.equal(harmless(cell), cell);
});

test("the CSV begins with a byte-order mark and holds every column of the rows", () => {
  const lines = toCsv(data, [0, 1, 2]).split("\n");
  assert.equal(lines[0], `\ufeff${[...data.columns.keys()].join(",")}`);
  assert.equal(lines.length, 5);
  const formula = made.findIndex((row) => row.summary === "=1+1");
  assert.match(toCsv(data, [formula]).split("\n")[1], /^XX-\d+,'=1\+1,/);
});

test("a report is named where parameters can say the view, else what they cannot say", () => {
  const quarter = { ...everything(), time: ["2020-07-01", "2020-09-30"] };
  assert.deepEqual(toReport(quarter, data), { command: "make report QUARTER=2020Q3 FLOOR=low", reasons: [] });
  const other = { ...data, header: { ...data.header, data: "cam paigns/it's" } };
  assert.equal(toReport(quarter, other).command, `make report QUARTER=2020Q3 FLOOR=low DATA='cam paigns/it'\\''s'`);
  assert.deepEqual(toReport({ ...quarter, search: "x", counting: "listed" }, data).reasons, ["search", "counting"]);
  assert.deepEqual(toReport({ ...quarter, time: ["2020-07-01", "2020-09-29"] }, data).reasons, ["time"]);
  assert.deepEqual(toReport({ ...everything(), box: [1, 2, 3, 4], where: { a: [] }, series: "s" }, data), {
    command: "",
    reasons: ["time", "box", "where", "series"],
  });
});
