/** A verbatim stream: bytes as they came, but no half event behind which nothing could be read any more. */
import { describe, expect, test } from "bun:test";
import { factsOnOpenAI } from "../../src/core/models.ts";
import { dialect } from "../../src/dialects/registry.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { sseText } from "../../src/framing/sse-text.ts";
import { ForwardBytes } from "../../src/gateway/forward-bytes.ts";
import { GatewayError } from "../../src/core/error.ts";
import { data, textEvents } from "../fakes/openai.ts";

const forward = (): ForwardBytes =>
  new ForwardBytes({
    dialect: dialect("openai"),
    context: {
      model: "gpt-4o",
      created: 1,
      includeUsage: false,
      legacyFunctions: false,
      facts: factsOnOpenAI("gpt-4o"),
    },
    framing: () => sseDecoder(2 ** 20),
    write: sseText,
    maxEvent: 2 ** 20,
  });
const answer = Buffer.concat(textEvents(["he", "llo"]));
const errorEvent = data({ error: { message: "It broke.", type: "server_error", param: null, code: null } });

describe("a verbatim stream", () => {
  test("T-53 cut anywhere, goes out in whole events: a heartbeat or an error event between two pieces can be read", () => {
    for (let cut = 1; cut < answer.length; cut++) {
      const transform = forward();
      const first = Buffer.from(transform.push(answer.subarray(0, cut)));
      expect(first.length === 0 || first.toString().endsWith("\n\n")).toBe(true);
      const rest = Buffer.from(transform.push(answer.subarray(cut)));
      expect(Buffer.concat([first, rest]).equals(answer)).toBe(true);
      expect(transform.complete).toBe(true);
    }
  });

  test("broken off anywhere, what is told is whole events and the error", () => {
    for (let cut = 1; cut < answer.length - 2; cut++) {
      const transform = forward();
      const told =
        Buffer.from(transform.push(answer.subarray(0, cut))).toString() + transform.fail(GatewayError.truncated());
      const events = told.split("\n\n").filter((event) => event !== "");
      for (const event of events) expect(() => JSON.parse(event.replace(/^data: /, ""))).not.toThrow();
      expect(events.at(-1)).toContain("upstream_stream_truncated");
    }
  });

  test("an error event before all others goes out as no bytes, so that it can be an HTTP status", () => {
    const transform = forward();
    expect(transform.push(Buffer.concat([errorEvent, data("[DONE]")]))).toHaveLength(0);
    expect(transform.failure).toMatchObject({ message: "It broke." });
  });

  test("comments go out with the first event behind them, byte for byte", () => {
    const transform = forward();
    const comment = Buffer.from(": working\n\n");
    expect(transform.push(comment)).toHaveLength(0);
    expect(transform.push(comment)).toHaveLength(0);
    expect(Buffer.from(transform.push(answer)).equals(Buffer.concat([comment, comment, answer]))).toBe(true);
    expect(transform.complete).toBe(true);
  });

  test("what is no event at all goes out as no bytes, so that it can be an HTTP status", () => {
    const transform = forward();
    expect(transform.push(Buffer.from("<html>\n\n<p>Bad gateway</p>\n\n"))).toHaveLength(0);
    expect(transform.end()).toHaveLength(0);
    expect(transform.failure).toMatchObject({ status: 502 });
  });

  test("an error event behind others goes out as it came, once", () => {
    const transform = forward();
    const [first = Buffer.of()] = textEvents(["he"]);
    expect(Buffer.from(transform.push(Buffer.concat([first, errorEvent, data("[DONE]")]))).toString()).toBe(
      Buffer.concat([first, errorEvent]).toString(),
    );
    expect(transform.failure && transform.fail(transform.failure)).toBe("");
  });
});
