import type { Block, ChatRequest, ParamName } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Encoded, LossList, type Memo } from "../../core/loss.ts";
import type { ModelFacts } from "../../core/models.ts";
import { refuseUnsupported } from "./refuse.ts";
import { renderTranscript, type Turn } from "./transcript.ts";
import { titan } from "./wire.ts";

/** The only stop strings that Titan takes; it answers 400 to any other (mapping E.3). */
const takenStop = /^(\|+|User:)$/;
/** Always sent: a model that goes on with the caller's part has finished its own. */
const ownStop = "User:";

/**
 * The body for a Titan model from another format (mapping E.3). Throws 400 for what Titan cannot do and what must not
 * be dropped: tools, media, a schema. `memo` says how the answer's text has to be cleaned.
 */
export function encodeForTitan(request: ChatRequest, facts: ModelFacts): Encoded<JsonObject> {
  refuseUnsupported(request);
  const losses = new LossList(titan);
  const inputText = renderTranscript(turns(request, losses));
  if (inputText === undefined)
    throw GatewayError.invalid("messages", "The request has no text that the model could answer.");
  const { stop, byUs } = stops(request);
  const maxTokens = clampedTokens(request, facts, losses);
  const temperature = clamped(request, "temperature", losses);
  const topP = clamped(request, "topP", losses);
  for (const name of dropped) if (!isDefault(request, name)) losses.dropped(request.paths[name], name);
  // `thinking` is the path of the wish; an effort beside it stood in `output_config`.
  if (request.reasoning?.thinking && request.reasoning.effort !== undefined)
    losses.dropped("output_config.effort", "reasoning");
  dropExtensions(request, losses);
  const memo: Memo = { rendered: true, ...(byUs.length > 0 && { stop: byUs }) };
  return {
    value: {
      inputText,
      textGenerationConfig: {
        ...(maxTokens !== undefined && { maxTokenCount: maxTokens }),
        ...(temperature !== undefined && { temperature }),
        ...(topP !== undefined && { topP }),
        stopSequences: stop,
      },
    },
    losses: losses.items,
    memo,
  };
}

function turns(request: ChatRequest, losses: LossList): Turn[] {
  let talked = false;
  return request.messages.map(({ role, content, at }) => {
    if (role !== "system") talked = true;
    // System words that stood at the beginning stay there; others move (mapping 0.13).
    else if (talked) losses.approximated(at, "system message in the middle");
    const texts = content.map((block) => textOf(block, request, losses)).filter((text) => text.trim() !== "");
    return { role, text: texts.join("\n\n") };
  });
}

function textOf(block: Block, request: ChatRequest, losses: LossList): string {
  if (block.cache) losses.dropped(block.at && `${block.at}.${cacheKey(request)}`, "cache point");
  if (block.guard) losses.dropped(block.at && `${block.at}.guard_content`, "guardrail mark");
  switch (block.type) {
    case "text":
      if (block.citations?.length) losses.dropped(block.at && `${block.at}.citations`, "citations");
      return block.text;
    case "refusal":
      return block.text;
    case "reasoning":
      losses.dropped(block.at, "reasoning");
      return "";
    default:
      // refuseUnsupported has thrown.
      return "";
  }
}

function cacheKey({ from }: ChatRequest): string {
  return from === "openai" ? "prompt_cache_breakpoint" : "cache_control";
}

function stops({ stop }: ChatRequest): { stop: string[]; byUs: string[] } {
  const filled = (stop ?? []).filter((text) => text !== "");
  const taken = filled.filter((text) => takenStop.test(text));
  return {
    stop: taken.includes(ownStop) ? taken : [...taken, ownStop],
    byUs: filled.filter((text) => !takenStop.test(text)),
  };
}

function clampedTokens(request: ChatRequest, facts: ModelFacts, losses: LossList): number | undefined {
  const { maxTokens } = request;
  if (maxTokens === undefined || facts.maxOutput === undefined || maxTokens <= facts.maxOutput) return maxTokens;
  losses.clamped(request.paths.maxTokens, "maxTokens");
  return facts.maxOutput;
}

/** Titan's range is 0 to 1. The loss names the value that is lost: `temperature>1`. */
function clamped(request: ChatRequest, name: "temperature" | "topP", losses: LossList): number | undefined {
  const value = request[name];
  if (value === undefined || (value >= 0 && value <= 1)) return value;
  const path = request.paths[name];
  losses.dropped(path && (value > 1 ? `${path}>1` : `${path}<0`), name);
  return value > 1 ? 1 : 0;
}

/** Hints that Titan has no field for. */
const dropped = [
  "topK",
  "seed",
  "frequencyPenalty",
  "presencePenalty",
  "toolChoice",
  "parallelToolCalls",
  "reasoning",
  "responseFormat",
  "serviceTier",
  "metadata",
  "userId",
  "autoCache",
  "betas",
] as const satisfies readonly ParamName[];

/** Absent, or what would happen without it: no loss (mapping 0.13). */
function isDefault(request: ChatRequest, name: (typeof dropped)[number]): boolean {
  switch (name) {
    case "frequencyPenalty":
    case "presencePenalty":
      return (request[name] ?? 0) === 0;
    case "toolChoice":
      return (
        request.toolChoice === undefined || request.toolChoice.mode === "auto" || request.toolChoice.mode === "none"
      );
    case "parallelToolCalls":
      return true;
    case "reasoning":
      return (
        request.reasoning === undefined ||
        (request.reasoning.thinking
          ? request.reasoning.thinking["type"] === "disabled"
          : request.reasoning.effort === "none")
      );
    case "serviceTier":
      return ["auto", "default", undefined].includes(request.serviceTier);
    case "topK":
    case "seed":
    case "responseFormat":
    case "metadata":
    case "userId":
    case "autoCache":
    case "betas":
      return request[name] === undefined;
    default:
      return name satisfies never;
  }
}

/** The others travel as headers of InvokeModel. */
function dropExtensions({ extensions }: ChatRequest, losses: LossList): void {
  if (!extensions) return;
  for (const name of [
    "additional_model_request_fields",
    "additional_model_response_field_paths",
    "prompt_variables",
  ] as const) {
    if (extensions[name]) losses.dropped(name, "gateway extension");
  }
}
