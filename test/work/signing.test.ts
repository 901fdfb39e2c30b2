// One signature an attempt, and the key of the day derived once.
import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { converse } from "../fakes/converse.ts";
import { json } from "../fakes/http.ts";
import { openBetween, type Between } from "../traps/gateway.ts";

let between: Between;
beforeAll(() => {
  between = openBetween((_, attempt) =>
    attempt === 2 ? json({ message: "busy" }, { status: 503 }) : converse({ content: [{ text: "ok" }] }),
  );
});
afterAll(() => between.stop());

const request = {
  model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
  messages: [{ role: "user", content: "Hello" }],
};

async function hashing(work: () => Promise<unknown>): Promise<{ hashes: number; hmacs: number }> {
  const hash = spyOn(Bun.SHA256, "hash");
  const update = spyOn(Bun.CryptoHasher.prototype, "update");
  try {
    await work();
    return { hashes: hash.mock.calls.length, hmacs: update.mock.calls.length };
  } finally {
    hash.mockRestore();
    update.mockRestore();
  }
}

test("the first call derives the key, the next ones do not; a retry signs once more", async () => {
  await between.ask(request);
  const before = between.wire.seen.length;
  const retried = await hashing(() => between.ask(request));
  expect(between.wire.seen.length - before).toBe(2);
  // An attempt hashes its body and its canonical request, and makes one HMAC.
  expect(retried).toEqual({ hashes: 4, hmacs: 2 });
  const plain = await hashing(() => between.ask(request));
  expect(plain).toEqual({ hashes: 2, hmacs: 1 });
});
