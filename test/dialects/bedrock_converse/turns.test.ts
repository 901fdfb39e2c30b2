import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import { thrownBy } from "../stages.ts";
import { asked, call, calledOnce, functionTool, gptOss, llama4, nova, openaiBody, opus46, sonnet } from "./asked.ts";

const claudeBody = (messages: JsonObject[]): JsonObject => ({
  anthropic_version: "bedrock-2023-05-31",
  model: nova,
  max_tokens: 10,
  messages,
});

describe("turns", () => {
  test("T-01 neighbours of one role become one turn, block by block", () => {
    const { body } = asked(
      openaiBody(nova, {
        messages: [
          { role: "user", content: "a" },
          { role: "user", content: "b" },
          { role: "assistant", content: "c" },
          { role: "assistant", content: "d" },
          { role: "user", content: "e" },
        ],
      }),
    );
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ text: "a" }, { text: "b" }] },
      { role: "assistant", content: [{ text: "c" }, { text: "d" }] },
      { role: "user", content: [{ text: "e" }] },
    ]);
  });

  test("T-14 T-08 a blank turn vanishes before its neighbours are joined", () => {
    const { body } = asked(
      openaiBody(nova, {
        messages: [
          { role: "user", content: "a" },
          { role: "assistant", content: " \n" },
          {
            role: "user",
            content: [
              { type: "text", text: "" },
              { type: "text", text: "b" },
            ],
          },
        ],
      }),
    );
    expect(body["messages"]).toEqual([{ role: "user", content: [{ text: "a" }, { text: "b" }] }]);
  });

  test("T-03 words behind tool results become a turn of their own where the model wants it", () => {
    const { body } = asked(
      openaiBody(llama4, { tools: [functionTool("f")], messages: calledOnce({ role: "user", content: "and?" }) }),
    );
    expect((body["messages"] as JsonObject[]).slice(2)).toEqual([
      { role: "user", content: [{ toolResult: { toolUseId: "c1", content: [{ text: "ok" }] } }] },
      { role: "assistant", content: [{ text: "…" }] },
      { role: "user", content: [{ text: "and?" }] },
    ]);
  });

  test("T-05 words stand before calls in an assistant turn", () => {
    const { body } = asked(
      openaiBody(nova, {
        tools: [functionTool("f")],
        messages: [
          { role: "user", content: "go" },
          { role: "assistant", tool_calls: [call("c1")], content: "let me see" },
          { role: "tool", tool_call_id: "c1", content: "ok" },
        ],
      }),
    );
    expect(body["messages"]).toContainEqual({
      role: "assistant",
      content: [{ text: "let me see" }, { toolUse: { toolUseId: "c1", name: "f", input: {} } }],
    });
  });

  test("T-06 T-07 developer is system; one in the middle is hoisted and says so", () => {
    const { body, losses } = asked(
      openaiBody(nova, {
        messages: [
          { role: "developer", content: "D" },
          { role: "user", content: "u" },
          { role: "system", content: "S" },
        ],
      }),
    );
    expect(body["system"]).toEqual([{ text: "D" }, { text: "S" }]);
    expect(losses).toBe("messages[2];approximated");
  });

  test("T-12 an empty system prompt is left out", () => {
    const { body, losses } = asked(
      openaiBody(nova, {
        messages: [
          { role: "system", content: "" },
          { role: "user", content: "u" },
        ],
      }),
    );
    expect(body).not.toHaveProperty("system");
    expect(losses).toBe("");
  });

  test("T-13 a trailing assistant turn is continued, answered, or left to the upstream", () => {
    const messages = [
      { role: "user", content: "Say A" },
      { role: "assistant", content: "The \n" },
    ];
    const last = (body: JsonObject): unknown => (body["messages"] as JsonObject[]).at(-1);
    expect(last(asked(openaiBody(sonnet, { messages })).body)).toEqual({
      role: "assistant",
      content: [{ text: "The" }],
    });
    expect(last(asked(openaiBody(opus46, { messages })).body)).toEqual({
      role: "user",
      content: [{ text: "Continue." }],
    });
    expect(last(asked(openaiBody(gptOss, { messages })).body)).toEqual({
      role: "user",
      content: [{ text: "Continue." }],
    });
    // "When using tools, pre-filling the `assistant` response is not supported."
    expect(last(asked(openaiBody(sonnet, { messages, tools: [functionTool("f")] })).body)).toEqual({
      role: "user",
      content: [{ text: "Continue." }],
    });
    expect(last(asked({ ...claudeBody(messages), model: opus46 }).body)).toMatchObject({ role: "assistant" });
  });

  test("lone surrogates are replaced", () => {
    const { body } = asked(openaiBody(nova, { messages: [{ role: "user", content: "a\ud800b" }] }));
    expect(body["messages"]).toEqual([{ role: "user", content: [{ text: "a\ufffdb" }] }]);
  });

  test("a refusal of history is text", () => {
    const { body } = asked(
      openaiBody(nova, {
        messages: [
          { role: "user", content: "a" },
          { role: "assistant", content: null, refusal: "no" },
          { role: "user", content: "b" },
        ],
      }),
    );
    expect(body["messages"]).toContainEqual({ role: "assistant", content: [{ text: "no" }] });
  });

  test("blank text alone is silent for OpenAI and an error for Claude", () => {
    const blank = [{ role: "user", content: " " }];
    expect(asked(openaiBody(nova, { messages: blank })).body["messages"]).toEqual([
      { role: "user", content: [{ text: "Begin." }] },
    ]);
    expect(thrownBy(() => asked(claudeBody(blank))).message).toBe("messages: text content blocks must be non-empty");
  });
});

describe("pairs of calls and results", () => {
  const tools = [functionTool("f")];

  test("T-02 results of parallel calls share one turn, in call order, without the caller's order", () => {
    const { body } = asked(
      openaiBody(nova, {
        tools,
        messages: [
          { role: "user", content: "go" },
          { role: "assistant", tool_calls: [call("a"), call("b"), call("c")] },
          { role: "tool", tool_call_id: "c", content: "3" },
          { role: "tool", tool_call_id: "a", content: "1" },
          { role: "tool", tool_call_id: "b", content: "2" },
        ],
      }),
    );
    const results = (body["messages"] as JsonObject[])[2]?.["content"] as JsonObject[];
    expect(results.map(({ toolResult }) => (toolResult as JsonObject)["toolUseId"])).toEqual(["a", "b", "c"]);
  });

  test("ids that come back in every turn still pair turn by turn", () => {
    const again = (answer: string): JsonObject[] => [
      { role: "assistant", tool_calls: [call("call_1"), call("call_0")] },
      { role: "tool", tool_call_id: "call_0", content: `${answer}0` },
      { role: "tool", tool_call_id: "call_1", content: `${answer}1` },
    ];
    const { body } = asked(
      openaiBody(nova, { tools, messages: [{ role: "user", content: "go" }, ...again("a"), ...again("b")] }),
    );
    const texts = JSON.stringify(body["messages"]).match(/"text":"[ab]\d"/g);
    expect(texts).toEqual(['"text":"a1"', '"text":"a0"', '"text":"b1"', '"text":"b0"']);
  });

  test("T-04 an unanswered call at the end is refused before the upstream does", () => {
    const error = thrownBy(() =>
      asked(
        openaiBody(nova, {
          tools,
          messages: [
            { role: "user", content: "go" },
            { role: "assistant", tool_calls: [call("c1"), call("c2")] },
            { role: "tool", tool_call_id: "c1", content: "1" },
          ],
        }),
      ),
    );
    expect(error).toMatchObject({ status: 400, param: "messages.[1].role", code: null });
    expect(error.message).toEndWith("did not have response messages: c2");
  });

  test("of two results for one call the last goes, the first is a loss", () => {
    const { body, losses } = asked(
      openaiBody(nova, { tools, messages: calledOnce({ role: "tool", tool_call_id: "c1", content: "better" }) }),
    );
    expect((body["messages"] as JsonObject[])[2]).toEqual({
      role: "user",
      content: [{ toolResult: { toolUseId: "c1", content: [{ text: "better" }] } }],
    });
    expect(losses).toBe("messages[2]");
  });

  test("Claude's callers read Claude's words", () => {
    const orphan = thrownBy(() =>
      asked(claudeBody([{ role: "user", content: [{ type: "tool_result", tool_use_id: "t9", content: "x" }] }])),
    );
    expect(orphan.message).toStartWith(
      "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t9.",
    );
    const unanswered = thrownBy(() =>
      asked(
        claudeBody([
          { role: "user", content: "go" },
          { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "f", input: {} }] },
          { role: "user", content: "never mind" },
        ]),
      ),
    );
    expect(unanswered.message).toStartWith(
      "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1.",
    );
  });

  test("T-27 T-71 the results of a Claude body may stand behind words and in two turns", () => {
    const { body } = asked({
      ...claudeBody([
        { role: "user", content: "go" },
        {
          role: "assistant",
          content: [
            { type: "tool_use", id: "t1", name: "f", input: {} },
            { type: "tool_use", id: "t2", name: "f", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "text", text: "here" },
            { type: "tool_result", tool_use_id: "t2", content: "2" },
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "1" }] },
      ]),
      tools: [{ name: "f", input_schema: { type: "object" } }],
    });
    expect((body["messages"] as JsonObject[])[2]).toEqual({
      role: "user",
      content: [
        { toolResult: { toolUseId: "t1", content: [{ text: "1" }] } },
        { toolResult: { toolUseId: "t2", content: [{ text: "2" }] } },
        { text: "here" },
      ],
    });
  });
});
