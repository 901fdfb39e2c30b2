import type { Tool, ToolChoice } from "../../core/chat.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { leftOver } from "../read.ts";
import { decodeCache, keptCache } from "./decode-block.ts";
import { missing, own, read, refuse } from "./wire.ts";

/** Tools of the caller's own become functions; typed and server tools stay as they are, for Claude alone (mapping D.1). */
export function decodeTools(value: Json | undefined): Tool[] | undefined {
  return read.objects(value, "tools")?.map((tool, i) => decodeTool(tool, `tools[${i}]`));
}

function decodeTool(wire: JsonObject, at: string): Tool {
  const type = read.string(wire["type"], `${at}.type`);
  if (type !== undefined && type !== "custom")
    return { kind: "provider", name: read.string(wire["name"], `${at}.name`) ?? type, raw: wire, at };
  const { name, description, input_schema, strict, cache_control, ...rest } = wire;
  const called = read.string(name, `${at}.name`);
  const schema = read.object(input_schema, `${at}.custom.input_schema`);
  if (called === undefined) throw missing(`${at}.name`);
  if (schema === undefined) throw missing(`${at}.custom.input_schema`);
  const about = read.string(description, `${at}.description`);
  const exact = read.boolean(strict, `${at}.strict`);
  const cache = decodeCache(cache_control, `${at}.cache_control`);
  const fields = leftOver({
    ...rest,
    ...keptCache(cache_control),
    ...(description === null && { description }),
    ...(strict === null && { strict }),
  });
  return {
    kind: "function",
    name: called,
    schema,
    at,
    ...(about !== undefined && { description: about }),
    ...(exact !== undefined && { strict: exact }),
    ...(cache && { cache }),
    ...(fields && { extras: { from: own, fields } }),
  };
}

const modes: Readonly<Record<string, ToolChoice["mode"]>> = {
  auto: "auto",
  any: "required",
  tool: "tool",
  none: "none",
};

/** `parallel` is absent unless the caller wrote `disable_parallel_tool_use`. */
export function decodeToolChoice(
  value: Json | undefined,
): { choice: ToolChoice; parallel?: boolean; left?: JsonObject } | undefined {
  const wire = read.object(value, "tool_choice");
  if (!wire) return undefined;
  const { type, name, disable_parallel_tool_use, ...rest } = wire;
  const word = read.string(type, "tool_choice.type") ?? "";
  const mode = Object.hasOwn(modes, word) ? modes[word] : undefined;
  if (!mode) {
    throw refuse(
      "tool_choice",
      `Input tag '${word}' found using 'type' does not match any of the expected tags: 'any', 'auto', 'none', 'tool'`,
    );
  }
  const called = read.string(name, "tool_choice.name");
  if (mode === "tool" && called === undefined) throw missing("tool_choice.tool.name");
  const disabled = read.boolean(disable_parallel_tool_use, "tool_choice.disable_parallel_tool_use");
  const left = leftOver(rest);
  return {
    choice: { mode, ...(mode === "tool" && called !== undefined && { name: called }) },
    ...(disabled !== undefined && { parallel: !disabled }),
    ...(left && { left }),
  };
}
