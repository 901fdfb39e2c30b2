import { isObject } from "../../../core/json.ts";
import type { ModelFacts } from "../../../core/models.ts";
import { bedrockProvider } from "../../../providers/bedrock/index.ts";
import type { BedrockSettings } from "../../../providers/bedrock/settings.ts";
import { Refused, seenReply } from "./seen.ts";

const body = JSON.stringify({
  messages: [{ role: "user", content: [{ text: "Say ok." }] }],
  inferenceConfig: { maxTokens: 1 },
});

/** Asks a model for one token, by the way that serving goes. Throws Refused with what Bedrock answered. */
export async function invoke(
  settings: BedrockSettings,
  facts: ModelFacts,
  stream: boolean,
  signal: AbortSignal,
): Promise<{ words: string; tokens: number }> {
  const start = performance.now();
  const provider = bedrockProvider(settings);
  const reply = await provider.send({ dialect: "bedrock_converse", model: facts.id, facts, body, stream, signal });
  if (reply.status !== 200) throw new Refused(await seenReply(reply));
  if (stream) {
    const reader = reply.body?.getReader();
    const first = await reader?.read();
    const ms = Math.round(performance.now() - start);
    await reader?.cancel();
    if (first === undefined || first.done)
      throw new Refused({
        name: "EmptyStream",
        message: "The stream ended before its first chunk.",
        status: 200,
        errno: "",
      });
    return { words: `first chunk after ${ms} ms`, tokens: 1 };
  }
  const answer: unknown = await new Response(reply.body).json().catch(() => undefined);
  const usage = isObject(answer) && isObject(answer["usage"]) ? answer["usage"] : {};
  const total = usage["totalTokens"];
  if (!isObject(answer) || !("output" in answer))
    throw new Refused({ name: "NoAnswer", message: "Bedrock answered 200 without an answer.", status: 200, errno: "" });
  return {
    words: `answered in ${Math.round(performance.now() - start)} ms`,
    tokens: typeof total === "number" ? total : 1,
  };
}
