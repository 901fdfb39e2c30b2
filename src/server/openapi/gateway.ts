import * as v from "valibot";
import { any, hint, list, object, text } from "./words.ts";

// What only this gateway answers.

const dialect = v.picklist(["openai", "bedrock_claude", "bedrock_titan", "bedrock_converse"]);
const edge = v.picklist(["verbatim", "translate"]);

export const explanation = v.pipe(
  object({
    detected: object({ dialect, evidence: text("What in the body showed the format") }),
    model: v.string(),
    provider: v.picklist(["openai", "bedrock", "demo"]),
    plan: object({ request: dialect, upstream: dialect, reply: dialect, to_upstream: edge, to_client: edge }),
    upstream: object({
      method: v.optional(v.string()),
      url: v.optional(v.string()),
      headers: v.optional(hint(v.record(v.string(), v.string()), "Without secrets")),
      stream: v.boolean(),
      body: any(),
    }),
    losses: list(
      object({
        path: v.string(),
        feature: v.string(),
        action: v.picklist(["dropped", "approximated", "clamped"]),
      }),
    ),
    losses_header: text("What the header `x-amazon-chat-losses` would say"),
    problem: hint(v.nullable(v.string()), "Why the upstream could not be called now; null when it could"),
  }),
  v.title("Explanation"),
  v.description("Answer to `x-amazon-chat-explain: true`: what the request would become. Nothing was sent."),
);

export const model = object({ id: v.string(), object: v.literal("model"), created: v.number(), owned_by: v.string() });
export const modelList = object({ object: v.literal("list"), data: list(model) });
export const health = object({ status: v.string() });
