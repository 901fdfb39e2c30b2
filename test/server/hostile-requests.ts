/** Requests that no HTTP library would send, byte by byte. */
import { gzipSync, zstdCompressSync } from "node:zlib";

export const hi = '{"model":"demo-echo","messages":[{"role":"user","content":"Hi"}]}';
const path = "/v1/chat/completions";
const json = "content-type: application/json\r\n";
type Bytes = string | Uint8Array;

const head = (first: string, fields: string): string => `${first}\r\nhost: x\r\n${fields}\r\n`;
const length = (body: Bytes): string => `content-length: ${Buffer.byteLength(body)}\r\n`;
const get = (target: string, fields = ""): string => head(`GET ${target} HTTP/1.1`, fields);
/** A chat request with these bytes as its body and these fields beside its length. */
const post = (body: Bytes, fields = json, target = path): Buffer =>
  Buffer.concat([Buffer.from(head(`POST ${target} HTTP/1.1`, fields + length(body))), Buffer.from(body as string)]);
/** A chat request whose fields and body say different things of its length. */
const raw = (fields: string, body: string, version = "1.1"): string =>
  head(`POST ${path} HTTP/${version}`, json + fields) + body;
const chunked = "transfer-encoding: chunked\r\n";
const asChunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const withoutHost = (first: string): string => `${first}\r\n\r\n`;
const many = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}: b\r\n`).join("");
const withWord = (bytes: number[]): Buffer => {
  const [before = "", after = ""] = hi.split("Hi");
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};

/** Odd, but right: answered as any other. */
export const served: [name: string, request: Bytes, answer: RegExp][] = [
  ["a body in chunks", raw(chunked, `${asChunk(hi.slice(0, 20))}${asChunk(hi.slice(20))}0\r\n\r\n`), /"content":"Hi"/],
  ["one length said twice", raw(length(hi) + length(hi), hi), /"content":"Hi"/],
  ["HTTP/1.0", raw(length(hi), hi, "1.0"), /"content":"Hi"/],
  ["HTTP/1.0 without a host: HAProxy's health check", withoutHost("GET /health/ready HTTP/1.0"), /"status":"ready"/],
  ["an empty host", post(hi).toString().replace("host: x", "host:"), /"content":"Hi"/],
  ["a host that is none", post(hi).toString().replace("host: x", "host: a b/c?d@"), /"content":"Hi"/],
  ["a target with scheme and host", post(hi, json, `http://elsewhere.example${path}`), /"content":"Hi"/],
  ["Expect: 100-continue", post(hi, `${json}expect: 100-continue\r\n`), /^HTTP\/1\.1 100 [^]*"content":"Hi"/],
  ["an upgrade to h2c", post(hi, `${json}connection: upgrade\r\nupgrade: h2c\r\n`), /"content":"Hi"/],
  ["no content type", post(hi, ""), /"content":"Hi"/],
  ["a content type in capitals", post(hi, "CONTENT-TYPE: APPLICATION/JSON; CHARSET=UTF-8\r\n"), /"content":"Hi"/],
  ["an encoding that is none", post(hi, `${json}content-encoding: identity\r\n`), /"content":"Hi"/],
  ["a byte order mark", post(`\ufeff${hi}`), /"content":"Hi"/],
  ["a repeated key: the last one counts", post(hi.replace("{", '{"model":"demo-error-400",')), /"content":"Hi"/],
  [
    "`stream` said twice: the last one counts",
    post(hi.replace("{", '{"stream":true,"stream":false,')),
    /chat\.completion"/,
  ],
  [
    "`__proto__` and `constructor`",
    post(hi.replace("{", '{"__proto__":{"stream":true},"constructor":{},')),
    /"content":"Hi"/,
  ],
  [
    "a NUL and half a surrogate pair, escaped",
    post(hi.replace("Hi", "a\\u0000b\\ud800")),
    /"content":"a\\u0000b\\ud800"/,
  ],
  ["150 header fields", get("/health", many(150)), /"status":"ok"/],
  ["twenty requests at once for what is answered at once", get("/health").repeat(20), /(?:"status":"ok"[^]*?){20}/],
  ["a deadline of three million years", post(hi, `${json}x-request-timeout-ms: ${10 ** 17}\r\n`), /"content":"Hi"/],
];

/** Refused in the caller's own format, with words that say what to do. */
export const refused: [name: string, request: Bytes, status: number, says: RegExp][] = [
  ["no length and no chunks: no body", raw("", ""), 400, /It is empty/],
  ["a body of blanks", post(" \n "), 400, /ends too early/],
  ["half a body", post(hi.slice(0, 40)), 400, /ends too early, after 40 bytes/],
  ["a comma too many", post(hi.replace("}]", "},]")), 400, /at byte 65 is not JSON/],
  ["single quotes on the second line", post(`{\n'model':1}`), 400, /at line 2, byte 1 is not JSON/],
  ["something behind the body", post(`${hi}\0`), 400, /at byte 66 is not JSON/],
  ["a raw control character in a string", post(withWord([1])), 400, /is not JSON/],
  ["NaN", post("NaN"), 400, /at byte 1 is not JSON/],
  ["null", post("null"), 400, /Unrecognized request format/],
  ["a number", post("1e999"), 400, /Unrecognized request format/],
  ["a list", post(`[${hi}]`), 400, /Unrecognized request format/],
  ["bytes that are no UTF-8", post(withWord([0xff, 0xc3])), 400, /not valid UTF-8/],
  ["Latin-1", post(withWord([0xe9]), "content-type: application/json; charset=iso-8859-1\r\n"), 400, /not valid UTF-8/],
  ["UTF-16 with a mark", post(Buffer.from(`\ufeff${hi}`, "utf16le")), 400, /UTF-16/],
  ["UTF-16 without", post(Buffer.from(hi, "utf16le")), 400, /UTF-16/],
  ["gzip", post(gzipSync(hi), `${json}content-encoding: gzip\r\n`), 415, /gzip/],
  ["gzip that nobody announced", post(gzipSync(hi)), 415, /gzip/],
  ["zstd", post(zstdCompressSync(hi), `${json}content-encoding: zstd\r\n`), 415, /zstd/],
  ["a form", post("model=demo-echo", "content-type: application/x-www-form-urlencoded\r\n"), 415, /application\/json/],
  ["a form with files", post("--x--", "content-type: multipart/form-data; boundary=x\r\n"), 415, /application\/json/],
  ["a content type that is none", post(hi, "content-type: ;;;\r\n"), 415, /application\/json/],
  ["a million open brackets", post("[".repeat(1_000_000)), 400, /Unrecognized request format/],
  ["a million brackets in a body", post(`{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`), 400, /deeper than 128 levels/],
  ["100,000 objects in each other", post('{"a":'.repeat(100_000)), 400, /deeper than 128 levels/],
  ["a length beyond the limit", raw("content-length: 30000000\r\n", hi), 413, /MAX_BODY_BYTES/],
  ["a model id with a line break", post(hi.replace("demo-echo", "demo\\r\\nset-cookie: a")), 404, /demo\?\?set-cookie/],
  ["a deadline that is no number", post(hi, `${json}x-request-timeout-ms: 1s\r\n`), 400, /x-request-timeout-ms/],
  ["%00 in the path", get("/v1/models/%00"), 404, /The model '\?'/],
  ["a broken escape in the path", get("/v1/models/%zz%"), 404, /The model '%zz%'/],
  ["two slashes", get(`/${path}`), 404, /Invalid URL/],
  ["CONNECT", head("CONNECT x:80 HTTP/1.1", ""), 404, /Invalid URL \(CONNECT/],
  ["TRACE", head(`TRACE ${path} HTTP/1.1`, "x-secret: s\r\n"), 405, /Use POST/],
  ["an upgrade to a web socket", get(path, "connection: upgrade\r\nupgrade: websocket\r\n"), 405, /Use POST/],
];

/** What Bun's own parser refuses, before any code of ours: a bare status, or nothing, and the end of the connection. */
export const cutOff: [name: string, request: Bytes, status: RegExp][] = [
  ["a chunk length that is no number", raw(chunked, "zz\r\nhi\r\n0\r\n\r\n"), /^400$/],
  ["a negative chunk length", raw(chunked, "-5\r\nhi\r\n0\r\n\r\n"), /^400$/],
  ["a chunk length beyond all numbers", raw(chunked, `${"f".repeat(18)}\r\nhi\r\n`), /^400$/],
  ["a chunk without its line break", raw(chunked, `${asChunk(hi).trimEnd()}0\r\n\r\n`), /^400$/],
  [
    "content-length and transfer-encoding (request smuggling)",
    raw(`content-length: 5\r\n${chunked}`, asChunk(hi)),
    /^400$/,
  ],
  ["two lengths", raw(`${length(hi)}content-length: 3\r\n`, hi), /^400$/],
  ["a negative length", raw("content-length: -3\r\n", hi), /^400$/],
  ["a length that is no number", raw("content-length: 0x41\r\n", hi), /^400$/],
  ["a length of 10^15", raw("content-length: 1000000000000000\r\n", hi), /^413$/],
  ["another transfer encoding", raw("transfer-encoding: gzip, chunked\r\n", asChunk(hi)), /^400$/],
  ["a NUL in the path", get("/v1/mo\0dels"), /^(?:400|505)$/],
  ["a NUL in a header", get("/health", "x-a: b\0c\r\n"), /^400$/],
  ["carriage returns alone", "GET /health HTTP/1.1\rhost: x\r\r", /^(?:400|505)$/],
  ["a carriage return in a header", get("/health", "x-a: b\rc: d\r\n"), /^400$/],
  ["a folded header", get("/health", "x-a: b\r\n c\r\n"), /^400$/],
  ["a blank before the colon", get("/health", "x-a : b\r\n"), /^400$/],
  ["a header without a colon", get("/health", "nonsense\r\n"), /^400$/],
  ["100,000 headers", get("/health", many(100_000)), /^431$/],
  ["a header of 20 kB", get("/health", `x-a: ${"b".repeat(20_000)}\r\n`), /^431$/],
  ["a path of 100 kB", get(`/${"a".repeat(100_000)}`), /^431$/],
  ["HTTP/1.1 without a host", withoutHost("GET /health HTTP/1.1"), /^400$/],
  ["HTTP/0.9", withoutHost("GET /health"), /^505$/],
  ["HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", /^(?:400|505)$/],
  ["TLS", Buffer.from("16030100c8010000c40303", "hex"), /^400$/],
  ["a method that is none", head("BREW /health HTTP/1.1", ""), /^$/],
  ["bytes of all kinds", Uint8Array.from({ length: 2000 }, (_, n) => (n * 7919) % 256), /^400$/],
  ["chat requests on each other's heels", Buffer.concat([post(hi), post(hi), post(hi)]), /^(?:200)*$/],
];
