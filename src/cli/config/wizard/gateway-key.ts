import { randomBytes } from "node:crypto";
import type { Ask, Choice } from "./ask.ts";
import type { Draft } from "./draft.ts";

type Way = "keep" | "generate" | "type" | "none";

/** Screen 7: the key that callers of the gateway send. Gives the one that was made, to be shown once. */
export async function askGatewayKey(ask: Ask, draft: Draft): Promise<string | undefined> {
  const shown = draft.shown("API_KEY");
  const ways: Choice<Way>[] = [
    ...(shown === undefined ? [] : [{ value: "keep" as const, label: `Keep ${shown}` }]),
    { value: "generate", label: "Generate one", hint: "shown once, after saving" },
    { value: "type", label: "Type one" },
    { value: "none", label: "No key", hint: "the gateway then serves this machine only" },
  ];
  const way = await ask.one<Way>("7 Gateway key", ways);
  if (way === "type") await ask.secret(draft, "API_KEY", "7 Gateway key");
  if (way === "none") draft.drop("API_KEY");
  if (way !== "generate") return undefined;
  const made = `ac_${randomBytes(24).toString("hex")}`;
  draft.set("API_KEY", made);
  return made;
}
