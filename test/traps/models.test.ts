import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { JsonObject } from "../../src/core/json.ts";
import { awsError } from "../fakes/converse.ts";
import { through } from "../laws/through.ts";
import { type Between, openBetween } from "./gateway.ts";

const tool = { type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } };
const messages = [{ role: "user", content: "Hi" }];

describe("T-38 what a model can do is a matter of its id and its endpoint", () => {
  const body = { messages, tools: [tool], stop: ["END"], stream: true };

  test("tools while streaming: gpt-oss can, Llama is asked for a whole answer", async () => {
    const streams = async (model: string): Promise<boolean | undefined> => {
      const outcome = await through({ ...body, model });
      return outcome.refused ? undefined : outcome.stream;
    };
    expect(await streams("openai.gpt-oss-120b-1:0")).toBe(true);
    expect(await streams("us.meta.llama3-3-70b-instruct-v1:0")).toBe(false);
    expect(await streams("mistral.mistral-7b-instruct-v0:2")).toBeUndefined();
  });

  test("the same gpt-oss takes stop strings from a server of OpenAI's format, not from Bedrock", async () => {
    const onBedrock = await through({ ...body, model: "openai.gpt-oss-120b-1:0" });
    const elsewhere = await through({ ...body, model: "gpt-oss-120b" });
    expect(onBedrock).toMatchObject({ to: "bedrock_converse", losses: [{ path: "stop", action: "dropped" }] });
    expect(elsewhere).toMatchObject({ to: "openai", verbatim: true, losses: [], body: { stop: ["END"] } });
  });
});

describe("T-39 models of the bedrock-mantle endpoint", () => {
  let between: Between;
  let says: [number, string, string];
  beforeAll(() => {
    between = openBetween(() => awsError(...says));
  });
  afterAll(() => between.stop());

  const hint = "This model may only be available on the bedrock-mantle endpoint.";
  const ask = async (model: string): Promise<{ status: number; error: JsonObject; target: string | undefined }> => {
    const { status, text } = await between.ask({ model, messages });
    return { status, error: JSON.parse(text).error, target: between.wire.seen.at(-1)?.target };
  };

  test.each(["openai.gpt-5.5", "google.gemma-4-27b-it", "xai.grok-4.3"])(
    "%s is asked for under its own id, and a refusal says where it may be",
    async (model) => {
      for (const told of [
        [400, "ValidationException", "The provided model identifier is invalid."],
        [400, "ValidationException", "This model doesn't support the Converse operation."],
        [404, "ResourceNotFoundException", "Could not find the model."],
      ] as const) {
        says = [...told];
        const { status, error, target } = await ask(model);
        expect(target).toBe(`/model/${model}/converse`);
        expect([status, error["code"], error["param"]]).toEqual([404, "model_not_found", "model"]);
        expect(String(error["message"])).toEndWith(hint);
      }
    },
  );

  test("a refusal about something else, or of another model, says nothing of it", async () => {
    says = [400, "ValidationException", "Malformed input request."];
    expect((await ask("openai.gpt-5.5")).status).toBe(400);
    says = [400, "ValidationException", "The provided model identifier is invalid."];
    const { status, error } = await ask("us.amazon.nova-lite-v1:0");
    expect([status, String(error["message"]).includes("mantle")]).toEqual([404, false]);
  });
});
