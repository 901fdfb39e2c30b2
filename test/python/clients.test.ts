import { afterAll, beforeAll, describe, expect } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "../binary/program.ts";
import { testNeeding } from "../needs.ts";
import { startGateway, type Gateway } from "../traffic/gateway.ts";
import { pythonProgram, pythonWith } from "./interpreter.ts";
import { printedBy } from "./printed.ts";

const key = "gateway-key";
let gateway: Gateway;

beforeAll(async () => {
  // The demo models answer; nothing goes to an upstream.
  gateway = await startGateway("http://127.0.0.1:1", {
    command: [await binary()],
    args: ["--demo"],
    env: { API_KEY: key },
  });
}, 60_000);
afterAll(() => gateway.stop());

describe("the demo models under Python clients", () => {
  const official = pythonWith("openai");
  testNeeding(
    official.missing,
    "openai: whole, streamed, tools, errors as its own classes, twenty at once",
    async () => {
      const script = join(import.meta.dir, "openai_client.py");
      const seen = JSON.parse(await printedBy([official.path ?? "", script, gateway.url, key]));
      expect(seen.whole.text).toContain("Hello from Python");
      expect(seen.whole.finish).toBe("stop");
      expect(seen.stream).toMatchObject({ text: seen.whole.text, finish: ["stop"], ids: 1 });
      expect(seen.stream.usage).toBeGreaterThan(0);
      expect(seen.tools).toMatchObject({ finish: "tool_calls", name: "get_weather", after: "stop" });
      expect(Object.keys(seen.tools.arguments)).toEqual(["city"]);
      expect(seen.errors).toEqual({
        key: ["AuthenticationError", 401],
        model: ["NotFoundError", 404],
        rate: ["RateLimitError", 429],
      });
      expect(seen.many).toBe(true);
      expect(seen.models).toContain("demo-echo");
    },
    60_000,
  );

  const langchain = pythonWith("langchain_openai");
  testNeeding(
    langchain.missing,
    "langchain-openai: whole, streamed, tools",
    async () => {
      const script = join(import.meta.dir, "langchain_client.py");
      const seen = JSON.parse(await printedBy([langchain.path ?? "", script, gateway.url, key]));
      expect(seen.whole).toContain("Hello from LangChain");
      expect(seen.stream).toBe(seen.whole);
      expect(seen.usage).toBeGreaterThan(0);
      expect(seen.tools).toEqual(["get_weather"]);
    },
    60_000,
  );

  const llm = pythonProgram("llm");
  testNeeding(
    llm.missing,
    "llm: a prompt from the shell, streamed and whole",
    async () => {
      const home = mkdtempSync(join(tmpdir(), "llm-"));
      const model = `- model_id: demo\n  model_name: demo-echo\n  api_base: ${gateway.url}/v1\n  api_key_name: gateway\n`;
      writeFileSync(join(home, "keys.json"), JSON.stringify({ gateway: key }));
      writeFileSync(join(home, "extra-openai-models.yaml"), model);
      const env = { LLM_USER_PATH: home, HOME: home };
      for (const more of [[], ["--no-stream"]]) {
        const out = await printedBy([llm.path ?? "", "-m", "demo", ...more, "Hello from the shell"], env);
        expect(out).toContain("Hello from the shell");
      }
    },
    60_000,
  );
});
