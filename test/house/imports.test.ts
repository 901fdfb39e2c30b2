import { expect, test } from "bun:test";
import { dirname, normalize } from "node:path/posix";
import { sources, type Source } from "./sources.ts";

// design.md section 5. "types" means `import type` alone.
type Rights = { into?: { [layer: string]: "all" | "types" }; packages?: RegExp };
const rights: { [layer: string]: Rights } = {
  core: {},
  // Hashing and comparing: the same input gives the same output.
  dialects: { into: { core: "all" }, packages: /^node:(?:crypto|util)$/ },
  framing: { into: { core: "all" } },
  // The demo model and the previews name dialects; none of them is run there.
  providers: {
    into: { core: "all", framing: "all", dialects: "types" },
    packages: /^(?:node:|openai$|@aws-sdk\/|@smithy\/)/,
  },
  gateway: { into: { core: "all", dialects: "types", providers: "types" } },
  // The error rim is handed the caller's dialect and names its type. Pages hand out files of two packages.
  server: {
    into: { gateway: "all", core: "all", framing: "all", dialects: "types" },
    packages: /^(?:node:|bun$|valibot$|@valibot\/to-json-schema$|swagger-ui-dist\/|redoc\/bundles\/)/,
  },
  config: { packages: /^(?:node:|valibot$)/ },
};
/** The rim: it wires everything. */
const rim = new Set(["cli", "main.ts"]);

type Import = { from: string; target: string; typeOnly: boolean };

function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  for (const match of source.text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm)) {
    found.push({ from: source.path, target: match[2] ?? "", typeOnly: match[1] !== undefined });
  }
  for (const match of source.text.matchAll(/\bimport\(\s*"([^"]+)"/g)) {
    found.push({ from: source.path, target: match[1] ?? "", typeOnly: false });
  }
  return found;
}

/** Why an import is against the rules; undefined when it is not. */
function verdict(layer: string, one: Import): string | undefined {
  if (rim.has(layer)) return undefined;
  const allowed = rights[layer];
  if (allowed === undefined) return `${one.from}: no rule for the folder src/${layer}`;
  if (!one.target.startsWith(".")) {
    if (one.typeOnly || allowed.packages?.test(one.target) === true) return undefined;
    return `${one.from} imports the package ${one.target}`;
  }
  const into = normalize(`${dirname(one.from)}/${one.target}`).split("/")[1] ?? "";
  if (into === layer) return undefined;
  const right = allowed.into?.[into];
  if (right === "all" || (right === "types" && one.typeOnly)) return undefined;
  return `${one.from} imports ${one.typeOnly ? "a type of " : ""}${one.target}`;
}

test("imports point inward", () => {
  expect(sources.length).toBeGreaterThan(50);
  const outward = sources.flatMap((source) => importsOf(source).flatMap((one) => verdict(source.layer, one) ?? []));
  expect(outward).toEqual([]);
});

test("the rule itself: what points outward is seen", () => {
  const from = "src/core/x.ts";
  expect(verdict("core", { from, target: "../gateway/run.ts", typeOnly: true })).toBeDefined();
  expect(verdict("core", { from, target: "node:fs", typeOnly: false })).toBeDefined();
  expect(
    verdict("gateway", { from: "src/gateway/x.ts", target: "../dialects/openai/index.ts", typeOnly: false }),
  ).toBeDefined();
  expect(
    verdict("gateway", { from: "src/gateway/x.ts", target: "../dialects/dialect.ts", typeOnly: true }),
  ).toBeUndefined();
  expect(verdict("unheard", { from: "src/unheard/x.ts", target: "./y.ts", typeOnly: false })).toBeDefined();
});

test("the rule itself: every way to import is found", () => {
  const text = `import a from "./a.ts";\nimport type { B } from "./b.ts";\nimport {\n  c,\n  d,\n} from "./c.ts";\nexport * from "./d.ts";\nimport "./e.ts";\nconst f = await import("./f.ts");\n`;
  const found = importsOf({ path: "src/core/x.ts", layer: "core", text });
  expect(found.map((one) => one.target)).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
  expect(found.map((one) => one.typeOnly)).toEqual([false, true, false, false, false, false]);
});
