import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { json } from "../fakes/http.ts";
import { openaiError, openaiStream, textEvents } from "../fakes/openai.ts";
import { startWire, type Wire } from "../fakes/wire.ts";
import { amazonChat, type Ended, inTerminal } from "./spawn.ts";

const base = "anthropic.claude-sonnet-4-5-20250929-v1:0";
let wire: Wire;
beforeAll(() => {
  wire = startWire(({ target }) => {
    if (target === "/v1/models") {
      const ids = ["gpt-4o", "gpt-4o-mini", "text-embedding-3-small"];
      return json({ object: "list", data: ids.map((id) => ({ id, created: 1_700_000_000, owned_by: "system" })) });
    }
    if (target.startsWith("/foundation-models")) {
      const modelLifecycle = { status: "ACTIVE" };
      return json({
        modelSummaries: [
          { modelId: "amazon.nova-lite-v1:0", inferenceTypesSupported: ["ON_DEMAND"], modelLifecycle },
          { modelId: base, inferenceTypesSupported: ["INFERENCE_PROFILE"], modelLifecycle },
        ],
      });
    }
    if (target.startsWith("/inference-profiles")) {
      const profiles = ["us", "eu"].map((geography) => ({
        inferenceProfileId: `${geography}.${base}`,
        type: "SYSTEM_DEFINED",
        status: "ACTIVE",
        models: [{ modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${base}` }],
      }));
      return json({ inferenceProfileSummaries: profiles });
    }
    return openaiStream(textEvents(["ok"]));
  });
});
afterAll(() => wire.stop());

const openai = (): Record<string, string> => ({ OPENAI_BASE_URL: `${wire.url}/v1`, OPENAI_API_KEY: "sk-fake" });
const aws = (): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  AWS_REGION: "us-east-1",
  AWS_ENDPOINT_URL: wire.url,
});
const models = (args: string[], env: Record<string, string>): Promise<Ended> =>
  amazonChat(["models", ...args], { env });

describe.concurrent("models", () => {
  test("in a pipe: columns with tabs, no header; what does not chat is left out", async () => {
    const { out, err, exit } = await models([], { ...openai(), ...aws() });
    const rows = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
    expect(rows.map(([id]) => id)).toEqual([
      "gpt-4o",
      "gpt-4o-mini",
      "amazon.nova-lite-v1:0",
      `us.${base}`,
      `eu.${base}`,
    ]);
    expect(rows[3]).toEqual([`us.${base}`, "bedrock", "anthropic", expect.stringContaining("image document")]);
    expect({ err, exit }).toEqual({ err: "", exit: 0 });
  });

  test("filters: every word, provider, capability, --all", async () => {
    const env = { ...openai(), ...aws() };
    expect((await models(["--ids", "US", "sonnet"], env)).out).toBe(`us.${base}\n`);
    expect((await models(["--ids", "--provider", "openai", "--all"], env)).out).toContain("text-embedding-3-small\n");
    expect((await models(["--ids", "--provider", "bedrock", "--capability", "tools,pdf,think"], env)).out).toBe(
      `us.${base}\neu.${base}\n`,
    );
    const { err, exit } = await models(["--capability", "tols"], env);
    expect(err).toContain("Did you mean tools?");
    expect(exit).toBe(2);
  });

  test("--json is OpenAI's list with more in it", async () => {
    const { out } = await models(["--json", "gpt-4o-mini"], openai());
    expect(JSON.parse(out)).toEqual({
      object: "list",
      data: [
        {
          object: "model",
          id: "gpt-4o-mini",
          created: 1_700_000_000,
          owned_by: "system",
          provider: "openai",
          capabilities: ["image", "document", "tools", "schema"],
        },
      ],
    });
  });

  test("a provider that is not configured or fails is told on stderr; the others are listed", async () => {
    const { out, err, exit } = await models(["--ids"], openai());
    expect(out).toBe("gpt-4o\ngpt-4o-mini\n");
    expect(err).toStartWith("skipped bedrock: ");
    expect(exit).toBe(0);
  });

  test("nothing configured: 4; nobody answers: not 0", async () => {
    const nothing = await models([], { AWS_EC2_METADATA_DISABLED: "true" });
    expect(nothing.exit).toBe(4);
    expect(nothing.err).toContain("amazon-chat config set");
    const refusing = startWire(() => openaiError(500, { message: "no" }));
    const { exit, err } = await models([], { OPENAI_BASE_URL: refusing.url, OPENAI_API_KEY: "sk-fake" });
    refusing.stop();
    expect(exit).toBe(1);
    expect(err).toContain("No list of models could be had");
  });

  test("on a terminal: a table with a header and the default marked", async () => {
    const shown = await inTerminal(`"$@" models --demo --color never`);
    expect(shown).toContain("ID  ");
    expect(shown).toContain("demo-echo *");
    expect(shown).toContain("of 18 models");
  });

  test("head ends it with 0", async () => {
    expect(await inTerminal(`"$@" models --demo --ids | head -1; echo "exit $PIPESTATUS"`)).toBe(
      "demo-echo\r\nexit 0\r\n",
    );
  });
});

describe.concurrent("what -m means", () => {
  const asked = async (words: string, env: Record<string, string>): Promise<Ended> =>
    amazonChat(["chat", "--no-save", "--dry-run", "-m", words, "hi"], { env });

  const rows: [string, string][] = [
    ["gpt-4o", "gpt-4o"],
    ["openai/gpt-4o", "gpt-4o"],
    ["openai:gpt-4o", "gpt-4o"],
    [`eu.${base}`, `eu.${base}`],
    [`bedrock/eu.${base}`, `eu.${base}`],
    ["amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"],
    ["4o-mini", "gpt-4o-mini"],
    ["eu sonnet", `eu.${base}`],
  ];
  for (const [words, id] of rows) {
    test(`${words} → ${id}`, async () => {
      const { out, exit } = await asked(words, { ...openai(), ...aws() });
      expect(exit).toBe(0);
      expect(out).toContain(encodeURIComponent(id) === id ? id : encodeURIComponent(id).slice(0, 20));
    });
  }

  test("a base id or an alias that needs a profile: the region's, said once", async () => {
    for (const words of [base, "sonnet"]) {
      const { err, exit } = await asked(words, { ...openai(), ...aws() });
      expect(err).toBe(`Model ${words}: us.${base}\n`);
      expect(exit).toBe(0);
    }
    const { err } = await asked("sonnet", { ...aws(), AWS_REGION: "eu-west-1" });
    expect(err).toBe(`Model sonnet: eu.${base}\n`);
  });

  test("several or none: exit 5 and at most three suggestions", async () => {
    const several = await asked("claude", { ...openai(), ...aws() });
    expect(several.err).toContain(`"claude" fits 2 models.`);
    expect(several.exit).toBe(5);
    const none = await asked("claud-sonet", { ...openai(), ...aws() });
    expect(none.err).toContain(`Model "claud-sonet" not found.`);
    expect(none.err).toContain("Did you mean ");
    expect(none.exit).toBe(5);
  });
});
