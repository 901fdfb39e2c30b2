/** What Tab offers, without a shell. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "../../fakes/http.ts";
import { startWire } from "../../fakes/wire.ts";
import { amazonChat } from "../spawn.ts";

const home = mkdtempSync(join(tmpdir(), "amazon-chat-complete-"));
const wire = startWire(() =>
  json({ object: "list", data: ["gpt-4o", "gpt-4.1"].map((id) => ({ id, created: 1, owned_by: "openai" })) }),
);
afterAll(() => wire.stop());

async function offered(words: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { out, err, exit } = await amazonChat(["complete", "words", "--", ...words], { env: { HOME: home, ...env } });
  expect({ err, exit }).toEqual({ err: "", exit: 0 });
  return out
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0] ?? "");
}

describe.concurrent("words", () => {
  const rows: [string[], string[]][] = [
    [["co"], ["config", "complete"]],
    [["config", "t"], ["test-aws"]],
    [["config", "get", "AWS_REG"], ["AWS_REGION"]],
    [["config", "get", "AWS_REGION", ""], []],
    [["serve", "--log-f"], ["--log-format"]],
    [["serve", "--provider", ""], []],
    [["models", "--provider", "b"], ["bedrock"]],
    [["models", "--provider=b"], ["--provider=bedrock"]],
    [["chat", "--demo", "-m", "demo-l"], ["demo-lorem"]],
    [["chat", "--demo", "--model=demo-l"], ["--model=demo-lorem"]],
    [["chat", "--demo", "-um", "demo-l"], ["demo-lorem"]],
    [["chat", "--effort", "mi"], ["minimal"]],
    [["chat", "-a", "x"], [":files"]],
    [["chat", "--system-file=x"], [":files"]],
    [["explain", "x"], [":files"]],
    [["chat", "some", "words", "-"], expect.arrayContaining(["--model", "--help"])],
    [["chat", "--", "--mo"], []],
    [["chat", "a prompt "], []],
    [["complete", "f"], ["fish"]],
    [["nonsense", ""], []],
    [["constructor", ""], []],
    [["-q", "mod"], ["models"]],
    [["--region", "chat", "mod"], ["models"]],
    [['""'], expect.arrayContaining(["chat", "serve"])],
    [[], expect.arrayContaining(["chat", "serve"])],
  ];
  for (const [words, found] of rows)
    test(words.join(" ") || "nothing", async () => expect(await offered(words)).toEqual(found));

  test("model ids are asked for once, then they come from the cache", async () => {
    const env = { OPENAI_BASE_URL: `${wire.url}/v1`, OPENAI_API_KEY: "sk-fake", HOME: mkdtempSync(join(home, "own-")) };
    expect(await offered(["chat", "-m", "gpt"], env)).toEqual(["gpt-4o", "gpt-4.1"]);
    expect(await offered(["chat", "-m", "gpt-4o"], env)).toEqual(["gpt-4o"]);
    expect(wire.seen.length).toBe(1);
    // Another key may see other models.
    await offered(["chat", "-m", ""], { ...env, OPENAI_API_KEY: "sk-other" });
    expect(wire.seen.length).toBe(2);
    const { out } = await amazonChat(["models", "--ids"], { env: { ...env, OPENAI_API_KEY: "sk-other" } });
    expect(out).toBe("gpt-4o\ngpt-4.1\n");
    expect(wire.seen.length).toBe(2);
    await amazonChat(["models", "--ids", "--refresh"], { env: { ...env, OPENAI_API_KEY: "sk-other" } });
    expect(wire.seen.length).toBe(3);
  });

  test("nobody answers: no ids, no complaint, short names all the same", async () => {
    const env = { OPENAI_BASE_URL: "http://127.0.0.1:9/v1", OPENAI_API_KEY: "sk-fake" };
    expect(await offered(["chat", "-m", "son"], env)).toEqual(["sonnet"]);
  });
});

test("an unknown shell: exit 2 and those that there are", async () => {
  const { out, err, exit } = await amazonChat(["complete", "tcsh"]);
  expect({ out, exit }).toEqual({ out: "", exit: 2 });
  expect(err).toContain("There are: bash, zsh, fish, powershell.");
});
