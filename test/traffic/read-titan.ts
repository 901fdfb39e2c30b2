import { emptyReading, type ReadError, type Reading } from "./reading.ts";
import { at, type Json } from "./recordings.ts";

/** A whole Titan answer. */
export function readTitan(body: Json): Reading {
  const out = { ...emptyReading(), ended: true, error: readError(body) };
  if (out.error) return out;
  const result = at.list(body, "results")[0];
  if (result === undefined) out.faults.push("no result");
  out.text = at.text(result, "outputText") ?? "";
  out.finish = at.text(result, "completionReason") ?? null;
  out.guarded = at.text(body, "amazon-bedrock-guardrailAction") === "INTERVENED";
  out.usage = counts(at.number(body, "inputTextTokenCount"), at.number(result, "tokenCount"));
  return out;
}

/** The JSON chunks of a Titan stream; `done` is whether the stream had its end mark after them. */
export function readTitanChunks(chunks: readonly Json[], done: boolean): Reading {
  const out = { ...emptyReading(), ended: done };
  let input: number | undefined;
  let output: number | undefined;
  for (const chunk of chunks) {
    if (out.error) out.faults.push("a chunk after the error");
    out.error = readError(chunk);
    if (out.error) continue;
    out.text += at.text(chunk, "outputText") ?? "";
    const reason = at.text(chunk, "completionReason");
    if (reason !== undefined) {
      if (out.finish !== null) out.faults.push("two completion reasons");
      out.finish = reason;
    }
    if (at.text(chunk, "amazon-bedrock-guardrailAction") === "INTERVENED") out.guarded = true;
    const metrics = at.object(chunk, "amazon-bedrock-invocationMetrics");
    input = at.number(metrics, "inputTokenCount") ?? at.number(chunk, "inputTextTokenCount") ?? input;
    output = at.number(metrics, "outputTokenCount") ?? at.number(chunk, "totalOutputTextTokenCount") ?? output;
  }
  out.usage = counts(input, output);
  return out;
}

function counts(input: number | undefined, output: number | undefined): Reading["usage"] {
  if (input === undefined && output === undefined) return undefined;
  return { input: input ?? 0, output: output ?? 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
}

function readError(body: Json): ReadError | undefined {
  const type = at.text(body, "__type");
  if (type === undefined) return undefined;
  return { type, code: undefined, message: at.text(body, "message") ?? "", param: undefined };
}
