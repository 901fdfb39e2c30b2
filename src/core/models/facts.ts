import type { DialectId, Effort } from "../chat.ts";

/**
 * What is known about a model: switches that encoders obey, never a name that they test.
 * Sources: mapping B.9 (Bedrock), G.4 (OpenAI). The reactive downgrade (B.12) is a patch of these switches.
 */
export type ModelFacts = {
  /** As the caller wrote it. */
  id: string;
  /** Lower case, without geo prefix (mapping I.3). */
  base: string;
  host: "bedrock" | "openai" | "demo";
  /** An ARN's region: it wins over the configured one. */
  region?: string;
  /** `claude`, `nova`, `llama`, … ; `unknown` when no row matches. */
  family: string;
  /** The model's own dialect where it is served by InvokeModel (Claude, Titan). */
  native?: DialectId;
  /** Set when the id is known not to be a chat model (mapping F.4). */
  notChat?: boolean;
  /** Known to be served by the bedrock-mantle endpoint alone, whose ids and paths are others (mapping F.5, trap T-39). */
  onlyOnMantle?: boolean;
  /** An imported model: its architecture, which nobody tells, decides whether Converse serves it (mapping F.2). */
  imported?: boolean;
  /** It does not: bodies of OpenAI's format go through InvokeModel. Learned from a refusal. */
  takesOpenAIBodies?: boolean;
  /** Prompt ARNs take nothing but messages and variables (mapping B.11). */
  promptOnly?: boolean;

  /** Accepts a system prompt; else it is folded into the first user turn. */
  system: boolean;
  image: boolean;
  document: boolean;
  audio: boolean;
  video: boolean;
  /** Reads S3 locations. */
  s3: boolean;

  tools: boolean;
  /** Can stream while tools are defined; else the plain operation is called and replayed. */
  toolStream: boolean;
  /** Tool choices beyond auto that the model takes. */
  toolChoice: readonly ("any" | "tool")[];
  /** A forced tool choice is refused while thinking is on. */
  noForcedToolWithThinking: boolean;
  /** `tool_choice` can travel as Claude's own object in the additional fields (none, disable_parallel_tool_use). */
  claudeToolChoice: boolean;
  /** `toolResult.status` is accepted. */
  toolStatus: boolean;
  /** Accepts `strict` on a tool whose objects are all closed. */
  strictTools: boolean;
  /**
   * Which ids of tool calls the model takes: letters, digits, `-` and `_` (`strict`), also `.` and `:` as AWS's service model
   * has it (`published`: Kimi's own ids are `functions.get_weather:0`), or nine letters and digits (`nine`: Mistral).
   */
  toolIds: "strict" | "published" | "nine";
  /** Text may follow tool results in one user turn. Llama 4 and others refuse it (mapping B.12). */
  textAfterResults: boolean;

  temperature: boolean;
  topP: "keep" | "drop" | "unless-temperature";
  /** Where top_k travels in the additional fields: `top_k`, `k`, `inferenceConfig.topK`; absent: dropped. */
  topK?: string;
  /** `visible`: stop strings of white space alone are refused. `titan`: only Titan's own two forms are taken. */
  stop: "keep" | "visible" | "drop" | "titan";
  maxTokens: boolean;
  /** Largest max_tokens, only where it is certain enough to clamp (Claude, Titan). */
  maxOutput?: number;
  /** frequency/presence penalty travel in the additional fields under their own names (Command R, Jamba). */
  penalties: boolean;
  /** Trailing assistant turn is continued. */
  prefill: boolean;
  /** … but not while tools are defined (recorded on Claude 3 Haiku, mapping B.9.5). */
  noPrefillWithTools?: boolean;
  /** The operator wants document names that say nothing: a name is text that the model reads (mapping B.8). */
  neutralDocumentNames?: boolean;

  /** How reasoning is asked for; absent: not at all. */
  reasoning?: ReasoningFacts;
  /** Signed thinking blocks may be replayed; `redacted` only the redacted ones (openai.*). */
  replayThinking: "all" | "redacted" | "none";
  /** `thinking.display` is refused, whoever wrote it (mapping B.12). */
  noThinkingDisplay?: boolean;

  cache: boolean;
  cache1h: boolean;
  /** Cache points are accepted behind tools and tool blocks (not Nova). */
  cacheTools: boolean;

  /** Native structured output through outputConfig.textFormat (mapping B.6). */
  jsonSchema: boolean;
  /** Claude's schema subset has to be respected in native structured output. */
  closedSchemas: boolean;
  serviceTier: boolean;
  performance: boolean;
  /** Asks Converse for Claude's `stop_sequence` (mapping B.11). */
  stopSequencePath: boolean;
  searchResults: boolean;

  openai?: OpenAIFacts;
};

/** How an effort becomes fields (mapping B.9.2). */
export type ReasoningFacts = {
  style: "claude-adaptive" | "claude-manual" | "nova" | "flat-effort" | "nested-effort" | "reasoning-config";
  /** The upstream's word for each effort. Absent entry: dropped (a Loss). */
  efforts: Partial<Record<Effort, string>>;
  /** Budget tokens per effort, style claude-manual. */
  budgets?: Partial<Record<Effort, number>>;
  /** What `none` means, style claude-adaptive. */
  none?: "omit" | "disabled" | "effort-low" | "between-tools";
  /** Thinking is on without any parameter. */
  defaultOn?: boolean;
  /** Ask for `display: "summarized"` so that reasoning text is not blank. */
  display?: boolean;
  /** Sampling parameters are refused while thinking is on. */
  noSampling?: boolean;
  /** Effort that forbids temperature, topP and maxTokens (Nova 2: high). */
  bareEffort?: string;
};

/** OpenAI API restrictions (mapping G.4). */
export type OpenAIFacts = {
  reasoning: boolean;
  /** Supported efforts, ascending; empty: no reasoning_effort. */
  efforts: readonly Effort[];
  /** temperature and top_p: always, never, or only with effort none. */
  sampling: "always" | "never" | "with-none";
  maxTokensField: "max_completion_tokens" | "max_tokens";
  stop: boolean;
  /** The role of system turns. */
  systemRole: "system" | "developer";
  /** Function tools are refused unless reasoning_effort is none. */
  toolsNeedNone: boolean;
  /** prompt_cache_breakpoint is understood. */
  cacheBreakpoints: boolean;
};
