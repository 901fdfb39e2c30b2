import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import { demoModels } from "../../../src/providers/demo/models.ts";
import { frames, said, send, spoken, streamed, whole } from "./ask.ts";

test.each(
  demoModels.flatMap(({ id }): [string, number][] => {
    const status = /^demo-error-(\d+)$/.exec(id)?.[1];
    return status === undefined ? [] : [[id, Number(status)]];
  }),
)("%s answers with %i, and is not tried again", async (model, status) => {
  const error = await send("openai", model, said("openai", "x"), true).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ status, retryLimit: 0 });
  expect(error).toHaveProperty("retryable", [429, 500, 503].includes(status));
});

test("a name that is no demo model is 404 and told the others", async () => {
  await expect(send("openai", "demo-nothing", said("openai", "x"), false)).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining("demo-echo"),
  });
});

describe.each([...spoken])("in %s", (id) => {
  test("T-46 demo-cut ends without an end", async () => {
    await expect(streamed(id, "demo-cut", said(id, "x"))).rejects.toMatchObject({ code: "upstream_stream_truncated" });
    expect((await frames(id, "demo-cut", said(id, "x"))).map(({ data }) => data)).not.toContain("[DONE]");
  });

  test("T-47 demo-error-midstream says one error, and nothing behind it", async () => {
    await expect(streamed(id, "demo-error-midstream", said(id, "x"))).rejects.toMatchObject({
      message: "The demo model broke off in the middle of its answer, as you asked.",
    });
    const all = await frames(id, "demo-error-midstream", said(id, "x"));
    expect(all.length).toBeGreaterThan(5);
    expect(all.filter(({ data }) => data.includes("broke off"))).toEqual(all.slice(-1));
  });

  test("demo-garbage sends no answer", async () => {
    await expect(streamed(id, "demo-garbage", said(id, "x"))).rejects.toMatchObject({ status: 502 });
    const reply = await send(id, "demo-garbage", said(id, "x"), false);
    expect(await new Response(reply.body).text()).toStartWith("<html>");
  });

  test("any model fails when it is told to", async () => {
    const body = { ...said(id, "one two three four"), demo: { fail_after: 2 } };
    const data = (await frames(id, "demo-echo", body)).map((frame) => frame.data).join("\n");
    expect(data).toContain(" two");
    expect(data).not.toContain(" three");
    await expect(whole(id, "demo-echo", body)).rejects.toMatchObject({ status: 503 });
  });
});

test("demo-stall is silent until the caller leaves", async () => {
  const abort = new AbortController();
  const reply = await send("openai", "demo-stall", said("openai", "x"), true, abort.signal);
  const reader = reply.body?.getReader();
  if (!reader) throw new Error("no body");
  // The start, the eight tokens with it, and then nothing.
  for (let i = 0; i < 8; i++) expect((await reader.read()).done).toBe(false);
  const silence = reader.read();
  abort.abort(new Error("left"));
  await expect(silence).rejects.toThrow("left");
  const wholeAbort = new AbortController();
  const waiting = send("openai", "demo-stall", said("openai", "x"), false, wholeAbort.signal);
  wholeAbort.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
});

test("T-54 a reader who lets go ends the answer at once", async () => {
  const reply = await send("openai", "demo-stall", said("openai", "x"), true);
  const reader = reply.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(await reader?.closed).toBeUndefined();
});

test("backpressure: a long answer is made only as far as it is taken", async () => {
  const reply = await send("openai", "demo-lorem", { ...said("openai", "x"), demo: { tokens: 100_000 } }, true);
  const reader = reply.body?.getReader();
  const first = await reader?.read();
  expect(first?.value?.length).toBeLessThan(1000);
  const second = await reader?.read();
  expect(second?.value?.length).toBeLessThan(1000);
  await reader?.cancel();
});

test.each<[JsonObject | string, string]>([
  ["fast", "demo"],
  [{ pace_ms: "5" }, "demo.pace_ms"],
  [{ pace_ms: -1 }, "demo.pace_ms"],
  [{ tokens: 0 }, "demo.tokens"],
  [{ fail_after: 1.5 }, "demo.fail_after"],
  [{ speed: 1 }, "demo.speed"],
])("400 for demo = %j", async (demo, param) => {
  const sent = send("openai", "demo-echo", { ...said("openai", "x"), demo }, false);
  await expect(sent).rejects.toMatchObject({ status: 400, param });
});
