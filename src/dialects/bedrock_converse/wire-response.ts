import { GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";

/** One step of a Converse stream: `:event-type` and its payload. */
export type Step = [name: string, payload: JsonObject];

/**
 * A whole Converse answer as the steps of the stream that would have said the same: whole answers have no reading of
 * their own. Throws 502 for a 200 without `output` (trap T-65).
 */
export function stepsOf(body: JsonObject): Step[] {
  const message = look.object(look.object(body, "output"), "message");
  if (!message) throw GatewayError.noAnswer("The upstream answered without an output message.");
  const { stopReason, additionalModelResponseFields } = body;
  const steps: Step[] = [["messageStart", { role: "assistant" }]];
  for (const [index, block] of look.objects(message, "content").entries()) blockSteps(block, index, steps);
  const stop: JsonObject = {};
  if (stopReason !== undefined) stop["stopReason"] = stopReason;
  if (additionalModelResponseFields !== undefined)
    stop["additionalModelResponseFields"] = additionalModelResponseFields;
  steps.push(["messageStop", stop], ["metadata", leftOver(body, beside) ?? {}]);
  return steps;
}

const beside = ["output", "stopReason", "additionalModelResponseFields"];

function blockSteps(block: JsonObject, contentBlockIndex: number, steps: Step[]): void {
  const delta = (value: JsonObject): void =>
    void steps.push(["contentBlockDelta", { contentBlockIndex, delta: value }]);
  const start = (value: JsonObject): void =>
    void steps.push(["contentBlockStart", { contentBlockIndex, start: value }]);
  const text = look.text(block, "text");
  const cited = look.object(block, "citationsContent");
  const reasoning = look.object(block, "reasoningContent");
  const call = look.object(block, "toolUse");
  if (text !== undefined) delta({ text });
  else if (cited) {
    for (const part of look.objects(cited, "content")) delta({ text: look.text(part, "text") ?? "" });
    for (const citation of look.objects(cited, "citations")) delta({ citation });
  } else if (reasoning) reasoningSteps(reasoning, delta);
  else if (call && call["type"] !== "server_tool_use") {
    const { input, ...rest } = call;
    start({ toolUse: rest });
    const written = inputText(input);
    if (written !== "") delta({ toolUse: { input: written } });
  } else start(block);
  steps.push(["contentBlockStop", { contentBlockIndex }]);
}

function reasoningSteps(reasoning: JsonObject, delta: (value: JsonObject) => void): void {
  const said = look.object(reasoning, "reasoningText");
  const redacted = look.text(reasoning, "redactedContent");
  const signature = look.text(said, "signature");
  if (said) delta({ reasoningContent: { text: look.text(said, "text") ?? "" } });
  if (signature !== undefined) delta({ reasoningContent: { signature } });
  if (redacted !== undefined) delta({ reasoningContent: { redactedContent: redacted } });
}

/** A tool call that was cut short may hold its input as text (mapping C.3, correction e). */
function inputText(input: Json | undefined): string {
  if (typeof input === "string") return input;
  return JSON.stringify(isObject(input) ? input : (input ?? {}));
}
