import { afterEach, expect, test } from "bun:test";
import { converseMessages, streamHead } from "./converse.ts";
import { messages } from "./event-stream.ts";
import { cut, json, lying, pieces, slices } from "./http.ts";
import { type Script, startWire, type Wire } from "./wire.ts";

let wire: Wire | undefined;
afterEach(() => wire?.stop());

function serve(script: () => Script): string {
  wire = startWire(script);
  return wire.url;
}

test("a fake keeps the request as it came: target, headers, body bytes, reuse of the connection", async () => {
  const url = serve(() => json({ ok: true }));
  const body = new Uint8Array([0, 1, 2, 255]);
  for (let n = 0; n < 2; n += 1) {
    const response = await fetch(`${url}/model/a%3Ab%2Fc/converse?x=1`, {
      method: "POST",
      body,
      headers: { "X-Thing": "y" },
    });
    expect(await response.json()).toEqual({ ok: true });
  }
  const [first, second] = wire?.seen ?? [];
  expect(first?.target).toBe("/model/a%3Ab%2Fc/converse?x=1");
  expect(first?.headers["x-thing"]).toBe("y");
  expect(first?.body).toEqual(body);
  expect([first?.reused, second?.reused]).toEqual([0, 1]);
});

test("a chunked request body is put together", async () => {
  const url = serve(() => json({}));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(Buffer.from("abc"));
      controller.enqueue(Buffer.from("def"));
      controller.close();
    },
  });
  await fetch(url, { method: "POST", body: stream });
  expect(Buffer.from(wire?.seen[0]?.body ?? []).toString()).toBe("abcdef");
});

test("an answer larger than the socket's buffer arrives whole", async () => {
  const big = Buffer.alloc(8_000_000, "x");
  const url = serve(() =>
    pieces(
      {},
      slices(big, () => 1_000_000),
    ),
  );
  expect((await (await fetch(url)).bytes()).length).toBe(big.length);
});

test("event-stream messages survive their own reading", () => {
  const answer = { content: [{ text: "Grüße" }, { toolUse: { toolUseId: "t1", name: "f", input: { a: 1 } } }] };
  const read = messages(Buffer.concat(converseMessages(answer)));
  expect(read.map((m) => m.headers[":event-type"])).toEqual([
    "messageStart",
    "contentBlockDelta",
    "contentBlockDelta",
    "contentBlockStop",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
  ]);
  expect(JSON.parse(Buffer.from(read[1]?.payload ?? []).toString())).toEqual({
    contentBlockIndex: 0,
    delta: { text: "Grüß" },
  });
});

test.each(["clean", "closed", "reset"] as const)(
  "a cut that is %s ends after the bytes it promised",
  async (manner) => {
    const body = Buffer.concat(converseMessages({ content: [{ text: "hello" }] }));
    const url = serve(() => cut(streamHead, body, 40, manner));
    const received: Uint8Array[] = [];
    let failed = false;
    try {
      const response = await fetch(url);
      for await (const chunk of response.body ?? []) received.push(chunk);
    } catch {
      failed = true;
    }
    expect(Buffer.concat(received).length).toBeLessThanOrEqual(40);
    expect(failed).toBe(manner !== "clean");
  },
);

test("a lie about the length is a broken body", async () => {
  const url = serve(() => lying({}, "short", 50));
  const outcome = fetch(url).then((response) => response.text());
  expect(outcome).rejects.toThrow();
});
