import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { asked, calledOnce, functionTool, nova, openaiBody, sonnet } from "./asked.ts";

const mark = (ttl?: string): JsonObject => ({ cache_control: { type: "ephemeral", ...(ttl && { ttl }) } });
const text = (said: string, fields: JsonObject = {}): JsonObject => ({ type: "text", text: said, ...fields });
const point = { cachePoint: { type: "default" } };
const hour = { cachePoint: { type: "default", ttl: "1h" } };
const user = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: "user", content }] });
const content = (body: JsonObject, turn = 0): Json[] =>
  ((body["messages"] as JsonObject[])[turn]?.["content"] ?? []) as Json[];

describe("cache points", () => {
  test("stand right behind what they mark", () => {
    const { body, losses } = asked(
      openaiBody(sonnet, {
        messages: [
          { role: "system", content: [text("S", mark())] },
          { role: "user", content: [text("a", { prompt_cache_breakpoint: { mode: "explicit" } }), text("b")] },
        ],
      }),
    );
    expect(body["system"]).toEqual([{ text: "S" }, point]);
    expect(content(body)).toEqual([{ text: "a" }, point, { text: "b" }]);
    expect(losses).toBe("");
  });

  test("T-69 stand behind tools, calls and results; not on Nova", () => {
    const history = calledOnce();
    const fields = {
      tools: [{ ...functionTool("f"), ...mark() }],
      messages: [
        history[0] ?? {},
        {
          role: "assistant",
          tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" }, ...mark() }],
        },
        { role: "tool", tool_call_id: "c1", content: [text("ok", mark())] },
      ],
    };
    const { body, losses } = asked(openaiBody(sonnet, fields));
    expect(((body["toolConfig"] as JsonObject)["tools"] as Json[])[1]).toEqual(point);
    expect(content(body, 1)[1]).toEqual(point);
    expect(content(body, 2)[1]).toEqual(point);
    expect(losses).toBe("");
    const refused = asked(openaiBody(nova, fields));
    expect(JSON.stringify(refused.body)).not.toContain("cachePoint");
    expect(refused.losses.split(",")).toHaveLength(3);
  });

  test("T-66 a model without them loses them, and says which", () => {
    const { body, losses } = asked(
      openaiBody(
        "qwen.qwen3-32b-v1:0",
        user(text("a", mark()), text("b", { prompt_cache_breakpoint: { mode: "explicit" } })),
      ),
    );
    expect(content(body)).toEqual([{ text: "a" }, { text: "b" }]);
    expect(losses).toBe("messages[0].content[0].cache_control,messages[0].content[1].prompt_cache_breakpoint");
  });

  test("T-67 an hour only where the model has it, and only before the shorter ones", () => {
    expect(content(asked(openaiBody(sonnet, user(text("a", mark("1h"))))).body)).toEqual([{ text: "a" }, hour]);
    const short = asked(openaiBody(nova, user(text("a", mark("1h")))));
    expect(content(short.body)).toEqual([{ text: "a" }, point]);
    expect(short.losses).toBe("messages[0].content[0].cache_control;approximated");
    const late = asked(openaiBody(sonnet, user(text("a", mark()), text("b", mark("1h")))));
    expect(content(late.body)).toEqual([{ text: "a" }, point, { text: "b" }, point]);
    expect(late.losses).toBe("messages[0].content[1].cache_control;approximated");
  });

  test("T-68 four at most: the last four", () => {
    const { body, losses } = asked(
      openaiBody(sonnet, user(...["a", "b", "c", "d", "e"].map((said) => text(said, mark())))),
    );
    expect(content(body)).toEqual([{ text: "a" }, ...["b", "c", "d", "e"].flatMap((said) => [{ text: said }, point])]);
    expect(losses).toBe("messages[0].content[0].cache_control");
  });

  test("a mark on blank text marks nothing", () => {
    const { body, losses } = asked(openaiBody(sonnet, user(text("a"), text(" ", mark()))));
    expect(content(body)).toEqual([{ text: "a" }]);
    expect(losses).toBe("messages[0].content[1].cache_control");
  });

  test("Claude's automatic mark stands behind the last block", () => {
    const body = {
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 5,
      cache_control: { type: "ephemeral" },
      messages: [{ role: "user", content: "x" }],
    };
    expect(content(asked({ ...body, model: sonnet }).body)).toEqual([{ text: "x" }, point]);
    const lost = asked({ ...body, model: "qwen.qwen3-32b-v1:0" });
    expect(content(lost.body)).toEqual([{ text: "x" }]);
    expect(lost.losses).toBe("cache_control");
  });
});
