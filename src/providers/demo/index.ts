import type { ChatResponse, DialectId } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import type { Context, Dialect } from "../../dialects/dialect.ts";
import type { Call, Provider, Reply } from "../provider.ts";
import { answer } from "./answer.ts";
import { faultOf, refuse } from "./failures.ts";
import { byteStream, type Talk } from "./talk.ts";
import { usageOf } from "./tokens.ts";
import { wholeText } from "./whole.ts";
import { readWishes, type Wishes } from "./wishes.ts";

export type DemoOptions = {
  /** The wire formats, handed in: providers know none by name. */
  dialect: (id: DialectId) => Dialect;
  /** ms between two tokens, unless a request says otherwise. */
  pace?: number;
  /** Unix seconds. */
  now?: () => number;
};

const defaultPace = 20;
/** How much slower `demo-slow` is than the others. */
const slowness = 25;
/** ms: nobody learns from waiting longer for a whole answer. */
const longestWait = 2_000;
/** Tokens before a fault, where the request says nothing. */
const failsAfter = 8;

/**
 * A model that is none: deterministic answers in every dialect through the hub, streams at a pace, tools, reasoning,
 * structured output, and every way to fail (design.md section 10). Speaks what the caller speaks.
 */
export function demoProvider({ dialect, pace = defaultPace, now = () => Date.now() / 1000 }: DemoOptions): Provider {
  return {
    id: "demo",
    speaks: () => ["openai", "bedrock_claude", "bedrock_titan"],
    problem: () => undefined,
    send: (call) => send(call, dialect(call.dialect), pace, Math.floor(now())),
    preview: ({ model }) => ({ method: "POST", url: `demo:${model}`, headers: {} }),
  };
}

async function send(call: Call, dialect: Dialect, pace: number, created: number): Promise<Reply> {
  call.signal.throwIfAborted();
  refuse(call.model);
  const text = textOf(call.body);
  const { demo, ...fields } = parse(text);
  const wishes = readWishes(demo);
  const request = { ...dialect.request.decode(fields), model: call.model };
  // What asks for another kind of answer (n, logprobs, audio) is refused; Claude's server tools merely never run.
  if (call.dialect === "openai") dialect.request.leave(request, call.facts);
  const seed = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const context: Context = {
    model: call.model,
    seed,
    created,
    includeUsage: request.includeUsage,
    legacyFunctions: request.legacyFunctions === true,
    facts: call.facts,
  };
  const { content, finish } = answer(request, wishes, seed);
  const usage = usageOf(request, content);
  const response: ChatResponse = { id: seed, model: call.model, content, finish, usage };
  const fault = faultFor(call.model, wishes);
  const headers = new Headers({ "x-request-id": `demo-${seed.slice(0, 16)}` });
  if (call.stream) {
    headers.set("content-type", "text/event-stream; charset=utf-8");
    const body = byteStream({
      response,
      dialect,
      context,
      pace: paceFor(call.model, wishes, pace),
      fault,
      signal: call.signal,
    });
    return { status: 200, headers, framing: "sse", body };
  }
  headers.set("content-type", "application/json");
  const whole = await wholeText(response, dialect, context, {
    waitMs: waitFor(call.model, wishes, pace, usage.output),
    fault: fault?.kind,
    signal: call.signal,
  });
  return { status: 200, headers, framing: "json", body: new Response(whole).body };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Throws 400 on bytes that are no UTF-8: what was meant by them is not known. */
function textOf(body: Call["body"]): string {
  try {
    return typeof body === "string" ? body : utf8.decode(body);
  } catch {
    throw notJson("It is not valid UTF-8.");
  }
}

function parse(text: string): JsonObject {
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    // Said below.
  }
  throw notJson("Check its quotes, commas and escapes.");
}

function notJson(why: string): GatewayError {
  return new GatewayError({
    kind: "invalid_request",
    message: `We could not parse the JSON body of your request. ${why}`,
  });
}

function faultFor(model: string, { failAfter }: Wishes): Talk["fault"] {
  const kind = faultOf(model) ?? (failAfter === undefined ? undefined : "error");
  return kind && { kind, after: failAfter ?? failsAfter };
}

function paceFor(model: string, { paceMs }: Wishes, pace: number): number {
  return paceMs ?? (model === "demo-slow" ? pace * slowness : pace);
}

/** A whole answer takes as long as its tokens do, within reason where nobody asked for slowness. */
function waitFor(model: string, wishes: Wishes, pace: number, tokens: number): number {
  const all = paceFor(model, wishes, pace) * tokens;
  return wishes.paceMs !== undefined || model === "demo-slow" ? all : Math.min(all, longestWait);
}
