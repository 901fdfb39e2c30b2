/** Law accounting for requests nobody thought of: the golden cases' parameters and turns in any mixture, to any family. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { JsonObject } from "../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../src/core/models.ts";
import { cases } from "../golden/cases.ts";
import { silentLosses } from "./account.ts";
import { through } from "./through.ts";
import { bedrockModels } from "../golden/families.ts";

const models = ["gpt-4o", "gpt-5.4", "gpt-5.6-sol", "o3", "openai.gpt-6-luna", ...bedrockModels];

const bodies = {
  openai: cases.filter(({ body }) => !("anthropic_version" in body) && "messages" in body),
  claude: cases.filter(({ body }) => "anthropic_version" in body),
  titan: cases.filter(({ body }) => "inputText" in body),
};
/** What a body of its format cannot be without. */
const needed = new Set(["messages", "inputText", "anthropic_version", "max_tokens"]);

function mixtures(kind: keyof typeof bodies): fc.Arbitrary<JsonObject> {
  const one = fc.constantFrom(...bodies[kind].map(({ body }) => body));
  return fc
    .record({
      parts: fc.array(one, { minLength: 2, maxLength: 3 }),
      more: fc.option(one, { nil: undefined }),
      cut: fc.array(fc.nat(30), { maxLength: 6 }),
      model: fc.constantFrom(...models),
    })
    .map(({ parts, more, cut, model }) => {
      const whole: JsonObject = Object.assign({}, ...parts);
      const keys = Object.keys(whole);
      const gone = new Set(cut.map((at) => keys[at]).filter((key) => key !== undefined && !needed.has(key)));
      const turns = [whole["messages"], more?.["messages"]].flatMap((list) => (Array.isArray(list) ? list : []));
      const kept = Object.fromEntries(Object.entries(whole).filter(([key]) => !gone.has(key)));
      return { ...kept, ...(turns.length > 0 && { messages: turns }), model };
    });
}

describe("law accounting: any mixture of what the golden cases ask", () => {
  test.each(["openai", "claude", "titan"] as const)(
    "%s bodies",
    async (kind) => {
      let arrived = 0;
      await fc.assert(
        fc.asyncProperty(mixtures(kind), async (body) => {
          const model = String(body["model"]);
          const facts = /^(?:gpt|o3)/.test(model)
            ? factsOnOpenAI(model)
            : factsOnBedrock(model, model.replace(/^us\./, ""));
          if (!(await through(body)).refused) arrived += 1;
          expect(await silentLosses(body, through, facts.toolIds === "nine")).toEqual([]);
        }),
        { numRuns: 500 },
      );
      expect(arrived).toBeGreaterThan(150);
    },
    60_000,
  );
});
