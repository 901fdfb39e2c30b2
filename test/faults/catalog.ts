/** Everything that the table's upstream does wrong. */
import { awsError } from "../fakes/converse.ts";
import { chunk, event, exception } from "../fakes/event-stream.ts";
import { json, lying, pieces, whole } from "../fakes/http.ts";
import { data, openaiError } from "../fakes/openai.ts";
import type { Exchange, Script, Step } from "../fakes/wire.ts";
import type { Road } from "./roads.ts";

/** One try of a fault on a road. */
export type Cell = {
  road: Road;
  /** From 1. */
  attempt: number;
  exchange: Exchange;
  /** Settles when the caller has the first bytes of the answer. */
  begun: Promise<void>;
};

export type Fault = {
  name: string;
  script(cell: Cell): Script;
  /** It passes, and a further attempt is answered: then a whole answer is the truth. */
  passes?: true;
  /** Verbatim roads hand on what came, and the answer with it (mapping H.4: only errors and the end are looked for). */
  handedOn?: true;
  /** Whether it needs a further attempt depends on the connection that was free. */
  byChance?: true;
  /** Roads on which the fault can happen; absent: all. */
  on?: (road: Road) => boolean;
  headers?: Record<string, string>;
};

const bedrock = (road: Road): boolean => road.upstream === "bedrock";
const streams = (road: Road): boolean => road.stream;
const stall: Step = { then: "stall" };

const bytesOf = (step: Step): Uint8Array => ("send" in step ? Buffer.from(step.send) : Buffer.of());

const sound = ({ road }: Cell): Script => pieces(road.head, road.answer);

const hexChunk = (bytes: Uint8Array): Step => ({
  send: Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]),
});
const chunkedHead = ({ head }: Road): string => {
  const lines = Object.entries(head.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 200 OK\r\n${lines.join("")}transfer-encoding: chunked\r\n\r\n`;
};

/** The head and the first two pieces; a stream goes on once the caller has some of it. */
function* middle({ road, begun }: Cell): Generator<Step> {
  yield { send: chunkedHead(road) };
  for (const piece of road.answer.slice(0, 2)) yield hexChunk(piece);
  if (road.stream) yield { until: begun };
}

/** What comes in the middle of the answer, as one more chunk, and then a proper end of the body. */
const inMiddle = (bytes: (cell: Cell) => Uint8Array) =>
  function* (cell: Cell): Generator<Step> {
    yield* middle(cell);
    yield hexChunk(bytes(cell));
    yield { send: "0\r\n\r\n" };
  };

/** The answer's third event with something done to its bytes. */
const spoilt = (spoil: (bytes: Buffer) => void) =>
  inMiddle(({ road }) => {
    const bytes = Buffer.from(road.answer[2] ?? "");
    spoil(bytes);
    return bytes;
  });

const inError = { message: "It broke.", type: "server_error", param: null, code: null };
const refused = (status: number, aws: string, message: string, code: string | null = null) => ({
  script: ({ road }: Cell): Script =>
    road.upstream === "openai"
      ? openaiError(status, {
          message,
          code,
          type: status === 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error",
        })
      : awsError(status, aws, message),
});
const html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
const ofHtml = { headers: { "content-type": "text/html" } };

/** One byte at a time: longer than anybody's patience. */
function* trickle(bytes: Uint8Array | string): Generator<Step> {
  for (const byte of Buffer.from(bytes)) yield* [{ send: Uint8Array.of(byte) }, { waitMs: 100 }];
}

function* endless(start: string, line: string): Generator<Step> {
  yield { send: start };
  for (let sent = 0; sent < 8 * 2 ** 20; sent += line.length) yield { send: line };
}

export const faults: readonly Fault[] = [
  // The connection, before any answer.
  { name: "resets the connection instead of an answer", script: () => [{ then: "reset" }] },
  { name: "closes the connection instead of an answer", script: () => [{ then: "end" }] },
  { name: "never answers", script: () => [stall] },
  {
    name: "never answers, and the caller's own deadline is shorter",
    script: () => [stall],
    headers: { "x-request-timeout-ms": "1000" },
  },
  { name: "speaks another protocol", script: () => [{ send: "SSH-2.0-OpenSSH_9.9\r\n" }, { then: "end" }] },
  {
    name: "breaks off in the middle of the head",
    script: () => [{ send: "HTTP/1.1 200 OK\r\ncontent-ty" }, { then: "end" }],
  },
  { name: "falls silent in the middle of the head", script: () => [{ send: "HTTP/1.1 200 OK\r\ncontent-ty" }, stall] },
  { name: "trickles the head", script: ({ road }) => trickle(chunkedHead(road)) },
  {
    name: "sends a head without end",
    script: () => endless("HTTP/1.1 200 OK\r\n", `x-more: ${"x".repeat(1000)}\r\n`.repeat(64)),
  },
  // A status that says so.
  { name: "400", ...refused(400, "ValidationException", "Something is not valid.", "invalid_value") },
  { name: "401", ...refused(401, "UnrecognizedClientException", "The security token is invalid.", "invalid_api_key") },
  { name: "403", ...refused(403, "AccessDeniedException", "You don't have access to the model.") },
  { name: "404", ...refused(404, "ResourceNotFoundException", "Could not resolve the model.", "model_not_found") },
  { name: "413", ...refused(413, "RequestEntityTooLargeException", "It is too large.") },
  { name: "429, every time", ...refused(429, "ThrottlingException", "Too many requests", "rate_limit_exceeded") },
  { name: "500, every time", ...refused(500, "InternalServerException", "It broke inside.") },
  { name: "503, every time", ...refused(503, "ServiceUnavailableException", "Come again later.") },
  { name: "502 with a proxy's HTML", script: () => whole({ status: 502, ...ofHtml }, html) },
  { name: "302", script: () => whole({ status: 302, headers: { location: "http://127.0.0.1:1/" } }, "") },
  { name: "204", script: () => whole({ status: 204 }, "") },
  // Faults that pass.
  {
    name: "429 once, then answers",
    passes: true,
    script: (cell) =>
      cell.attempt === 1
        ? refused(429, "ThrottlingException", "Too many requests", "rate_limit_exceeded").script(cell)
        : sound(cell),
  },
  {
    name: "resets once, then answers",
    passes: true,
    script: (cell) => (cell.attempt === 1 ? [{ then: "reset" }] : sound(cell)),
  },
  {
    name: "answers, then closes the connection as it is used again",
    passes: true,
    byChance: true,
    script: (cell) => (cell.exchange.reused > 0 && cell.attempt === 1 ? [{ then: "reset" }] : sound(cell)),
  },
  // 200 with something that is no answer.
  { name: "200 with HTML", script: () => whole(ofHtml, html) },
  { name: "200 with HTML under the right type", script: ({ road }) => whole(road.head, html) },
  { name: "200 with an empty body", script: ({ road }) => whole(road.head, "") },
  { name: "200 with `null`", script: () => json(null) },
  {
    name: "200 with an error object",
    script: ({ road }) =>
      json(road.upstream === "openai" ? { error: inError } : { message: "It broke." }, {
        headers: { "x-amzn-errortype": "UnknownOperationException" },
      }),
  },
  {
    name: "200 that says gzip and is none",
    script: ({ road }) =>
      whole({ headers: { ...road.head.headers, "content-encoding": "gzip" } }, Buffer.concat(road.answer)),
  },
  {
    name: "an error event instead of the first event",
    on: streams,
    script: ({ road }) =>
      pieces(road.head, [
        road.upstream === "openai"
          ? data({ error: inError })
          : exception("modelStreamErrorException", { message: "It broke." }),
      ]),
  },
  {
    name: "an event without end",
    script: ({ road }) =>
      endless(`HTTP/1.1 200 OK\r\ncontent-type: ${road.head.headers?.["content-type"]}\r\n\r\n`, "x".repeat(64 * 1024)),
  },
  // In the middle of an answer.
  {
    name: "claims more bytes than it sends, then closes",
    *script({ road, begun }) {
      const [start = { send: "" }, end = { send: "" }] = lying(
        road.head,
        Buffer.concat(road.answer.slice(0, 2)),
        100_000,
      );
      yield start;
      if (road.stream) yield { until: begun };
      yield end;
    },
  },
  {
    name: "claims fewer bytes than it sends",
    byChance: true,
    script: ({ road }) => [
      // In one write: what lies behind the body would else be waiting for the next request.
      {
        send: Buffer.concat([
          ...whole(road.head, Buffer.concat(road.answer.slice(0, 2))).map(bytesOf),
          road.answer[2] ?? Buffer.of(),
        ]),
      },
      { then: "end" },
    ],
  },
  {
    name: "ends the body properly in the middle",
    script: function* (cell) {
      yield* middle(cell);
      yield { send: "0\r\n\r\n" };
    },
  },
  {
    name: "closes in the middle",
    script: function* (cell) {
      yield* middle(cell);
      yield { then: "end" };
    },
  },
  {
    name: "resets in the middle",
    script: function* (cell) {
      yield* middle(cell);
      yield { then: "reset" };
    },
  },
  {
    name: "closes in the middle of an event",
    script: function* (cell) {
      yield* middle(cell);
      yield hexChunk((cell.road.answer[2] ?? Buffer.of()).subarray(0, 7));
      yield { then: "end" };
    },
  },
  {
    name: "falls silent in the middle",
    script: function* (cell) {
      yield* middle(cell);
      yield stall;
    },
  },
  {
    name: "falls silent in the middle, and the caller's own deadline is shorter",
    headers: { "x-request-timeout-ms": "1000" },
    script: function* (cell) {
      yield* middle(cell);
      yield stall;
    },
  },
  {
    name: "trickles in the middle beyond the deadline",
    headers: { "x-request-timeout-ms": "1200" },
    script: function* (cell) {
      yield* middle(cell);
      for (const byte of cell.road.answer[2] ?? []) yield* [hexChunk(Uint8Array.of(byte)), { waitMs: 200 }];
      yield stall;
    },
  },
  {
    name: "a chunk length that is no number, in the middle",
    script: function* (cell) {
      yield* middle(cell);
      yield { send: "zz\r\nhello\r\n" };
      yield { then: "end" };
    },
  },
  {
    name: "an error event in the middle",
    on: streams,
    script: inMiddle(({ road }) =>
      road.upstream === "openai"
        ? data({ error: inError })
        : exception("modelStreamErrorException", { message: "It broke." }),
    ),
  },
  {
    name: "an error event in the middle, then a normal end",
    on: streams,
    script: inMiddle(({ road }) =>
      Buffer.concat([
        road.upstream === "openai"
          ? data({ error: inError })
          : exception("throttlingException", { message: "Too many requests" }),
        ...road.answer.slice(2),
      ]),
    ),
  },
  {
    name: "no JSON in the middle",
    handedOn: true,
    on: streams,
    script: inMiddle(({ road }) =>
      Buffer.concat([
        road.upstream === "openai"
          ? data("{this is no JSON")
          : road.output === "openai"
            ? event("contentBlockDelta", "no object")
            : chunk("{this is no JSON"),
        ...road.answer.slice(2),
      ]),
    ),
  },
  { name: "zeroes in the middle", on: streams, script: inMiddle(() => Buffer.alloc(64)) },
  {
    name: "a wrong byte in the payload of an event",
    on: (road) => bedrock(road) && road.stream,
    script: spoilt((bytes) => bytes.writeUInt8(bytes.readUInt8(bytes.length - 8) ^ 1, bytes.length - 8)),
  },
  {
    name: "a wrong byte in the prelude of an event",
    on: (road) => bedrock(road) && road.stream,
    script: spoilt((bytes) => bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9)),
  },
  {
    name: "an event that claims 2 GB",
    on: (road) => bedrock(road) && road.stream,
    script: spoilt((bytes) => bytes.writeUInt32BE(0x7fffffff, 0)),
  },
];
