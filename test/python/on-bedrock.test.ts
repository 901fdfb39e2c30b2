/** Python's clients, unchanged, on the models that a Bedrock serves, and on OpenAI's where it differs. */
import { describe, expect } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { between, everyModel, key } from "../clients/between.ts";
import { said, structured } from "../fakes/weather-model.ts";
import { testNeeding } from "../needs.ts";
import { pythonProgram, pythonWith } from "./interpreter.ts";
import { printedBy } from "./printed.ts";

const stand = between();
const ids = everyModel.map(([, id]) => id);

describe("models of every kind under Python clients", () => {
  const official = pythonWith("openai", "pydantic");
  testNeeding(
    official.missing,
    "openai: create, stream, parse, tools, async",
    async () => {
      const script = join(import.meta.dir, "openai_on_bedrock.py");
      const seen: unknown = JSON.parse(await printedBy([official.path ?? "", script, stand.url, key, ...ids]));
      const wanted = {
        whole: said.answer,
        stream: said.answer,
        tokens: 13,
        parsed: ["Weather", structured, "stop"],
        parsed_stream: structured,
        arguments: said.arguments,
        arguments_stream: [said.arguments],
        after: said.answer,
        async: said.answer,
      };
      expect(seen).toEqual(Object.fromEntries(ids.map((id) => [id, wanted])));
    },
    60_000,
  );

  const langchain = pythonWith("langchain_openai");
  testNeeding(
    langchain.missing,
    "langchain-openai: invoke, stream, tools, with_structured_output",
    async () => {
      const script = join(import.meta.dir, "langchain_on_bedrock.py");
      const seen: unknown = JSON.parse(await printedBy([langchain.path ?? "", script, stand.url, key, ...ids]));
      const wanted = {
        whole: said.answer,
        tokens: 13,
        stream: said.answer,
        call: ["get_weather", said.arguments],
        call_stream: ["get_weather", said.arguments],
        after: said.answer,
        structured: { json_schema: structured, json_mode: structured },
      };
      expect(seen).toEqual(Object.fromEntries(ids.map((id) => [id, wanted])));
    },
    60_000,
  );

  const llm = pythonProgram("llm");
  testNeeding(
    llm.missing,
    "llm: streamed, whole, with a schema",
    async () => {
      const home = mkdtempSync(join(tmpdir(), "llm-"));
      const listed = everyModel.map(
        ([name, id]) =>
          `- model_id: ${name}\n  model_name: ${JSON.stringify(id)}\n  api_base: ${stand.url}/v1\n` +
          "  api_key_name: gateway\n  supports_schema: true\n  supports_tools: true\n",
      );
      writeFileSync(join(home, "keys.json"), JSON.stringify({ gateway: key }));
      writeFileSync(join(home, "extra-openai-models.yaml"), listed.join(""));
      const env = { LLM_USER_PATH: home, HOME: home };
      const asked = "Weather in Paris?";
      for (const name of ["told", "llama"]) {
        const ask = (...more: string[]): Promise<string> =>
          printedBy([llm.path ?? "", "prompt", "-n", "-m", name, ...more, asked], env);
        expect((await ask()).trim(), name).toBe(said.answer);
        expect((await ask("--no-stream")).trim(), name).toBe(said.answer);
        expect(JSON.parse(await ask("--schema", "city, celsius int")), name).toEqual(structured);
      }
    },
    60_000,
  );
});
