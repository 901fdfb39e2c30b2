/** A recorded stream that breaks off: whatever the caller gets, it must not look like a whole answer. */
import { type CutManner, cut } from "../fakes/http.ts";
import { messages } from "../fakes/event-stream.ts";
import { callerReading, jsonOf } from "./caller-answer.ts";
import { expectation, outputOf, type Target } from "./expectation.ts";
import { inboundOf } from "./inbound.ts";
import { isObject, type Recording } from "./recordings.ts";
import { ruledOut } from "./ruled-out.ts";
import type { Stage } from "./stage.ts";
import { firstException, meaning, upstreamAnswer } from "./upstream-answer.ts";

/** A recording whose answer is a good stream, with what is needed to cut it; undefined for all others. */
export function cuttable(recording: Recording, target: Target): { bytes: Uint8Array; complete: number } | undefined {
  const inbound = inboundOf(recording);
  const answer = upstreamAnswer(recording);
  if ("excluded" in inbound || !inbound.stream || !answer.streamed || answer.status !== 200) return undefined;
  if (firstException(answer) || ruledOut(recording, inbound, outputOf(target))) return undefined;
  const openai = inbound.wire === "openai";
  return {
    bytes: answer.bytes,
    complete: openai ? openaiComplete(answer.bytes) : awsComplete(answer.bytes, inbound.wire),
  };
}

/** From this byte on the answer has said its end, so that a normal end is no lie. */
function openaiComplete(bytes: Uint8Array): number {
  const at = Buffer.from(bytes).lastIndexOf("data: [DONE]");
  return at < 0 ? bytes.length : at + "data: [DONE]".length;
}

function awsComplete(bytes: Uint8Array, wire: string): number {
  if (wire !== "bedrock_converse") return bytes.length;
  let end = 0;
  for (const { headers, payload, length } of lengths(bytes)) {
    end += length;
    if (headers[":event-type"] === "messageStop" && payload.length > 0) return end;
  }
  return bytes.length;
}

function lengths(bytes: Uint8Array): { headers: Record<string, string>; payload: Uint8Array; length: number }[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return messages(bytes).map((message) => {
    const length = view.readUInt32BE(at);
    at += length;
    return { ...message, length };
  });
}

/** What is wrong with the caller's answer when the upstream's ends after `length` bytes. */
export async function cutFaults(
  stage: Stage,
  recording: Recording,
  target: Target,
  length: number,
  manner: CutManner,
): Promise<string[]> {
  const inbound = inboundOf(recording);
  if ("excluded" in inbound) throw new Error(inbound.excluded);
  const output = outputOf(target);
  const answer = upstreamAnswer(recording);
  const query = target === "none" ? "" : `?target_format=${target}`;
  const { reply } = await stage.ask(JSON.stringify(inbound.body), query, () =>
    cut(answer, answer.bytes, length, manner),
  );
  if (reply.status !== 200) {
    const body = jsonOf(reply.bytes);
    const faults = reply.status >= 500 ? [] : [`status ${reply.status}`];
    return isObject(body) && (isObject(body["error"]) || "__type" in body) ? faults : [...faults, "no error body"];
  }
  const told = callerReading(reply, { output, model: inbound.model, stream: true, includeUsage: inbound.includeUsage });
  const faults = told.faults.filter((fault) => fault.startsWith("an event after") || fault.startsWith("content-type"));
  if (told.ended) faults.push("a normal end");
  if (!told.error) faults.push("no error event");
  if (inbound.wire !== output) {
    const whole = expectation(meaning(answer, inbound.wire), inbound.wire, output, true);
    if (!whole.text.startsWith(told.text)) faults.push("text that was never said");
    if (!told.ended && told.finish !== null && length < answer.bytes.length / 2) faults.push(`finish ${told.finish}`);
  }
  return faults;
}
