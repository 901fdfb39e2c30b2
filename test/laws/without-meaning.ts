import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";

/** A field that may vanish without a loss, and why (mapping 0.13): the short list of the accounting law. */
type Row = {
  path: RegExp;
  value?: (value: Json) => boolean;
  only?: (road: Road, path: string) => boolean;
  why: string;
};
/** `stream`: the upstream is asked for one. */
export type Road = { from: string; to: string; stream: boolean; shortToolIds: boolean; body: JsonObject };

const is =
  (...values: Json[]): NonNullable<Row["value"]> =>
  (value) =>
    values.includes(value);

export const withoutMeaning: readonly Row[] = [
  { path: /^(?:model|modelId)$/, why: "the URL or the plan says it" },
  { path: /^stream$/, why: "the operation says it" },
  { path: /^anthropic_version$/, why: "names the format of the body, which changes" },
  { path: /^(?:n|top_logprobs)$/, value: is(1, 0), why: "the default" },
  { path: /^logprobs$/, value: is(false), why: "the default" },
  { path: /^store$/, value: is(false), why: "the default" },
  { path: /^(?:frequency_penalty|presence_penalty)$/, value: is(0), why: "the default" },
  { path: /^modalities\[\d+\]$/, value: is("text"), why: "the default" },
  { path: /^service_tier$/, value: is("auto", "default"), why: "the default" },
  { path: /^parallel_tool_calls$/, value: is(true), why: "the default" },
  { path: /\.disable_parallel_tool_use$/, value: is(false), why: "the default" },
  {
    path: /^tools\[\d+\]\.type$/,
    value: is("custom"),
    only: ({ from }) => from === "bedrock_claude",
    why: "the default",
  },
  { path: /^textGenerationConfig\.maxTokenCount$/, value: is(512), why: "the default" },
  { path: /\.allowed_tools\.tools\[\d+\]\.type$/, why: "the tool of that name has one type" },
  { path: /\.thinking_blocks\[\d+\]\.type$/, why: "its other fields say it" },
  {
    path: /^reasoning_effort$/,
    value: is("none"),
    only: ({ to }) => to !== "openai",
    why: "the default of a model that does not think unasked; for the others a loss or a field says so",
  },
  {
    path: /^guardrail_config\.streamProcessingMode$/,
    only: ({ stream, to }) => !stream && to === "bedrock_converse",
    why: "says something about streams alone; where a stream is made of a plain call, the whole answer is guarded",
  },
  {
    path: /^tools\[\d+\]/,
    only: ({ body }, path) => isNotAllowed(body, Number(/\d+/.exec(path)?.[0])),
    why: "the caller himself forbids them now: they are withheld",
  },
  {
    path: /^messages\[\d+\]\.role$/,
    only: ({ body }, path) => isBlankTurn(body, Number(/\d+/.exec(path)?.[0])),
    why: "a turn that says nothing is no turn",
  },
  { path: /\.toolResult\.status$/, value: is("success"), why: "the default" },
  { path: /^serviceTier\.type$/, value: is("default"), why: "the default" },
  { path: /^outputConfig\.textFormat\.type$/, value: is("json_schema"), why: "the only value there is" },
  { path: /\.jsonSchema\.name$/, why: "a label that no model sees" },
  { path: /^(?:tool_choice|function_call)(?:\.type)?$/, value: is("auto"), why: "the default" },
  { path: /\.detail$/, value: is("auto"), why: "the default" },
  { path: /\.is_error$/, value: is(false), why: "the default" },
  { path: /\.strict$/, value: is(false), why: "the default" },
  { path: /^stream_options\.include_usage$/, why: "about the answer: the gateway itself obeys it" },
  { path: /\.media_type$|\.mime_type$/, why: "the bytes are sniffed, they decide" },
  { path: /^response_format\.json_schema\.name$/, why: "a label that no model sees" },
  { path: /^response_format\.type$/, value: is("text"), why: "the default" },
  { path: /tool_calls\[\d+\]\.index$/, why: "the place of a call in our own stream's pieces" },
  { path: /tool_calls\[\d+\]\.type$/, value: is("function"), why: "a call without it is a function's" },
  {
    path: /\.custom\.format\.type$/,
    value: is("grammar", "text"),
    why: "the default, or the grammar beside it says so",
  },
  { path: /(?:^|\.)cache_control\.type$/, value: is("ephemeral"), why: "the only value there is" },
  { path: /(?:^|\.)cache_control\.ttl$/, value: is("5m"), why: "the default" },
  {
    path: /^(?:tool_choice|function_call|parallel_tool_calls)(?:\.|$)/,
    only: ({ body }) => !("tools" in body || "functions" in body),
    why: "there is no tool to choose from; where that is refused, it is not silent",
  },
  {
    path: /^parallel_tool_calls$|\.disable_parallel_tool_use$/,
    only: ({ body }) => withheld(body),
    why: "no tool may be called, let alone two",
  },
  {
    path: /\.prompt_cache_breakpoint\.ttl$/,
    value: is("30m"),
    only: ({ body }) => isObject(body["prompt_cache_options"]) && body["prompt_cache_options"]["ttl"] === "30m",
    why: "it is what is said for all of them",
  },
  {
    path: /^max_(?:completion_)?tokens$/,
    only: ({ body }) => body["max_tokens"] === body["max_completion_tokens"],
    why: "one number under two names",
  },
  {
    path: /^(?:tools|functions)\[\d+\]/,
    only: ({ body }) => withheld(body),
    why: "no tool may be called: they are withheld (mapping 0.13)",
  },
  {
    path: /^thinking\.type$/,
    value: is("adaptive"),
    only: ({ to, body }) => to === "openai" && "output_config" in body,
    why: "reasoning_effort says how much, and such models think adaptively by themselves",
  },
  {
    path: /\.\$(?:schema|id|comment)$/,
    only: ({ to }) => to === "bedrock_converse",
    why: "a label of the schema that no model sees",
  },
  { path: /\.prompt_cache_breakpoint\.mode$/, value: is("explicit"), why: "the only value there is" },
  {
    path: /^response_format\.json_schema\.strict$/,
    only: ({ to }) => to === "bedrock_converse" || to === "bedrock_claude",
    why: "a model's own structured output is always strict; where it has none, a loss says so",
  },
  {
    path: /(?:tool_calls\[\d+\]|content\[\d+\])\.id$|\.tool_(?:call|use)_id$/,
    only: ({ shortToolIds }) => shortToolIds,
    why: "ids are mapped, call and result alike, and mapped back",
  },
  {
    path: /^(?:stop|stop_sequences|inferenceConfig\.stopSequences)(?:\[\d+\])?$/,
    only: ({ to }) => to === "bedrock_titan",
    why: "the gateway cuts the text at it itself (mapping E.3)",
  },
];

export function meansNothing(path: string, value: Json, road: Road): boolean {
  if (typeof value === "string" && value.trim() === "") return true;
  return withoutMeaning.some(
    (row) => row.path.test(path) && (row.value?.(value) ?? true) && (row.only?.(road, path) ?? true),
  );
}

function isBlankTurn({ messages }: JsonObject, at: number): boolean {
  const turn = Array.isArray(messages) ? messages[at] : undefined;
  return isObject(turn) && (turn["content"] ?? "") === "" && turn["tool_calls"] === undefined;
}

function isNotAllowed({ tools, tool_choice: choice }: JsonObject, at: number): boolean {
  const allowed = isObject(choice) ? choice["allowed_tools"] : undefined;
  const name = (tool: Json | undefined): Json | undefined =>
    isObject(tool) && isObject(tool["function"]) ? tool["function"]["name"] : undefined;
  if (!isObject(allowed) || !Array.isArray(allowed["tools"]) || !Array.isArray(tools)) return false;
  return !allowed["tools"].map(name).includes(name(tools[at]));
}

function withheld({ tool_choice: choice, function_call: call }: JsonObject): boolean {
  return choice === "none" || call === "none" || (isObject(choice) && choice["type"] === "none");
}
