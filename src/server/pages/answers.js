// What came, read in each format: the one shape the page shows.

export function emptyAnswer() {
  return {
    text: "",
    reasoning: "",
    tools: [],
    finish: undefined,
    tokensIn: undefined,
    tokensOut: undefined,
    error: undefined,
    ended: false,
  };
}

const errorOf = (json) => {
  if (json.error) return json.error.message ?? "unknown error";
  return typeof json.message === "string" ? json.message : undefined;
};

const whole = {
  openai(json, answer) {
    const choice = json.choices?.[0];
    answer.text = choice?.message?.content ?? choice?.message?.refusal ?? "";
    answer.reasoning = choice?.message?.reasoning_content ?? "";
    answer.tools = (choice?.message?.tool_calls ?? []).map((call) => ({
      name: call.function?.name,
      input: call.function?.arguments ?? "",
    }));
    answer.finish = choice?.finish_reason;
    usage.openai(json.usage, answer);
  },
  bedrock_claude(json, answer) {
    for (const block of json.content ?? []) {
      if (block.type === "text") answer.text += block.text;
      else if (block.type === "thinking") answer.reasoning += block.thinking;
      else if (block.type === "tool_use") answer.tools.push({ name: block.name, input: JSON.stringify(block.input) });
    }
    answer.finish = json.stop_reason;
    usage.bedrock_claude(json.usage, answer);
  },
  bedrock_titan(json, answer) {
    const result = json.results?.[0];
    answer.text = result?.outputText ?? "";
    answer.finish = result?.completionReason;
    answer.tokensIn = json.inputTextTokenCount;
    answer.tokensOut = result?.tokenCount;
  },
};

const usage = {
  openai(from, answer) {
    if (!from) return;
    answer.tokensIn = from.prompt_tokens;
    answer.tokensOut = from.completion_tokens;
  },
  bedrock_claude(from, answer) {
    if (!from) return;
    const input =
      (from.input_tokens ?? 0) + (from.cache_read_input_tokens ?? 0) + (from.cache_creation_input_tokens ?? 0);
    if (input > 0) answer.tokensIn = input;
    if (from.output_tokens > 0) answer.tokensOut = from.output_tokens;
  },
};

const piece = {
  openai(json, answer) {
    const choice = json.choices?.[0];
    answer.text += choice?.delta?.content ?? choice?.delta?.refusal ?? "";
    answer.reasoning += choice?.delta?.reasoning_content ?? "";
    for (const call of choice?.delta?.tool_calls ?? []) {
      const known = (answer.tools[call.index] ??= { name: "", input: "" });
      known.name += call.function?.name ?? "";
      known.input += call.function?.arguments ?? "";
    }
    answer.finish = choice?.finish_reason ?? answer.finish;
    usage.openai(json.usage, answer);
  },
  bedrock_claude(json, answer) {
    if (json.type === "content_block_start" && json.content_block.type === "tool_use") {
      answer.tools.push({ name: json.content_block.name, input: "" });
    } else if (json.type === "content_block_delta") {
      answer.text += json.delta.text ?? "";
      answer.reasoning += json.delta.thinking ?? "";
      const last = answer.tools.at(-1);
      if (json.delta.partial_json !== undefined && last) last.input += json.delta.partial_json;
    } else if (json.type === "message_start") usage.bedrock_claude(json.message.usage, answer);
    else if (json.type === "message_delta") {
      answer.finish = json.delta.stop_reason;
      usage.bedrock_claude(json.usage, answer);
    } else if (json.type === "message_stop") answer.ended = true;
  },
  bedrock_titan(json, answer) {
    answer.text += json.outputText ?? "";
    answer.finish = json.completionReason ?? answer.finish;
    answer.tokensIn = json.inputTextTokenCount ?? answer.tokensIn;
    answer.tokensOut = json.totalOutputTextTokenCount ?? answer.tokensOut;
  },
};

/** A whole answer's JSON; an error's too. */
export function readWhole(format, json) {
  const answer = emptyAnswer();
  answer.error = errorOf(json);
  answer.ended = true;
  if (answer.error === undefined) whole[format](json, answer);
  return answer;
}

/** One `data:` of a stream, added to the answer. */
export function readPiece(format, data, answer) {
  if (data === "[DONE]") {
    answer.ended = true;
    return;
  }
  const json = JSON.parse(data);
  const error = errorOf(json);
  if (error === undefined) piece[format](json, answer);
  else answer.error = error;
}
