import type { Effort } from "../chat.ts";
import type { OpenAIFacts } from "./facts.ts";
import type { BedrockFacts } from "./row.ts";
import { unknownFacts } from "./unknown.ts";

type OpenAIRow = { match: RegExp; facts: Partial<OpenAIFacts>; audio?: boolean; image?: boolean };

const classicEfforts: readonly Effort[] = ["low", "medium", "high"];
/** "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead." */
const reasoner: Partial<OpenAIFacts> = {
  reasoning: true,
  efforts: classicEfforts,
  sampling: "never",
  maxTokensField: "max_completion_tokens",
  // "Unsupported parameter: 'stop' is not supported with this model." (o3, o4-mini; mapping G.3 drops it for all)
  stop: false,
  systemRole: "developer",
};
/** Chat variants of the reasoning generations behave like gpt-4o (mapping G.4, definition of *reasoning*). */
const chatty: Partial<OpenAIFacts> = { maxTokensField: "max_completion_tokens" };
const allEfforts: readonly Effort[] = ["none", "low", "medium", "high", "xhigh"];

/** Restrictions per model, newest first (mapping G.4). Fine-tunes are looked up by their base. */
const rows: readonly OpenAIRow[] = [
  {
    match: /^gpt-(?:6-(?:luna|sol)|6\.1-terra)/,
    facts: { ...reasoner, efforts: allEfforts, sampling: "with-none", cacheBreakpoints: true },
  },
  { match: /^gpt-(?:[5-9]|[1-9]\d+)-chat/, facts: chatty },
  {
    match: /^gpt-(?:[6-9]|[1-9]\d)/,
    facts: { ...reasoner, efforts: ["low", "medium", "high", "xhigh"], cacheBreakpoints: true },
  },
  // "Function tools are not supported … unless reasoning_effort is none." (Chat Completions only)
  {
    match: /^gpt-5\.(?:[6-9]|\d{2,})/,
    facts: { ...reasoner, efforts: allEfforts, sampling: "with-none", toolsNeedNone: true, cacheBreakpoints: true },
  },
  { match: /^gpt-5\.1/, facts: { ...reasoner, efforts: ["none", "low", "medium", "high"], sampling: "with-none" } },
  { match: /^gpt-5\.[2-5]/, facts: { ...reasoner, efforts: allEfforts, sampling: "with-none" } },
  { match: /^gpt-5/, facts: { ...reasoner, efforts: ["minimal", "low", "medium", "high"] } },
  { match: /^o\d+(?:-|$)/, facts: reasoner },
  { match: /^gpt-4o.*-search-preview/, facts: { ...chatty, sampling: "never" } },
  { match: /^gpt-(?:4o.*-)?audio/, facts: chatty, audio: true },
  { match: /^(?:chatgpt-|gpt-4o|gpt-4\.1|gpt-4\.5)/, facts: chatty },
  { match: /^gpt-3\.5/, facts: {}, image: false },
  { match: /^gpt-4(?!-turbo)/, facts: {}, image: false },
  // The built-in simulated models take whatever they are told (design.md section 10).
  { match: /^demo-/, facts: { efforts: ["none", "minimal", "low", "medium", "high", "xhigh", "max"] } },
];

/** A server behind OPENAI_BASE_URL may be of any make: nothing is refused on its behalf (mapping G.7). */
const unknownOpenAI: OpenAIFacts = {
  reasoning: false,
  efforts: [],
  sampling: "always",
  maxTokensField: "max_tokens",
  stop: true,
  systemRole: "system",
  toolsNeedNone: false,
  cacheBreakpoints: false,
};

/** The facts about a model of OpenAI's API, by its id as written (mapping G.4). `ft:<base>:…` counts as its base. */
export function openaiFacts(id: string): BedrockFacts {
  const name = id.toLowerCase().replace(/^ft:([^:]+).*$/, "$1");
  const row = rows.find(({ match }) => match.test(name));
  return {
    ...unknownFacts,
    family: "openai",
    image: row?.image ?? true,
    audio: row?.audio ?? false,
    strictTools: true,
    topP: "keep",
    penalties: true,
    cache: false,
    jsonSchema: true,
    performance: false,
    openai: { ...unknownOpenAI, ...row?.facts },
  };
}
