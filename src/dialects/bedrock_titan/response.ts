import type { Extras } from "../../core/chat.ts";
import { collect } from "../../core/collect.ts";
import { GatewayError } from "../../core/error.ts";
import type { ChatEvent } from "../../core/events.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { LossList } from "../../core/loss.ts";
import type { Dialect } from "../dialect.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { AnswerReader } from "./answer-reader.ts";
import { completionReasons, finishOf } from "./completion-reason.ts";
import { inputTokens } from "./input-tokens.ts";
import { guardrailAction, guardrailTrace, titan } from "./wire.ts";

/**
 * A whole Titan answer (mapping E.4 reversed), read as the one chunk it is. Throws 502 for JSON without a result. An
 * answer without a reason is complete all the same: it came whole.
 */
const decode: Dialect["response"]["decode"] = (body, context) => {
  const { inputTextTokenCount, results, ...rest } = body;
  const [result, ...further] = Array.isArray(results) ? results : [];
  if (!isObject(result) || typeof result["outputText"] !== "string")
    throw GatewayError.noAnswer("The upstream answered without a result.");
  const { tokenCount, outputText, completionReason, ...resultRest } = result;
  const reason = typeof completionReason === "string" ? completionReason : undefined;
  const input = look.number(body, "inputTextTokenCount");
  const output = look.number(result, "tokenCount");
  const chunk: JsonObject = {
    outputText,
    completionReason: reason ?? completionReasons.stop,
    ...(input !== undefined && { inputTextTokenCount: input }),
    ...(output !== undefined && { totalOutputTextTokenCount: output }),
    ...pick(rest, guardrailAction),
    ...pick(rest, guardrailTrace),
  };
  const events: ChatEvent[] = [];
  const reader = new AnswerReader(context);
  const spelled = completionReason === undefined ? undefined : unusual(completionReason, rest);
  reader.chunk(
    chunk,
    events,
    extras({ ...rest, ...(further.length > 0 && { results: further }) }),
    extras({ ...resultRest, ...(spelled !== undefined && { completionReason: spelled }) }),
  );
  reader.end(events);
  return collect(events);
};

/** Titan's shape of an answer (mapping E.4). Tool calls, thinking and media have no place in it. */
const encode: Dialect["response"]["encode"] = (response) => {
  const losses = new LossList(titan);
  let outputText = "";
  let resultFields: JsonObject = {};
  for (const [i, block] of response.content.entries()) {
    if (block.type === "text" || block.type === "refusal") {
      outputText += block.text;
      if (block.extras?.from === titan) resultFields = { ...resultFields, ...block.extras.fields };
    } else losses.dropped(`content[${i}]`, block.type);
  }
  const { results: further, ...own } = response.extras?.from === titan ? response.extras.fields : {};
  const result: JsonObject = {
    tokenCount: response.usage?.output ?? 0,
    outputText,
    completionReason: completionReasons[response.finish.reason],
    ...resultFields,
  };
  return {
    value: {
      inputTextTokenCount: response.usage ? inputTokens(response.usage) : 0,
      results: [result, ...(Array.isArray(further) ? further : [])],
      ...own,
    },
    losses: losses.items,
  };
};

export const response: Dialect["response"] = { decode, encode };

function extras(fields: JsonObject): Extras {
  const kept = leftOver(fields);
  return kept ? { extras: { from: titan, fields: kept } } : {};
}

function pick(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return value === undefined ? {} : { [key]: value };
}

/** A reason that would be written in another way than it came. */
function unusual(reason: Json, rest: JsonObject): Json | undefined {
  const read = typeof reason === "string" ? finishOf(reason).reason : "stop";
  return completionReasons[rest[guardrailAction] === "INTERVENED" ? "guardrail" : read] === reason ? undefined : reason;
}
