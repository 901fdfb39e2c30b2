/** Hostile media URLs through a whole gateway: refused with the field's name, and nobody is called, neither there nor upstream. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { converse } from "../fakes/converse.ts";
import { startWire, type Wire } from "../fakes/wire.ts";
import { hostile } from "../providers/media/hostile-urls.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";

let upstream: Wire;
let gateway: Gateway;
beforeAll(async () => {
  upstream = startWire(() => converse({ content: [{ text: "seen" }] }));
  gateway = await startGateway(upstream.url);
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const asOpenAI = (model: string) => (url: string) => ({
  model,
  messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
});
const asClaude = (model: string, type: "image" | "document") => (url: string) => ({
  model,
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 10,
  messages: [{ role: "user", content: [{ type, source: { type: "url", url } }] }],
});
/** Every way on which this gateway, and not the upstream, would fetch. */
const ways = [
  ["an image of an OpenAI body to Converse", asOpenAI(claude), "messages[0].content[0].image_url.url"],
  ["an image of a Claude body to Converse", asClaude("amazon.nova-pro-v1:0", "image"), undefined],
  ["an image of a Claude body to InvokeModel", asClaude(claude, "image"), undefined],
  ["a document of a Claude body to InvokeModel", asClaude(claude, "document"), undefined],
  ["a document of a Claude body to OpenAI", asClaude("gpt-4o", "document"), undefined],
] as const;

/** Data URLs are no fetch, and what these names resolve to is the guard's own tests' business: the system knows none of them. */
const urls = hostile.filter((url) => !/^data:|^https:\/\/(?:private|mixed|meta|mapped|nat64|ula|empty)\./.test(url));

test.each(ways)(
  "%s",
  async (_, body, param) => {
    expect(urls.length).toBeGreaterThanOrEqual(60);
    for (const url of urls) {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body(url)),
      });
      const { error } = (await response.json()) as { error: { param: string; message: string } };
      expect(response.status, url).toBe(400);
      if (param !== undefined) expect(error.param, url).toBe(param);
      // What an inner network looks like is not said.
      expect(error.message, url).not.toMatch(/ECONNREFUSED|ENOTFOUND|10\.0\.0\.5/);
    }
    expect(upstream.seen).toEqual([]);
  },
  60_000,
);
