import type { ChatRequest } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { says } from "./wire.ts";

type Lose = (path: string, feature?: string) => void;
type Rule = (value: Json, lose: Lose, request: ChatRequest, fields: JsonObject) => void;

const silent: Rule = () => undefined;
/** The keys of an object that the hub does not carry. */
const beyond =
  (path: string, ...known: string[]): Rule =>
  (value, lose) => {
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) if (says(item) && !known.includes(key)) lose(`${path}.${key}`);
  };
const lost =
  (path: string, feature: string): Rule =>
  (value, lose) => {
    if (says(value)) lose(path, feature);
  };
/** An answer without what was asked for would be another answer. */
const refused =
  (path: string, message: string, code = "unsupported_parameter"): Rule =>
  (value) => {
    if (says(value)) throw GatewayError.unsupported(path, message, code);
  };
const noAudio = "This model does not support audio output.";

/** What becomes of each top-level extra (mapping B.1, 0.13). A key without a rule is unknown: a loss. */
export const topRules: Readonly<Record<string, Rule>> = {
  n(value) {
    if (typeof value === "number" && value > 1)
      throw GatewayError.unsupported("n", "This model does not support 'n' greater than 1.", "unsupported_value");
  },
  logprobs(value) {
    if (value === true) throw GatewayError.unsupported("logprobs", "This model does not support 'logprobs'.");
  },
  top_logprobs(value, _lose, _request, fields) {
    if (typeof value === "number" && fields["logprobs"] !== true) {
      throw GatewayError.invalid(
        "top_logprobs",
        "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
        null,
      );
    }
  },
  modalities(value) {
    if (Array.isArray(value) && value.includes("audio"))
      throw GatewayError.unsupported("modalities", noAudio, "unsupported_value");
  },
  audio: refused("audio", noAudio, "unsupported_value"),
  moderation: refused("moderation", "'moderation' is not supported for this model."),
  web_search_options: refused("web_search_options", "'web_search_options' is not supported for this model."),
  logit_bias(value, lose) {
    if (isObject(value) && Object.keys(value).length > 0) lose("logit_bias", "logit bias");
  },
  store(value, lose) {
    if (value === true) lose("store", "storing of answers");
  },
  prediction: lost("prediction", "predicted output"),
  verbosity: lost("verbosity", "verbosity"),
  prompt_cache_key: lost("prompt_cache_key", "cache routing"),
  prompt_cache_retention: lost("prompt_cache_retention", "cache retention"),
  prompt_cache_options: lost("prompt_cache_options", "cache options"),
  stream: silent,
  stream_options(value, lose) {
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value))
      if (says(item) && key !== "include_usage") lose(`stream_options.${key}`);
  },
  // Other spellings of what the hub carries.
  stop: silent,
  tool_choice: silent,
  function_call(value, lose, { paths, toolChoice }) {
    const same =
      value === toolChoice?.mode ||
      (isObject(value) && toolChoice?.mode === "tool" && value["name"] === toolChoice.name);
    if (says(value) && paths.toolChoice === "tool_choice" && !same) lose("function_call", "two choices of a tool");
  },
  functions: silent,
  max_tokens(value, lose, request) {
    if (says(value) && value !== request.maxTokens) lose("max_tokens", "two limits");
  },
  user: lost("user", "a second user id"),
  reasoning_effort: lost("reasoning_effort", "two wishes about reasoning"),
  thinking: silent,
  output_config(value, lose, request) {
    beyond("output_config", "effort", "format")(value, lose, request, {});
    if (isObject(value) && says(value["format"]) && request.paths.responseFormat !== "output_config.format")
      lose("output_config.format", "two response formats");
  },
  response_format(value, lose, request) {
    if (!isObject(value)) return;
    beyond("response_format", "type", "json_schema")(value, lose, request, {});
    beyond(
      "response_format.json_schema",
      "name",
      "description",
      "schema",
      "strict",
    )(value["json_schema"] ?? null, lose, request, {});
  },
};
