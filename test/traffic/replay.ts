/** One recording, one target: the request goes through the gateway, the recorded answer comes back, and is judged. */
import { isDeepStrictEqual } from "node:util";
import { pieces, whole } from "../fakes/http.ts";
import { signatureFault } from "../fakes/signature.ts";
import type { Exchange, Script } from "../fakes/wire.ts";
import { callerReading, claudePayloads, jsonOf } from "./caller-answer.ts";
import { differences } from "./difference.ts";
import { bedrockError, errorDifferences, exceptionName, type ExpectedError, openaiError } from "./error-expectation.ts";
import { expectation, type Output, outputOf, type Target } from "./expectation.ts";
import { awsKeys } from "./gateway.ts";
import { type Inbound, inboundOf } from "./inbound.ts";
import { at, type Json, type JsonObject, type Recording } from "./recordings.ts";
import { ruledOut } from "./ruled-out.ts";
import { sseEvents } from "./sse.ts";
import type { Reply, Stage } from "./stage.ts";
import { firstException, meaning, type UpstreamAnswer, upstreamAnswer } from "./upstream-answer.ts";

export type Outcome = {
  recording: Recording;
  target: Target;
  verdict: "right" | "wrong" | "excluded";
  /** What is wrong, or why it was left out. */
  reasons: string[];
  /** Which edges had to be byte for byte, and whether they were. */
  verbatim: { request?: boolean; answer?: boolean };
};

/** How an upstream answer goes over the wire. */
export type Delivery = (answer: UpstreamAnswer) => Script;

/** As recorded: a whole answer with its length, a stream in one piece. */
export const asRecorded: Delivery = (answer) =>
  answer.streamed ? pieces(answer, [answer.bytes]) : whole(answer, answer.bytes);

export async function replay(
  stage: Stage,
  recording: Recording,
  target: Target,
  deliver: Delivery = asRecorded,
): Promise<Outcome> {
  const outcome = (verdict: Outcome["verdict"], reasons: string[], verbatim: Outcome["verbatim"] = {}): Outcome => ({
    recording,
    target,
    verdict,
    reasons,
    verbatim,
  });
  const inbound = inboundOf(recording);
  if ("excluded" in inbound) return outcome("excluded", [inbound.excluded]);
  const output = outputOf(target);
  const exception = ruledOut(recording, inbound, output);
  if (exception && "excluded" in exception) return outcome("excluded", [exception.excluded]);
  const answer = upstreamAnswer(recording);
  // Indented: a request that was parsed and written again would not look the same.
  const sent = JSON.stringify(inbound.body, null, 1);
  const query = target === "none" ? "" : `?target_format=${target}`;
  const { reply, upstream } = await stage.ask(sent, query, () => deliver(answer));
  if (exception) {
    const unsent = upstream.length === 0 ? [] : ["a request that the gateway refuses went upstream"];
    const body = jsonOf(reply.bytes) ?? null;
    return judged([...unsent, ...errorDifferences(exception.refused, exception.envelope, reply.status, body)], {});
  }
  const reasons = upstream.flatMap((exchange) => requestFaults(exchange, inbound, sent, output));
  const verbatim: Outcome["verbatim"] = {};
  if (inbound.verbatim) verbatim.request = !reasons.some((reason) => reason.startsWith("request body"));
  if (upstream.length === 0) reasons.push("nothing went upstream");
  const error = expectedError(recording, answer, inbound);
  if (error) reasons.push(...errorDifferences(error, output, reply.status, jsonOf(reply.bytes) ?? null));
  else if (reply.status !== 200)
    reasons.push(`status ${reply.status}: ${Buffer.from(reply.bytes).toString().slice(0, 300)}`);
  else if (inbound.wire === output) {
    const faults = verbatimFaults(reply, answer, output);
    verbatim.answer = faults.length === 0;
    reasons.push(...faults);
  } else reasons.push(...translationFaults(reply, answer, inbound, output));
  return judged(reasons, verbatim);

  function judged(found: string[], edges: Outcome["verbatim"]): Outcome {
    return outcome(found.length === 0 ? "right" : "wrong", found, edges);
  }
}

function expectedError(recording: Recording, answer: UpstreamAnswer, inbound: Inbound): ExpectedError | undefined {
  const thrown = firstException(answer);
  if (thrown) return bedrockError(400, thrown.type ?? "", thrown.message);
  if (answer.status < 400) return undefined;
  const body = jsonOf(answer.bytes) ?? null;
  if (inbound.wire === "openai") return openaiError(answer.status, body);
  const message = at.text(body, "message") ?? at.text(body, "Message") ?? "";
  return bedrockError(answer.status, exceptionName(recording, body), message);
}

const operations = {
  openai: { whole: "", stream: "" },
  bedrock_claude: { whole: "invoke", stream: "invoke-with-response-stream" },
  bedrock_titan: { whole: "invoke", stream: "invoke-with-response-stream" },
  bedrock_converse: { whole: "converse", stream: "converse-stream" },
} as const;

function requestFaults(exchange: Exchange, inbound: Inbound, sent: string, output: Output): string[] {
  const faults: string[] = [];
  const operation = operations[inbound.wire][inbound.stream ? "stream" : "whole"];
  const path =
    inbound.wire === "openai" ? "/v1/chat/completions" : `/model/${encodeURIComponent(inbound.model)}/${operation}`;
  if (exchange.target !== path) faults.push(`request path ${exchange.target}, expected ${path}`);
  if (inbound.wire === "openai") {
    if (exchange.headers["authorization"] !== "Bearer sk-upstream") faults.push("request authorization");
  } else {
    const fault = signatureFault(exchange, awsKeys.secret);
    if (fault !== undefined) faults.push(`request signature: ${fault}`);
  }
  if (!inbound.verbatim) return faults;
  const got = Buffer.from(exchange.body).toString("utf8");
  const want = verbatimBody(inbound, sent, output);
  if (inbound.wire === "openai" && want === sent) {
    if (got !== sent) faults.push(`request body is not the caller's bytes: ${got.slice(0, 200)}`);
  } else if (!isDeepStrictEqual(JSON.parse(got), JSON.parse(want))) {
    faults.push(`request body: expected ${want.slice(0, 200)}, got ${got.slice(0, 200)}`);
  }
  return faults;
}

/** The caller's body, less what stands in the URL; a stream that is translated needs its usage (mapping G.6). */
function verbatimBody(inbound: Inbound, sent: string, output: Output): string {
  if (inbound.wire === "openai") {
    if (output === "openai" || !inbound.stream || inbound.includeUsage) return sent;
    const options: JsonObject = { ...at.object(inbound.body, "stream_options"), include_usage: true };
    return JSON.stringify({ ...inbound.body, stream_options: options });
  }
  const { model: _model, stream: _stream, ...rest } = inbound.body;
  return JSON.stringify(rest);
}

function verbatimFaults(reply: Reply, answer: UpstreamAnswer, output: Output): string[] {
  if (output === "openai" || !answer.streamed) {
    const same = Buffer.compare(reply.bytes, answer.bytes) === 0;
    return same
      ? []
      : [`answer bytes differ at ${firstDifference(reply.bytes, answer.bytes)} of ${answer.bytes.length}`];
  }
  const events = sseEvents(reply.bytes);
  const done = events.at(-1)?.data === "[DONE]";
  const got =
    output === "bedrock_claude"
      ? claudePayloads(events)
      : events.slice(0, -1).map((event): Json => JSON.parse(event.data));
  const faults: string[] = [];
  if (done !== (output === "bedrock_titan")) faults.push(done ? "[DONE] in a Claude stream" : "no [DONE]");
  for (const { event, data } of output === "bedrock_claude" ? events : []) {
    if (event !== at.text(JSON.parse(data), "type")) faults.push(`event: ${event}`);
  }
  if (JSON.stringify(got) !== JSON.stringify(answer.payloads)) faults.push("answer payloads differ");
  return faults;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n += 1;
  return n;
}

function translationFaults(reply: Reply, answer: UpstreamAnswer, inbound: Inbound, output: Output): string[] {
  const said = meaning(answer, inbound.wire);
  const told = callerReading(reply, {
    output,
    model: inbound.model,
    stream: inbound.stream,
    includeUsage: inbound.includeUsage,
  });
  return differences(expectation(said, inbound.wire, output, inbound.stream), told);
}
