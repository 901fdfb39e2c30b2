import type { Tool } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import type { Marked } from "./cache.ts";
import type { History } from "./history.ts";
import { type Choice, writeChoice, type WrittenChoice } from "./tool-choice.ts";
import { ToolNames } from "./tool-names.ts";
import { rememberedSpec, toolSpecOf } from "./tool-specs.ts";
import type { Work } from "./work.ts";

export type WrittenTools = WrittenChoice & {
  specs: Marked[];
  names: ToolNames;
  /** Caller's names of custom tools. */
  custom: ReadonlySet<string>;
};

/** Tool definitions and choice (mapping B.5). No specs: no toolConfig is sent. */
export function toolsOf(choice: Choice, history: History, work: Work): WrittenTools {
  const { request, facts } = work;
  if (choice.tools.length === 0 && !request.tools?.length && !history.hasToolBlocks) return noTools;
  const names = new ToolNames([...(request.tools ?? []).map((tool) => tool.name), ...history.calledNames]);
  const custom = new Set(choice.tools.filter((tool) => tool.kind === "custom").map((tool) => tool.name));
  refuseDuplicates(choice.tools, request.paths.tools ?? "tools");
  const withheld = choice.mode === "none" && !history.hasToolBlocks;
  if (withheld || (choice.tools.length === 0 && !history.hasToolBlocks)) return { specs: [], names, custom };
  if (!facts.tools) {
    const param = request.tools?.length ? (request.paths.tools ?? "tools") : "messages";
    throw GatewayError.unsupported(param, "This model does not support tools.");
  }
  const specs = choice.tools.map((tool) => toolSpecOf(tool, work, names));
  const defined = new Set(choice.tools.map((tool) => tool.name));
  for (const name of history.calledNames) if (!defined.has(name)) specs.push(rememberedSpec(names.upstream(name)));
  return { ...writeChoice(choice, work, names), specs, names, custom };
}

const noTools: WrittenTools = { specs: [], names: new ToolNames([]), custom: new Set() };

function refuseDuplicates(tools: readonly Tool[], path: string): void {
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) throw GatewayError.invalid(path, `Duplicate tool name '${name}'.`);
    seen.add(name);
  }
}
