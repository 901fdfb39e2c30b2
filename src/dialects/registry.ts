import type { DialectId } from "../core/chat.ts";
import { bedrockClaude } from "./bedrock_claude/index.ts";
import { bedrockConverse } from "./bedrock_converse/index.ts";
import { bedrockTitan } from "./bedrock_titan/index.ts";
import type { Dialect } from "./dialect.ts";
import { openai } from "./openai/index.ts";
import { openaiOverInvoke } from "./openai/over-invoke.ts";

/** Every wire format by its id: a new one is a folder and a line here. */
export const dialects: ReadonlyMap<DialectId, Dialect> = new Map(
  [openai, bedrockClaude, bedrockTitan, bedrockConverse].map((entry) => [entry.id, entry]),
);

/** The dialect of an id. Throws for an id that nobody registered: a mistake of ours, never a caller's. */
export function dialect(id: DialectId): Dialect {
  const found = id === openaiOverInvoke.id ? openaiOverInvoke : dialects.get(id);
  if (!found) throw new Error(`No dialect is registered as '${id}'.`);
  return found;
}
