import type { Example } from "./examples.ts";

/** A status that a chat request can get, with the body that an OpenAI caller sees (mapping H). */
type Failure = {
  status: number;
  means: string;
  /** True where Retry-After is given when another try may help. */
  retry?: boolean;
  examples: { [name: string]: Example };
};

function openai(summary: string, message: string, type: string, param: string | null, code: string): Example {
  return { summary, value: { error: { message, type, param, code } } };
}

/** The model that answers with each of these examples, or the request that is refused, is in `test/server/openapi`. */
export const failures: readonly Failure[] = [
  {
    status: 400,
    means: "The request is refused: `param` names the place. With strict, any loss is refused too.",
    examples: {
      openai: openai(
        "OpenAI",
        "you must provide a model parameter",
        "invalid_request_error",
        "model",
        "missing_required_parameter",
      ),
      bedrock_claude: {
        summary: "Bedrock Claude",
        value: {
          type: "error",
          error: { type: "invalid_request_error", message: "you must provide a model parameter" },
          request_id: "req_BBqMrPwyvQjYKiU1AoevO7il",
        },
      },
      bedrock_titan: {
        summary: "Bedrock Titan",
        value: { message: "you must provide a model parameter", __type: "ValidationException" },
      },
    },
  },
  {
    status: 401,
    means: "No key, or a wrong one.",
    examples: {
      openai: openai("OpenAI", "Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key"),
    },
  },
  {
    status: 404,
    means: "No such model, or no access to it.",
    examples: {
      openai: openai(
        "OpenAI",
        "The model 'demo-nobody' does not exist or you do not have access to it.",
        "invalid_request_error",
        "model",
        "model_not_found",
      ),
    },
  },
  { status: 405, means: "Another method than the one of the path.", examples: {} },
  { status: 413, means: "The body is larger than MAX_BODY_BYTES.", examples: {} },
  { status: 415, means: "The body is not sent as `application/json`.", examples: {} },
  {
    status: 429,
    means: "The upstream's limit; `Retry-After` says when to come again, `x-should-retry: false` that it is of no use.",
    retry: true,
    examples: {
      openai: openai(
        "OpenAI",
        "Too many requests. (demo-error-429 always says so.)",
        "rate_limit_error",
        null,
        "rate_limit_exceeded",
      ),
    },
  },
  { status: 500, means: "A fault of the gateway or of the upstream.", examples: {} },
  {
    status: 502,
    means: "The upstream could not be reached, refused the gateway's own credentials, or sent no answer.",
    examples: {},
  },
  {
    status: 503,
    means: "Too much is under way, the upstream is overloaded, or the model's provider is not configured.",
    retry: true,
    examples: {},
  },
  { status: 504, means: "A deadline passed.", examples: {} },
];
