/** What the caller must be told, given what the upstream said: mapping C.3, C.6, D.3, D.4, E.4, without the project's code. */
import { type Call, type Reading, unparsable } from "./reading.ts";

export type Wire = "openai" | "bedrock_claude" | "bedrock_titan" | "bedrock_converse";
export type Target = "none" | "openai" | "bedrock_claude" | "bedrock_titan";
export type Output = Exclude<Target, "none">;

export const targets: readonly Target[] = ["none", "openai", "bedrock_claude", "bedrock_titan"];

export const outputOf = (target: Target): Output => (target === "none" ? "openai" : target);

type Stop =
  | "end_turn"
  | "stop_sequence"
  | "max_tokens"
  | "context_window"
  | "tool_use"
  | "content_filter"
  | "openai_refusal"
  | "claude_refusal"
  | "pause_turn"
  | "unknown";

/** Mapping D.4, one row a stop: OpenAI, Claude, Titan. */
const words: Record<Stop, Record<Output, string>> = {
  end_turn: { openai: "stop", bedrock_claude: "end_turn", bedrock_titan: "FINISH" },
  stop_sequence: { openai: "stop", bedrock_claude: "stop_sequence", bedrock_titan: "STOP_CRITERIA_MET" },
  max_tokens: { openai: "length", bedrock_claude: "max_tokens", bedrock_titan: "LENGTH" },
  context_window: { openai: "length", bedrock_claude: "model_context_window_exceeded", bedrock_titan: "LENGTH" },
  tool_use: { openai: "tool_calls", bedrock_claude: "tool_use", bedrock_titan: "FINISH" },
  content_filter: { openai: "content_filter", bedrock_claude: "refusal", bedrock_titan: "CONTENT_FILTERED" },
  openai_refusal: { openai: "stop", bedrock_claude: "refusal", bedrock_titan: "CONTENT_FILTERED" },
  claude_refusal: { openai: "content_filter", bedrock_claude: "refusal", bedrock_titan: "CONTENT_FILTERED" },
  pause_turn: { openai: "stop", bedrock_claude: "pause_turn", bedrock_titan: "FINISH" },
  unknown: { openai: "stop", bedrock_claude: "end_turn", bedrock_titan: "FINISH" },
};

const read: Record<Wire, Record<string, Stop>> = {
  openai: {
    stop: "end_turn",
    length: "max_tokens",
    tool_calls: "tool_use",
    function_call: "tool_use",
    content_filter: "content_filter",
  },
  bedrock_claude: {
    end_turn: "end_turn",
    stop_sequence: "stop_sequence",
    max_tokens: "max_tokens",
    model_context_window_exceeded: "context_window",
    tool_use: "tool_use",
    refusal: "claude_refusal",
    pause_turn: "pause_turn",
  },
  bedrock_titan: {
    FINISH: "end_turn",
    FINISHED: "end_turn",
    LENGTH: "max_tokens",
    MAX_TOKENS: "max_tokens",
    STOP_CRITERIA_MET: "stop_sequence",
    CONTENT_FILTERED: "content_filter",
  },
  bedrock_converse: {
    end_turn: "end_turn",
    stop_sequence: "stop_sequence",
    max_tokens: "max_tokens",
    model_context_window_exceeded: "context_window",
    tool_use: "tool_use",
    content_filtered: "content_filter",
    guardrail_intervened: "content_filter",
  },
};

function stopOf(upstream: Reading, wire: Wire): Stop {
  if (upstream.guarded) return "content_filter";
  if (wire === "openai" && upstream.refusal !== "") return "openai_refusal";
  const word = upstream.finish ?? "";
  const stop =
    read[wire][wire === "bedrock_titan" ? word.toUpperCase() : word] ?? (word === "" ? "end_turn" : "unknown");
  const calls = upstream.calls.length > 0;
  if (calls && words[stop].openai === "stop") return "tool_use";
  if (!calls && stop === "tool_use") return "end_turn";
  return stop;
}

/** The reading that the caller's answer must have. */
export function expectation(upstream: Reading, wire: Wire, output: Output, streamed: boolean): Reading {
  const common = { ...upstream, guarded: false, faults: [], finish: words[stopOf(upstream, wire)][output] };
  if (output === "openai") return common;
  if (output === "bedrock_claude") {
    const calls = streamed ? upstream.calls : upstream.calls.map(wrapped);
    return { ...common, calls, text: upstream.text + upstream.refusal, refusal: "" };
  }
  const { usage } = upstream;
  return {
    ...common,
    text: upstream.text + upstream.refusal,
    refusal: "",
    reasoning: "",
    signatures: [],
    redacted: [],
    citations: 0,
    calls: [],
    usage: usage && {
      input: usage.input + usage.cacheRead + usage.cacheWrite,
      output: usage.output,
      cacheRead: 0,
      cacheWrite: 0,
      reasoning: 0,
    },
  };
}

/** A whole Claude message holds objects only: arguments that are no JSON travel inside one (mapping G.6). */
function wrapped(call: Call): Call {
  const text = unparsable(call.input);
  return text === undefined ? call : { ...call, input: { rawArguments: text } };
}
