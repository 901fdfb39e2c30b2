import { createHash } from "node:crypto";
import type { ModelFacts } from "../../../core/models.ts";

const shapes: Readonly<Record<ModelFacts["toolIds"], RegExp>> = {
  strict: /^[a-zA-Z0-9_-]{1,64}$/,
  published: /^[a-zA-Z0-9_.:-]{1,64}$/,
  // Bedrock makes ids of its own for Mistral's calls and takes them back (recorded with Pixtral Large).
  nine: /^(?:[a-zA-Z0-9]{9}|tooluse_[a-zA-Z0-9_-]{1,56})$/,
};

/** A tool call's id as the model takes it (mapping B.5.5). Deterministic, so that a call and its result stay a pair. */
export function toolId(id: string, taken: ModelFacts["toolIds"]): string {
  if (shapes[taken].test(id)) return id;
  if (taken === "nine") {
    return BigInt(`0x${sha256(id)}`)
      .toString(36)
      .slice(0, 9)
      .padStart(9, "0");
  }
  return `${id.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 47)}_${sha256(id).slice(0, 16)}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
