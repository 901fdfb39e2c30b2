/** A gateway whose upstream is a list of bytes in memory, and what it does with them, counted. */
import { spyOn } from "bun:test";
import { dialect } from "../../src/dialects/registry.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { sseText } from "../../src/framing/sse-text.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import type { Answer } from "../../src/gateway/answer.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import { newRecord } from "../../src/gateway/record.ts";
import { defaultSettings } from "../../src/gateway/settings.ts";
import type { Call, Framing, Provider, Reply } from "../../src/providers/provider.ts";

/** What the upstream answers: `pieces` are its network chunks. */
export type Upstream = {
  speaks: "openai" | "bedrock_converse" | "bedrock_claude";
  framing: Framing;
  pieces: readonly Uint8Array[];
};

export type Asked = { answer: Answer; calls: Call[] };

/** Sends one request through a gateway between nothing and `upstream`. */
export async function ask(
  body: Uint8Array<ArrayBuffer>,
  upstream: Upstream,
  headers = new Headers(),
  { signal } = new AbortController(),
): Promise<Asked> {
  const calls: Call[] = [];
  const provider: Provider = {
    id: upstream.speaks === "openai" ? "openai" : "bedrock",
    speaks: () => [upstream.speaks],
    problem: () => undefined,
    send: (call) => (calls.push(call), Promise.resolve(replyOf(upstream))),
  };
  const gateway = createGateway({
    settings: defaultSettings,
    providers: { openai: provider, bedrock: provider, demo: undefined },
    dialect,
    framings: { sse: sseDecoder, aws: awsDecoder, sseText },
  });
  const answer = await gateway.chat({
    bytes: body,
    target: null,
    headers,
    signal,
    record: newRecord("r"),
  });
  return { answer, calls };
}

function replyOf({ framing, pieces }: Upstream): Reply {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const headers = new Headers(framing === "json" ? { "content-length": String(size) } : {});
  let next = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[next++];
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  const [whole] = pieces;
  return {
    status: 200,
    headers,
    framing,
    body,
    ...(framing === "json" && whole && { bytes: () => Promise.resolve(whole) }),
  };
}

/** Everything a stream writes, one entry a write. */
export async function writesOf(answer: Answer): Promise<(string | Uint8Array)[]> {
  if (!("pump" in answer)) throw new Error(`no stream but ${answer.status}: ${String(answer.body)}`);
  const writes: (string | Uint8Array)[] = [];
  for (let write = await answer.pump.next(); write !== undefined; write = await answer.pump.next()) writes.push(write);
  return writes;
}

/** How often the runtime parsed, and wrote, a JSON text of `atLeast` characters while `work` ran. */
export async function jsonWork(
  atLeast: number,
  work: () => Promise<unknown>,
): Promise<{ parsed: number; written: number }> {
  const parse = spyOn(JSON, "parse");
  const stringify = spyOn(JSON, "stringify");
  try {
    await work();
    const parsed = parse.mock.calls.filter(([text]) => text.length >= atLeast).length;
    const written = stringify.mock.results.filter(
      ({ value }) => typeof value === "string" && value.length >= atLeast,
    ).length;
    return { parsed, written };
  } finally {
    parse.mockRestore();
    stringify.mockRestore();
  }
}
