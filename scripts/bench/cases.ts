/** What is measured: the request a caller sends, how many callers, and what its answer must hold. */
import { marker } from "./answers.ts";
import type { Load } from "./load.ts";

export type Case = {
  name: string;
  /** The case whose figure of the pass-through is the reference; a translation has none of its own. */
  reference: string;
  /** What the CPU is divided by beyond requests. */
  unit?: { name: string; perRequest: number };
  /** Only with --full. */
  full?: true;
  /** Part of the growth table (--growth): the cost of a unit must not depend on how many there are. */
  growth?: true;
  /** What the case is about. */
  shows: ("cpu" | "latency" | "first byte" | "stall")[];
  /** Processes that serve; one, unless it says more. */
  workers?: number;
  /** A translation has nothing to be compared with there. */
  throughPassThrough: boolean;
  load: Omit<Load, "port" | "path" | "key">;
};

const claude = "us.anthropic.claude-sonnet-4-5-bench";
const base = { rampMs: 0, marker, paceMs: 0 };

function chat(model: string, more: Record<string, unknown> = {}): string {
  const messages = [{ role: "user", content: "Say it." }];
  return JSON.stringify({ model, messages, max_completion_tokens: 500, temperature: 0.2, ...more });
}

const streamed = { stream: true, stream_options: { include_usage: true } };

/** A body of about `bytes` bytes whose last message is the long one. */
function long(bytes: number): string {
  const filler = "The quick brown fox jumps over the lazy dog. ".repeat(Math.ceil(bytes / 45)).slice(0, bytes);
  return chat("gpt-4o-json8", { messages: [{ role: "user", content: filler }] });
}

/** 50 turns with tool calls and results, 20 tools: what an agent sends late in its day. */
function conversation(model: string, turns: number): string {
  const messages: unknown[] = [{ role: "system", content: "You are a careful agent. ".repeat(40) }];
  for (let n = 0; n < turns; n += 1) {
    const id = `call_${n}`;
    messages.push({ role: "user", content: `Step ${n}: look up the next thing and say what you found. `.repeat(5) });
    messages.push({
      role: "assistant",
      content: "I will look it up.",
      tool_calls: [
        {
          id,
          type: "function",
          function: { name: `tool_${n % 20}`, arguments: JSON.stringify({ query: `thing ${n}`, limit: 10 }) },
        },
      ],
    });
    messages.push({ role: "tool", tool_call_id: id, content: `Result ${n}: ${"value ".repeat(150)}` });
    messages.push({ role: "assistant", content: `I found ${"something ".repeat(30)}` });
  }
  messages.push({ role: "user", content: "And now?" });
  const tools = Array.from({ length: 20 }, (_, n) => ({
    type: "function",
    function: {
      name: `tool_${n}`,
      description: `Looks up things of kind ${n} and gives back what is known about them.`,
      parameters: {
        type: "object",
        properties: { query: { type: "string", description: "What to look for" }, limit: { type: "integer" } },
        required: ["query"],
      },
    },
  }));
  return JSON.stringify({ model, messages, tools, max_completion_tokens: 500 });
}

function messagesOf(model: string, count: number): string {
  const messages = Array.from({ length: count }, (_, n) => ({
    role: n % 2 === 0 ? "user" : "assistant",
    content: `Message ${n} of many.`,
  }));
  messages.push({ role: "user", content: "And now?" });
  return JSON.stringify({ model, messages });
}

const json = (body: string, connections: number, requests: number): Case["load"] => ({
  ...base,
  body,
  connections,
  requests,
  count: 8,
  stream: false,
});

const stream = (model: string, chunks: number, connections: number, requests: number): Case["load"] => ({
  ...base,
  body: chat(model, streamed),
  connections,
  requests,
  count: chunks,
  stream: true,
});

const talk = conversation(`${claude}-json8`, 50);

/** Short exchanges of every kind, many of them: what each costs when it is new is not what is asked. */
export const warmUps: Case[] = [
  json(chat("gpt-4o-json8"), 50, 40_000),
  json(chat(`${claude}-json8`), 50, 40_000),
  stream("gpt-4o-stream3", 3, 20, 20_000),
  stream(`${claude}-stream3`, 3, 20, 20_000),
  json(long(64 * 1024), 4, 5_000),
].map((load): Case => {
  const throughPassThrough = load.body.includes('"gpt-');
  return { name: "warm-up", reference: "", shows: ["cpu"], throughPassThrough, load };
});

/** 20,000 requests, half of them translated. */
export const memoryLoads: Case[] = [chat("gpt-4o-json8"), chat(`${claude}-json8`)].map((body) => ({
  name: "memory",
  reference: "",
  shows: [],
  throughPassThrough: false,
  load: json(body, 50, 10_000),
}));

export const cases: Case[] = [
  {
    name: "OpenAI JSON, 50 connections",
    reference: "",
    shows: ["cpu"],
    throughPassThrough: true,
    load: json(chat("gpt-4o-json8"), 50, 16_000),
  },
  {
    name: "OpenAI stream of 200, 20 connections",
    reference: "",
    unit: { name: "chunk", perRequest: 200 },
    shows: ["cpu"],
    throughPassThrough: true,
    load: stream("gpt-4o-stream200", 200, 20, 800),
  },
  {
    name: "OpenAI → Converse JSON, 50 connections",
    reference: "OpenAI JSON, 50 connections",
    shows: ["cpu"],
    throughPassThrough: false,
    load: json(chat(`${claude}-json8`), 50, 16_000),
  },
  {
    name: "OpenAI → ConverseStream of 200, 20 connections",
    reference: "OpenAI stream of 200, 20 connections",
    unit: { name: "chunk", perRequest: 200 },
    shows: ["cpu"],
    throughPassThrough: false,
    load: stream(`${claude}-stream200`, 200, 20, 800),
  },
  ...[64 * 1024, 1024 * 1024, 8 * 1024 * 1024].map((bytes): Case => ({
    name: `OpenAI JSON, body of ${bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MB` : `${bytes / 1024} KB`}`,
    reference: "",
    unit: { name: "KB", perRequest: bytes / 1024 },
    shows: ["cpu"],
    throughPassThrough: true,
    load: json(long(bytes), 4, Math.max(24, Math.min(3000, Math.round((200 * 1024 * 1024) / bytes)))),
  })),
  {
    name: "50 turns and 20 tools → Converse",
    reference: "",
    unit: { name: "byte (ns)", perRequest: Buffer.byteLength(talk) / 1000 },
    shows: ["cpu"],
    throughPassThrough: false,
    load: json(talk, 8, 400),
  },
  {
    name: "OpenAI JSON, 1 connection",
    reference: "",
    shows: ["latency"],
    throughPassThrough: true,
    load: json(chat("gpt-4o-json8"), 1, 1500),
  },
  {
    name: "OpenAI stream, first token, 20 connections",
    reference: "",
    shows: ["first byte"],
    throughPassThrough: true,
    load: { ...stream("gpt-4o-paced3", 3, 20, 60), paceMs: 100 },
  },
  {
    name: "1,000 paced streams",
    reference: "",
    shows: ["first byte", "stall"],
    throughPassThrough: true,
    load: { ...stream("gpt-4o-paced15", 15, 1000, 1000), rampMs: 1, paceMs: 100 },
  },
  {
    name: "1,000 paced streams → ConverseStream",
    reference: "1,000 paced streams",
    full: true,
    shows: ["first byte", "stall"],
    throughPassThrough: false,
    load: { ...stream(`${claude}-paced15`, 15, 1000, 1000), rampMs: 1, paceMs: 100 },
  },
  {
    name: "2,000 paced streams, 2 workers",
    reference: "",
    full: true,
    shows: ["first byte", "stall"],
    workers: 2,
    throughPassThrough: false,
    load: { ...stream("gpt-4o-paced15", 15, 2000, 2000), rampMs: 1, paceMs: 100 },
  },
  ...[1, 10, 100, 1000].map((count): Case => ({
    name: `${count} messages → Converse`,
    reference: "",
    unit: { name: "message", perRequest: count },
    full: true,
    growth: true,
    shows: ["cpu"],
    throughPassThrough: false,
    load: json(messagesOf(`${claude}-json8`, count), 8, Math.max(100, Math.round(2000 / Math.sqrt(count)))),
  })),
  ...[10, 100, 1000, 10_000].map((chunks): Case => ({
    name: `stream of ${chunks} → ConverseStream`,
    reference: "",
    unit: { name: "chunk", perRequest: chunks },
    full: true,
    growth: true,
    shows: ["cpu"],
    throughPassThrough: false,
    load: stream(`${claude}-stream${chunks}`, chunks, 8, Math.max(8, Math.round(20_000 / chunks))),
  })),
];
