import type { Block, ChatRequest } from "../../../core/chat.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { Encoded, Memo } from "../../../core/loss.ts";
import type { ModelFacts } from "../../../core/models.ts";
import type { ConverseBody } from "../wire.ts";
import { type Marked, loseCache, writeCachePoints } from "./cache.ts";
import { DocumentNames } from "./document-names.ts";
import { besides, betasOf, losePromptRest, merged, responsePaths } from "./extras.ts";
import { historyOf } from "./history.ts";
import { checkPairs } from "./pairing.ts";
import { encodeOwn } from "./own.ts";
import { thinkingOf } from "./reasoning.ts";
import { samplingOf } from "./sampling.ts";
import { type Structured, structuredOf } from "./structured.ts";
import { foldSystem, systemOf } from "./system.ts";
import { choose } from "./tool-choice.ts";
import { toolsOf, type WrittenTools } from "./tools.ts";
import type { Turn } from "./turn.ts";
import { turnsOf } from "./turns.ts";
import { startWork, type Work } from "./work.ts";

/**
 * The body of Converse or ConverseStream for a request (mapping B). Throws 400 for what must not be lost or guessed;
 * everything else that the model does not get is in `losses`.
 */
export function encode(request: ChatRequest, facts: ModelFacts): Encoded<JsonObject> {
  const work = startWork(request, facts);
  if (work.own) return { value: encodeOwn(request), losses: [] };
  return facts.promptOnly ? encodePrompt(work) : encodeChat(work);
}

function encodeChat(work: Work): Encoded<JsonObject> {
  const { request, facts } = work;
  const history = historyOf(request);
  const replaced = history.hasToolBlocks ? checkPairs(work) : noBlocks;
  const choice = choose(work, history);
  const tools = toolsOf(choice, history, work);
  const prefill = history.endsWithAssistant && facts.prefill && !(facts.noPrefillWithTools && tools.specs.length > 0);
  const forced = choice.mode === "any" || choice.mode === "tool";
  const thinking = thinkingOf(work, { forced, prefill, history });
  const structured = structuredOf(work, tools.specs.length === 0 && !thinking.on);
  const sampling = samplingOf(work, thinking);
  const plainOnly = request.stream && !facts.toolStream && (tools.specs.length > 0 || structured.tool !== undefined);

  const lines = [tools.line, structured.line].filter((line) => line !== undefined);
  const system = systemOf(work, lines);
  const shared = { tools: tools.names, documents: new DocumentNames(facts.neutralDocumentNames === true), replaced };
  const turns = turnsOf(work, shared, prefill);
  if (!facts.system) foldSystem(system, turns);
  markLast(turns, work);
  const cached = writeCachePoints(
    [
      structured.tool ? [structured.tool] : tools.specs,
      facts.system ? system : [],
      ...turns.map((turn) => turn.pieces),
    ],
    work,
  );
  const [toolList = [], systemList = [], ...contents] = cached;

  const body: ConverseBody = {};
  if (systemList.length > 0) body.system = systemList;
  body.messages = turns.map((turn, i) => ({ role: turn.role, content: contents[i] ?? [] }));
  if (Object.keys(sampling.config).length > 0) body.inferenceConfig = sampling.config;
  const toolConfig = toolConfigOf(toolList, tools, structured);
  if (toolConfig) body.toolConfig = toolConfig;
  const additional = additionalOf(work, [
    sampling.additional,
    thinking.fields,
    tools.additional ? { tool_choice: tools.additional } : {},
    betasOf(work),
  ]);
  if (additional) body.additionalModelRequestFields = additional;
  if (structured.outputConfig) body.outputConfig = structured.outputConfig;
  Object.assign(body, besides(work, plainOnly));
  const paths = responsePaths(work, plainOnly);
  if (paths) body.additionalModelResponseFieldPaths = paths;
  const memo = memoOf(tools, structured, plainOnly);
  return { value: body, losses: work.losses.items, ...(memo && { memo }) };
}

const noBlocks: ReadonlySet<Block> = new Set();

/** Claude's automatic cache mark: behind the last block of the last turn (mapping D.1). */
function markLast(turns: readonly Turn[], work: Work): void {
  const { request, facts } = work;
  const cache = request.autoCache;
  if (!cache) return;
  const at = request.paths.autoCache ?? "cache_control";
  const marked = { ...cache, at: cache.at ?? at };
  const last = turns.at(-1)?.pieces.at(-1);
  const toolBlock = last?.kind === "call" || last?.kind === "result";
  if (!last || !facts.cache || last.kind === "reasoning" || (toolBlock && !facts.cacheTools)) {
    loseCache(marked, at, work);
    return;
  }
  last.cache ??= marked;
}

function toolConfigOf(list: JsonObject[], tools: WrittenTools, structured: Structured): ConverseBody["toolConfig"] {
  if (structured.tool) return { tools: list, toolChoice: { any: {} } };
  if (tools.specs.length === 0) return undefined;
  return { tools: list, ...(tools.toolChoice && { toolChoice: tools.toolChoice }) };
}

/** The caller's own additional fields come last and win (mapping B.11). */
function additionalOf({ request }: Work, parts: readonly JsonObject[]): JsonObject | undefined {
  const given = request.extensions?.additional_model_request_fields;
  const filled = parts.filter((part) => Object.keys(part).length > 0);
  if (filled.length === 0 && !given) return undefined;
  const all = [...filled, given ?? {}].reduce(merged, {});
  return Object.keys(all).length > 0 ? all : undefined;
}

function memoOf(tools: WrittenTools, { json }: Structured, plainOnly: boolean): Memo | undefined {
  const toolNames = tools.names.changed();
  if (!toolNames && tools.custom.size === 0 && !json && !plainOnly) return undefined;
  return {
    ...(toolNames && { toolNames }),
    ...(tools.custom.size > 0 && { customTools: tools.custom }),
    ...(json && { json }),
    ...(plainOnly && { plainOnly }),
  };
}

/** Prompt resources: messages and variables only; a system prompt is read as part of the first user turn (mapping B.11). */
function encodePrompt(work: Work): Encoded<JsonObject> {
  losePromptRest(work);
  const bare: Work = { ...work, facts: { ...work.facts, system: false, cache: false } };
  const shared = {
    tools: toolsOf({ mode: "none", tools: [] }, historyOf({ ...work.request, messages: [] }), bare).names,
    documents: new DocumentNames(work.facts.neutralDocumentNames === true),
    replaced: checkPairs(bare),
  };
  const system: Marked[] = systemOf(bare, []);
  const turns = turnsOf(bare, shared, false);
  foldSystem(system, turns);
  markLast(turns, bare);
  const contents = writeCachePoints(
    turns.map((turn) => turn.pieces),
    bare,
  );
  const body: ConverseBody = {
    messages: turns.map((turn, i) => ({ role: turn.role, content: contents[i] ?? [] })),
    ...besides(bare, false),
  };
  return { value: body, losses: work.losses.items };
}
