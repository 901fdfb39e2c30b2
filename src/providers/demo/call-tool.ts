import type { Block, BlockOf, ChatRequest, Tool } from "../../core/chat.ts";
import { sample } from "./sample.ts";
import { words } from "./words.ts";

/**
 * What `demo-tools` says: a call of the first tool that may be called, and what came of it once its results are there.
 */
export function toolBlocks(request: ChatRequest, seed: string): Block[] {
  const results = request.messages.at(-1)?.content.filter((block) => block.type === "tool-result") ?? [];
  if (results.length > 0) return [text(results.map((result) => told(request, result)).join("\n\n"))];
  const tool = toolToCall(request);
  if (!tool) {
    return [text("Offer me a tool (`tools`) and I shall call it, with arguments that fit its schema.")];
  }
  const custom = tool.kind === "custom";
  const input = custom ? `example input of ${tool.name}` : JSON.stringify(sample(objectSchema(tool)));
  const call: Block = { type: "tool-call", id: `call_${seed.slice(0, 24)}`, name: tool.name, input };
  return [text(`I shall ask \`${tool.name}\`.`), custom ? { ...call, custom } : call];
}

function text(words: string): Block {
  return { type: "text", text: words };
}

function toolToCall({ tools = [], toolChoice }: ChatRequest): Tool | undefined {
  if (toolChoice?.mode === "none") return undefined;
  if (toolChoice?.name !== undefined) return tools.find(({ name }) => name === toolChoice.name);
  const { allowed } = toolChoice ?? {};
  return tools.find(({ name }) => allowed === undefined || allowed.includes(name));
}

/** Arguments are an object, whatever the schema forgot to say. */
function objectSchema({ schema }: Tool): Tool["schema"] {
  return { type: "object", ...schema };
}

function told(request: ChatRequest, result: BlockOf<"tool-result">): string {
  const call = request.messages
    .flatMap(({ content }) => content)
    .find((block) => block.type === "tool-call" && block.id === result.callId);
  const name = call?.type === "tool-call" ? call.name : result.name;
  const by = name === undefined ? "The tool" : `\`${name}\``;
  const said = words(result.content) || "nothing";
  return result.isError ? `${by} failed: ${said}` : `${by} answered: ${said}`;
}
