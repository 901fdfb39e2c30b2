/** Verbatim bodies of which something in the messages has to change: the rest stays byte for byte. */
import { expect, test } from "bun:test";
import { dialect } from "../../src/dialects/registry.ts";
import { Body } from "../../src/gateway/body.ts";
import { plan } from "../../src/gateway/plan.ts";
import { prepare } from "../../src/gateway/prepare.ts";
import { route } from "../../src/gateway/route.ts";
import { defaultSettings } from "../../src/gateway/settings.ts";
import type { Provider } from "../../src/providers/provider.ts";

const settings = {
  ...defaultSettings,
  fetchMedia: () => Promise.resolve({ data: "AAAA", mediaType: "image/png" }),
};

async function sent(model: string, request: string, text: string, headers: Record<string, string> = {}) {
  const facts = route(model, settings.routing);
  const provider: Provider = {
    id: facts.host,
    speaks: () => [request],
    problem: () => undefined,
    send: () => Promise.reject(new Error("nothing is sent")),
  };
  const planned = plan({ request, reply: "openai", facts, provider, dialect });
  const { signal } = new AbortController();
  const inbound = { headers: new Headers(headers), stream: false, settings, signal };
  const prepared = await prepare(planned, new Body(new TextEncoder().encode(text), 128), inbound);
  const { body, losses } = prepared.outgoing(facts);
  return { text: typeof body === "string" ? body : new TextDecoder().decode(body), losses };
}

const claude = "anthropic.claude-sonnet-4-5-20250929-v1:0";

test("Claude: an image by URL is fetched into the messages; betas of the header stay", async () => {
  const image = { type: "image", source: { type: "url", url: "https://images.example/a.png" } };
  const messages = JSON.stringify([{ role: "user", content: [image] }]);
  const { text } = await sent(
    claude,
    "bedrock_claude",
    `{"model":"${claude}","max_tokens": 5,"anthropic_beta":["one"],"big": 12345678901234567890,"messages":${messages}}`,
    { "anthropic-beta": "two" },
  );
  expect(text).toBe(
    '{"max_tokens": 5,"big": 12345678901234567890,"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["one","two"],' +
      '"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}',
  );
});

test.each([
  ["gpt-4o", "openai"],
  [claude, "bedrock_claude"],
])("%s: guard_content is cut from the messages alone, and is a loss", async (model, request) => {
  const part = '{"type":"text","text":"Hi","guard_content":true}';
  const { text, losses } = await sent(
    model,
    request,
    `{"model":"${model}","max_tokens": 5,"seed": 12345678901234567890,"messages":[{"role":"user","content":[${part}]}]}`,
  );
  expect(text).toContain('"max_tokens": 5,"seed": 12345678901234567890');
  expect(text).toContain('"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]');
  expect(losses.map(({ path }) => path)).toEqual(["messages[0].content[0].guard_content"]);
});
