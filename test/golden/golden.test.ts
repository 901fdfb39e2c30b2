/**
 * Every request case × every upstream dialect, with its losses, as pages that a reviewer reads. A change of the mapping
 * shows in them: `UPDATE_GOLDEN=1 bun test test/golden` writes them anew, and the diff is what has to be judged.
 */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { factsOnBedrock, factsOnOpenAI } from "../../src/core/models.ts";
import { silentLosses } from "../laws/account.ts";
import { through } from "../laws/through.ts";
import { cases, folder, models } from "./cases.ts";
import { sheet } from "./sheet.ts";

const update = process.env["UPDATE_GOLDEN"] === "1" && process.env["CI"] !== "true";
const pageOf = (name: string): string => join(folder, "pages", `${name}.md`);

describe("golden: what goes upstream, and what it costs", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const page = await sheet(one);
    if (update) await Bun.write(pageOf(name), page);
    expect(page).toBe(await Bun.file(pageOf(name)).text());
  });

  test("every page has its case", () => {
    const pages = readdirSync(join(folder, "pages")).map((file) => file.replace(/\.md$/, ""));
    expect(pages.sort()).toEqual(cases.map(({ name }) => name));
  });

  test("every upstream dialect is reached, verbatim and translated", async () => {
    const roads = new Set<string>();
    for (const { body } of cases) {
      for (const model of models) {
        const outcome = await through({ ...body, model });
        if (!outcome.refused) roads.add(`${outcome.from} to ${outcome.to}${outcome.verbatim ? ", verbatim" : ""}`);
      }
    }
    expect([...roads].sort()).toEqual([
      "bedrock_claude to bedrock_claude, verbatim",
      "bedrock_claude to bedrock_converse",
      "bedrock_claude to bedrock_titan",
      "bedrock_claude to openai",
      "bedrock_titan to bedrock_converse",
      "bedrock_titan to bedrock_titan, verbatim",
      "bedrock_titan to openai",
      "openai to bedrock_converse",
      "openai to bedrock_titan",
      "openai to openai, verbatim",
    ]);
  });
});

describe("golden: nothing is lost without its name (law accounting)", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", async (_, { body }) => {
    const silent: string[] = [];
    for (const model of models) {
      const facts = model.startsWith("gpt-") ? factsOnOpenAI(model) : factsOnBedrock(model, model.replace(/^us\./, ""));
      const found = await silentLosses({ ...body, model }, through, facts.toolIds === "nine");
      silent.push(...found.map((what) => `${model}: ${what}`));
    }
    expect(silent).toEqual([]);
  });
});
