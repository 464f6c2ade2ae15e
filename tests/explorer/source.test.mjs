/** What holds for the files themselves: they can be joined, hold no sentence, and build no markup from text. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../templates/explorer/", import.meta.url);
const sources = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name, readFileSync(new URL(name, folder), "utf8")]),
);
const code = Object.fromEntries(
  Object.entries(sources).map(([name, text]) => [
    name,
    text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/ \/\/ .*$|^\s*\/\/ .*$/gm, ""),
  ]),
);
const words = readFileSync(new URL("../../templates/words/en/explorer.yml", import.meta.url), "utf8");
const keys = [...words.matchAll(/^"?([\w.]+)"?:/gm)].map((found) => found[1]);

test("imports stand on one line and no name stands twice, so that the files can be joined", () => {
  const owners = {};
  for (const [name, text] of Object.entries(code)) {
    for (const line of text.match(/^import .*$/gm) ?? []) assert.match(line, /^import \{[^}]*\} from "\.\/\w+\.js";$/);
    for (const [, one] of text.matchAll(/^(?:export )?(?:async )?(?:const|let|function|class) (\w+)/gm)) {
      assert.equal(owners[one], undefined, `${one} in ${name}`);
      owners[one] = name;
    }
  }
});

test("no file is longer than about 300 lines", () => {
  for (const [name, text] of Object.entries(sources)) assert.ok(text.split("\n").length <= 325, name);
});

test("nothing reads markup, code or an address from the network", () => {
  const ways =
    /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|\bfetch\(|XMLHttp|WebSocket|import\(|sendBeacon/;
  for (const [name, text] of Object.entries(code)) assert.doesNotMatch(text, ways, name);
});

test("no text that a reader sees stands in the code", () => {
  for (const [name, text] of Object.entries(code)) {
    const quoted =
      text.replace(/\bclass: "[^"]*"/g, "").match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`/g) ?? [];
    const said = quoted.filter((one) => /[A-Za-z]{3,} [a-z]{2,}/.test(one.replace(/\$\{[^}]*\}/g, "")));
    // Names of fonts, media and Python are not for reading as sentences.
    const known =
      /^.(noopener noreferrer|ed condition|elif else|Noto Sans, Segoe UI|make report |rows = where|explorer-)/;
    assert.deepEqual(
      said.filter((one) => !known.test(one)),
      [],
      name,
    );
  }
});

test("every word that the code asks for is there, and every word there is asked for", () => {
  const all = Object.values(code).join("\n");
  const asked = [...all.matchAll(/\bsay\(\s*"([\w.]+)"/g)].map((found) => found[1]);
  const has = (key) => keys.includes(key) || keys.includes(`${key}.other`);
  assert.deepEqual(
    asked.filter((key) => !has(key)),
    [],
  );
  const begun = [...all.matchAll(/\bsay\(`([\w.]+)\$\{/g)].map((found) => found[1]);
  const loose = new Set([...all.matchAll(/"([\w.]+)"/g)].map((found) => found[1]));
  const foreign = /^(page\.|column\.|yes$|no$)/; // of the page around it and of the data
  const unasked = keys.filter((key) => {
    const plain = key.replace(/\.(zero|one|two|few|many|other)$/, "");
    return !foreign.test(key) && !loose.has(plain) && !begun.some((start) => plain.startsWith(start));
  });
  assert.deepEqual(unasked, []);
});
