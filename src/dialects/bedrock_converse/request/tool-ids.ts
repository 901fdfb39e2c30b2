import { createHash } from "node:crypto";

const shape = /^[a-zA-Z0-9_-]{1,64}$/;
const shortShape = /^[a-zA-Z0-9]{9}$/;

/**
 * A tool call's id as the model takes it (mapping B.5.5). Deterministic, so that a call and its result stay a pair.
 * `short`: Mistral wants exactly nine letters or digits.
 */
export function toolId(id: string, short: boolean): string {
  if (short) {
    if (shortShape.test(id)) return id;
    return BigInt(`0x${sha256(id)}`)
      .toString(36)
      .slice(0, 9)
      .padStart(9, "0");
  }
  if (shape.test(id)) return id;
  return `${id.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 47)}_${sha256(id).slice(0, 16)}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
