import { expect, test } from "bun:test";
import { offences, sources } from "./sources.ts";

test("process.env is read in config/ alone", () => {
  expect(offences(/\b(?:process|Bun|import\.meta)\.env\b/, ({ layer }) => layer === "config")).toEqual([]);
});

test("the terminal is written in cli/ alone", () => {
  const writes = /\bprocess\.(?:stdout|stderr)\b|\bconsole\.\w|\bBun\.(?:stdout|stderr)\b/;
  // The demo model's answers hold code, as a model's do.
  const answers = "src/providers/demo/lorem.ts";
  expect(offences(writes, ({ layer, path }) => layer === "cli" || path === answers)).toEqual([]);
});

test("nothing is typed any, and no error of the compiler is silenced", () => {
  expect(offences(/\bas any\b|<any>/, () => false)).toEqual([]);
  const silenced = sources.filter(({ text }) => /@ts-(?:ignore|expect-error|nocheck)/.test(text));
  expect(silenced.map(({ path }) => path)).toEqual([]);
});

test("quirks of models are rows in core/models, not ifs elsewhere", () => {
  const sniffing = /\bmodel(?:Id)?\.(?:includes|startsWith|endsWith|match|search)\(/;
  const routing = "src/gateway/route.ts";
  expect(offences(sniffing, ({ path }) => path.startsWith("src/core/models") || path === routing)).toEqual([]);
});

test("no class is asked for its name: minifying renames it", () => {
  expect(offences(/\bconstructor\.name\b/, () => false)).toEqual([]);
});

test("dialects, framing and core have no clock, no randomness and no I/O", () => {
  const impure =
    /\bDate\.now\b|\bnew Date\b|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bfetch\(|\bsetTimeout\b|\bawait\b|\bPromise\b/;
  const pure = new Set(["core", "dialects", "framing"]);
  expect(offences(impure, ({ layer }) => !pure.has(layer))).toEqual([]);
});

test("every import() is literal, or the build would not see it", () => {
  expect(offences(/\bimport\(\s*[^"'\s)]/, () => false)).toEqual([]);
});

test("no file is named for a drawer", () => {
  const drawers = /(?:^|[/-])(?:utils?|helpers?|manager|service|base|common|misc|impl)(?:[/.-]|$)/i;
  expect(sources.filter(({ path }) => drawers.test(path.slice(4))).map(({ path }) => path)).toEqual([]);
});

test("files stay near one thought: median 100 lines, p90 under 300", () => {
  const lengths = sources
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const at = (share: number) => lengths[Math.floor((lengths.length - 1) * share)]?.lines ?? 0;
  expect({ median: at(0.5) <= 120, p90: at(0.9) < 300 }, `median ${at(0.5)}, p90 ${at(0.9)}`).toEqual({
    median: true,
    p90: true,
  });
  expect(lengths.filter(({ lines }) => lines > 500)).toEqual([]);
});
