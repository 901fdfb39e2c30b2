/** Recordings that a rule of the mapping keeps from reaching the upstream with one target, or from being judged with it. */
import type { ExpectedError } from "./error-expectation.ts";
import type { Output } from "./expectation.ts";
import { type Inbound, unroutable } from "./inbound.ts";
import { at, type Recording } from "./recordings.ts";

/** `envelope`: a target that does not exist for the model is still the caller's wish for the error's shape. */
export type Refusal = { refused: ExpectedError; envelope: Output };

type Rule = {
  when: (recording: Recording, inbound: Inbound, output: Output) => boolean;
  then: { excluded: string } | { refused: ExpectedError };
};

const invalid = {
  type: "invalid_request_error",
  claude: "invalid_request_error",
  titan: "ValidationException",
} as const;

const rules: Rule[] = [
  {
    when: (recording) => recording.folder === "anthropic/messages" && recording.response.status !== 200,
    then: { excluded: "an error in Anthropic's shape, which Bedrock does not send" },
  },
  {
    when: (recording, inbound, output) =>
      inbound.wire === "bedrock_claude" && output !== inbound.wire && isCompletion(recording),
    then: { excluded: "recorded with an answer of the older completion format, which no Messages request gets" },
  },
  {
    when: (_recording, inbound) => inbound.wire === "openai" && inbound.model === "",
    then: {
      refused: {
        status: 400,
        ...invalid,
        code: "missing_required_parameter",
        says: "you must provide a model parameter",
      },
    },
  },
  {
    when: (_recording, inbound) => inbound.wire === "openai" && unroutable(inbound.model),
    then: {
      refused: {
        status: 404,
        type: "invalid_request_error",
        code: "model_not_found",
        claude: "not_found_error",
        titan: "ResourceNotFoundException",
        says: "does not exist or you do not have access to it",
      },
    },
  },
  {
    when: (_recording, inbound, output) => output === "bedrock_titan" && hasTools(inbound),
    then: { refused: { status: 400, ...invalid, says: "cannot be used with target_format 'bedrock_titan'" } },
  },
];

function isCompletion(recording: Recording): boolean {
  return !recording.response.streamed && Buffer.from(recording.response.bytes).includes('"completion":');
}

function hasTools(inbound: Inbound): boolean {
  return at.list(inbound.body, "tools").length > 0 || at.list(inbound.body, "functions").length > 0;
}

export function ruledOut(
  recording: Recording,
  inbound: Inbound,
  output: Output,
): { excluded: string } | Refusal | undefined {
  const rule = rules.find((row) => row.when(recording, inbound, output));
  if (!rule) return undefined;
  return "excluded" in rule.then ? rule.then : { ...rule.then, envelope: output };
}
