/** `serve` on a real terminal, where Ctrl-C goes to the supervisor and its workers at once. */
import { expect, test } from "bun:test";
import { fromSource } from "../cli/spawn.ts";
import { keys, Session } from "../terminal/session.ts";
import { askSlowly } from "./ask-slowly.ts";

async function serving(): Promise<{ session: Session; answer: Promise<string> }> {
  const session = new Session([...fromSource, "serve", "--demo", "--port", "0"], { patience: 20_000 });
  const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(await session.shows("Press Ctrl-C"))?.[0];
  const response = await askSlowly(url ?? "");
  return { session, answer: response.text().catch(() => "") };
}

test("Ctrl-C finishes what runs, says so, and ends with 0", async () => {
  const { session, answer } = await serving();
  session.send(keys.interrupt);
  await session.shows("Finishing what runs");
  expect(await answer).toEndWith("data: [DONE]\n\n");
  expect(await session.ended()).toBe(0);
}, 60_000);

test("a second Ctrl-C ends at once with 130, and the answer has no end", async () => {
  const { session, answer } = await serving();
  session.send(keys.interrupt);
  await session.on("Finishing what runs", keys.interrupt);
  const asked = performance.now();
  expect(await session.ended()).toBe(130);
  expect(performance.now() - asked).toBeLessThan(1_900);
  expect(await answer).not.toContain("[DONE]");
}, 60_000);
