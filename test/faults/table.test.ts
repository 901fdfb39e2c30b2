/**
 * Every fault of an upstream × plain and streamed × OpenAI and Bedrock, and what the caller then has: the table that
 * stands beside this file. `UPDATE_GOLDEN=1 bun test test/faults` writes it anew, and the diff is what has to be judged.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { startWire, type Wire } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { faults, type Fault } from "./catalog.ts";
import { call, type Got, said } from "./outcome.ts";
import { type Road, roads } from "./roads.ts";

/** ms in which every cell must be over, whatever the upstream does. */
const deadline = 8_000;
const page = join(import.meta.dir, "table.md");
const update = process.env["UPDATE_GOLDEN"] === "1" && process.env["CI"] !== "true";

type Try = {
  fault: Fault;
  road: Road;
  attempts: number;
  begun: PromiseWithResolvers<void>;
  got?: Got;
  thrown?: unknown;
};
const tries: Try[] = faults.flatMap((fault) =>
  roads.map((road) => ({ fault, road, attempts: 0, begun: Promise.withResolvers<void>() })),
);
const possible = tries.filter(({ fault, road }) => fault.on?.(road) ?? true);

let wire: Wire;
let gateway: Gateway;
beforeAll(async () => {
  // A request carries the number of its try in its text: so all of them can run beside each other.
  wire = startWire((exchange) => {
    const number = /try (\d+)\b/.exec(new TextDecoder().decode(exchange.body))?.[1];
    const one = tries[Number(number)];
    if (!one) throw new Error(`nobody asked: ${exchange.target}`);
    one.attempts++;
    return one.fault.script({ road: one.road, attempt: one.attempts, exchange, begun: one.begun.promise });
  });
  gateway = await startGateway(wire.url, {
    env: {
      FIRST_EVENT_TIMEOUT: "1500ms",
      IDLE_TIMEOUT: "1500ms",
      MAX_EVENT_BYTES: "1MiB",
      MAX_ANSWER_BYTES: "1MiB",
    },
  });
  // A process is slow at first: what is measured against a clock comes after.
  for (const road of roads) {
    await call(gateway.url, road, `try ${tries.findIndex((one) => one.fault.passes && one.road === road)}`, {
      headers: {},
      onBytes: () => undefined,
    });
  }
  for (const one of tries) one.attempts = 0;
  const waiting = [...possible];
  await Promise.all(Array.from({ length: 32 }, () => work(waiting)));
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  wire.stop();
});

async function work(waiting: Try[]): Promise<void> {
  for (let one = waiting.shift(); one; one = waiting.shift()) {
    const { road, fault, begun } = one;
    const text = `try ${tries.indexOf(one)} of many`;
    try {
      one.got = await call(gateway.url, road, text, { headers: fault.headers ?? {}, onBytes: begun.resolve });
    } catch (thrown) {
      one.thrown = thrown;
    }
  }
}

const titles = possible.map((one) => [`${one.fault.name} (${one.road.name})`, one] as const);
test.each(titles)("%s", (_title, { fault, road, got, thrown }) => {
  if (!got) throw new Error("no answer at all", { cause: thrown });
  expect(got.ms).toBeLessThan(deadline);
  const { reading } = got;
  if (fault.passes) {
    expect([got.status, reading.text, reading.ended, reading.error]).toEqual([200, "hello there", true, undefined]);
    return;
  }
  if (fault.handedOn && road.upstream === "openai") {
    expect([reading.ended, reading.faults]).toEqual([true, ["an event that is no JSON"]]);
    return;
  }
  // An error that says something, in the caller's own format, and nothing that looks like an end.
  expect(reading.error?.message).toMatch(/\w{4}/);
  expect(reading.faults).toEqual([]);
  if (got.status === 200) {
    expect(road.stream).toBe(true);
    expect([reading.ended, reading.finish]).toEqual([false, null]);
    expect("hello there".startsWith(reading.text)).toBe(true);
  } else expect(got.status).toBeGreaterThanOrEqual(400);
});

test("there are 25 faults and more, and the table says what came of each", async () => {
  expect(faults.length).toBeGreaterThan(25);
  const text = table();
  if (update) await Bun.write(page, text);
  expect(text).toBe(await Bun.file(page).text());
});

function table(): string {
  const rows = faults.map((fault) => [
    fault.name,
    ...roads.map((road) => {
      const got = tries.find((one) => one.fault === fault && one.road === road)?.got;
      return got ? said(got, fault.byChance !== true) : "–";
    }),
  ]);
  const all = [["the upstream …", ...roads.map(({ name }) => name)], roads.map(() => "---").concat("---"), ...rows];
  return [
    "# What a caller gets when an upstream fails",
    "",
    "Written by `table.test.ts`, which also judges each cell: an HTTP error before the first byte, one error event after",
    "it and no end (`[DONE]`, a finish reason, `message_stop`), no cell without its end. `HTTP` stands for an answer in",
    "the caller's own error format with that status, `event` for a stream of status 200 that ends with that one error",
    "event; `×3` for the attempts that `x-amazon-chat-attempts` names; `whole` for the full answer with its end.",
    "",
    ...all.map((cells) => `| ${cells.map((cell, column) => padded(cell, column, all)).join(" | ")} |`),
    "",
  ].join("\n");
}

/** Columns as wide as their widest cell, as the formatter leaves them. */
function padded(cell: string, column: number, all: readonly string[][]): string {
  const width = Math.max(3, ...all.map((cells) => Bun.stringWidth(cells[column] ?? "")));
  return cell === "---" ? "-".repeat(width) : cell + " ".repeat(width - Bun.stringWidth(cell));
}
