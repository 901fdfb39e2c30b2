import type { Json, JsonObject } from "./json.ts";

/** The name of a wire format. Open on purpose: a new dialect adds a folder and a registry line, no type. */
export type DialectId = string;

/** Wire fields the hub has no name for; re-emitted only by the dialect they came from (design.md section 3). */
export type Extras = { extras?: { from: DialectId; fields: JsonObject } };
/** Where a node stood in the caller's body (`messages[0].content[1]`): errors and losses name it. */
export type Located = { at?: string };

/** Where media bytes come from. `base64` is kept as text: it is decoded only where bytes are needed. */
export type MediaSource =
  | { kind: "base64"; data: string }
  | { kind: "url"; url: string }
  | { kind: "s3"; uri: string; bucketOwner?: string }
  | { kind: "file"; id: string }
  | { kind: "text"; text: string }
  | { kind: "blocks"; blocks: Block[] };

/** A citation on a text block. `raw` is the dialect's own location object when `kind` has no numbers. */
export type Citation = {
  kind: "char" | "page" | "chunk" | "search-result" | "web" | "other";
  text?: string;
  title?: string;
  source?: string;
  url?: string;
  documentIndex?: number;
  start?: number;
  end?: number;
} & Extras;

/** `at` is the place of the mark itself (`messages[0].content[0].cache_control`). */
export type CachePoint = { ttl?: "5m" | "1h" } & Located;
/** Guardrail marking of a block (mapping B.11). */
export type Guard = { qualifiers?: string[] };

export type MediaKind = "image" | "document" | "audio" | "video";

/** One content block. `cache` marks a cache point *behind* the block. */
export type Block = Extras &
  Located & { cache?: CachePoint; guard?: Guard } & (
    | { type: "text"; text: string; citations?: Citation[] }
    | { type: "reasoning"; text: string; signature?: string; redacted?: string }
    | {
        type: "media";
        kind: MediaKind;
        /** MIME type as the caller wrote it; "" when unknown. Encoders sniff the bytes where it matters. */
        mediaType: string;
        source: MediaSource;
        /** File name or title. */
        name?: string;
        /** Context text of a document (Claude, Converse). */
        context?: string;
        /** Whether the document may be cited (Claude, Converse). */
        citable?: boolean;
      }
    /** `input` is the string the model produced: JSON text, or free text when `custom`. */
    | { type: "tool-call"; id: string; name: string; input: string; custom?: boolean }
    | { type: "tool-result"; callId: string; content: Block[]; isError?: boolean; name?: string }
    | { type: "search-result"; source: string; title: string; content: Block[]; citable?: boolean }
    | { type: "refusal"; text: string }
    | { type: "opaque"; from: DialectId; raw: Json }
  );
export type BlockOf<T extends Block["type"]> = Extract<Block, { type: T }>;

/** `developer` and `system` are one role here; tool turns are user messages that hold tool-result blocks. */
export type Message = Extras & Located & { role: "system" | "user" | "assistant"; content: Block[] };

export type Tool = Extras &
  Located & {
    /** `custom`: free-text input (OpenAI). `provider`: a typed or server tool that only its dialect knows; `raw` holds it. */
    kind: "function" | "custom" | "provider";
    name: string;
    description?: string;
    /** JSON Schema of the input as the caller wrote it; absent when he wrote none. */
    schema?: JsonObject;
    strict?: boolean;
    grammar?: { syntax: string; definition: string };
    cache?: CachePoint;
    raw?: JsonObject;
  };
export type ToolChoice = { mode: "auto" | "none" | "required" | "tool"; name?: string; allowed?: string[] };

export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
/** What the caller asked of reasoning. `thinking` is Claude's object as written; both may be set (mapping B.11: thinking wins). */
export type Reasoning = { effort?: Effort; thinking?: JsonObject };
export type ResponseFormat =
  | { type: "json_object" }
  | { type: "json_schema"; name?: string; description?: string; schema: JsonObject; strict?: boolean };

/** Gateway extensions of mapping B.11, accepted in every dialect. Values as the caller wrote them, checked for shape. */
export type Extensions = {
  guardrail_config?: JsonObject;
  performance_config?: JsonObject;
  request_metadata?: Record<string, string>;
  additional_model_request_fields?: JsonObject;
  additional_model_response_field_paths?: string[];
  prompt_variables?: JsonObject;
};

/** The request parameters the hub has names for. `ChatRequest.paths` says what the caller called each. */
export type Params = {
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stop?: string[];
  seed?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  tools?: Tool[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  reasoning?: Reasoning;
  responseFormat?: ResponseFormat;
  /** auto | default | flex | priority | fast | scale | reserved | standard_only, as the caller wrote it. */
  serviceTier?: string;
  metadata?: Record<string, string>;
  /** An end-user id (OpenAI `safety_identifier`/`user`, Claude `metadata.user_id`). */
  userId?: string;
  /** Claude's top-level `cache_control`: a cache point behind the last block. */
  autoCache?: CachePoint;
  /** Claude's beta flags: `anthropic_beta` of the body and the header, merged. */
  betas?: string[];
  extensions?: Extensions;
};
export type ParamName = keyof Params;

export type ChatRequest = Extras &
  Params & {
    from: DialectId;
    /** The model id as the caller wrote it. */
    model: string;
    stream: boolean;
    /** Whether an OpenAI-format stream carries the usage chunk. Formats that cannot say it: true (mapping D.6). */
    includeUsage: boolean;
    /** The request used the deprecated `functions`; the answer then does too (mapping B.5.6). */
    legacyFunctions?: boolean;
    messages: Message[];
    /** The caller's path of each parameter, for losses and errors: `{ maxTokens: "max_completion_tokens" }`. */
    paths: Partial<Record<ParamName, string>>;
  };

/** Why the answer ended. `raw` is the upstream's own word, `sequence` the matched stop string if it is known. */
export type Finish = {
  reason:
    | "stop"
    | "stop-sequence"
    | "length"
    | "context-window"
    | "tool-calls"
    | "content-filter"
    | "guardrail"
    | "refusal"
    | "pause"
    | "malformed"
    | "other";
  raw?: string;
  sequence?: string;
};

/** Tokens. `input` EXCLUDES cache reads and writes; `output` includes reasoning. */
export type Usage = Extras & {
  input: number;
  output: number;
  cacheRead?: number;
  cacheWrite?: number;
  /** The part of `cacheWrite` with a life of one hour. */
  cacheWrite1h?: number;
  reasoning?: number;
};

/** What an answer says about itself beside content and usage. */
export type ReplyMeta = Extras & {
  /** OpenAI's word: default | flex | priority | scale. */
  serviceTier?: string;
  /** Upstream time in ms. */
  latencyMs?: number;
  /** Guardrail or prompt-router trace, as sent. */
  trace?: Json;
};

export type ChatResponse = Extras & {
  id: string;
  model: string;
  content: Block[];
  finish: Finish;
  usage?: Usage;
  meta?: ReplyMeta;
};
