import { expect, test } from "bun:test";
import { join } from "node:path";
import { root } from "./sources.ts";

/** Mistakes that other gateways shipped: T-01 to T-83. Each stands in the title of at least one test that guards against it. */
const traps = Array.from({ length: 83 }, (_, i) => `T-${String(i + 1).padStart(2, "0")}`);

type Title = { file: string; title: string };

/** Texts of a test file that name a trap and say something beside it: titles, and rows of a table that become titles. */
function titlesIn(file: string, text: string): Title[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/(["'`])((?:(?!\1).)*\bT-\d\d\b(?:(?!\1).)*)\1/g)]
    .map((match) => match[2] ?? "")
    .filter((title) => /[a-z]{3}/.test(title.replaceAll(/\bT-\d\d\b/g, "")))
    .map((title) => ({ file, title }));
}

const own = "test/house/traps.test.ts";
const files = [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: root })].map((file) => file.replaceAll("\\", "/"));
const titles = (
  await Promise.all(
    files.filter((file) => file !== own).map(async (file) => titlesIn(file, await Bun.file(join(root, file)).text())),
  )
).flat();

test.each(traps)("%s is guarded by a test of that name", (trap) => {
  const found = titles.filter(({ title }) => new RegExp(`\\b${trap}\\b`).test(title));
  expect(found.map(({ file }) => file)).not.toEqual([]);
});

test("no test names a trap that there is not", () => {
  const named = titles.flatMap(({ file, title }) => (title.match(/\bT-\d\d\b/g) ?? []).map((trap) => ({ file, trap })));
  expect(named.filter(({ trap }) => !traps.includes(trap))).toEqual([]);
});

test("the rule itself: titles are seen, values and comments are not", () => {
  const text = [
    'test("T-17 indices are dense", () => undefined);',
    "// T-18 is only spoken of",
    '/** "T-19 in a comment" */',
    'const signature = "T-20";',
    'describe.each([["T-21: a row", 1]])("%s", () => undefined);',
  ].join("\n");
  expect(titlesIn("x", text).map(({ title }) => title)).toEqual(["T-17 indices are dense", "T-21: a row"]);
});
