import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject } from "../../../src/core/json.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";
import { dialect } from "../../../src/dialects/registry.ts";
import { noTraffic, trafficFolder } from "../../traffic-folder.ts";

const { request } = dialect("bedrock_converse");
const facts = factsOnBedrock("meta.llama3-8b-instruct-v1:0", "meta.llama3-8b-instruct-v1:0");

function roundTrip(body: JsonObject): JsonObject {
  return request.encode(request.decode(body), facts).value;
}

describe("encode(decode(body)) is the body, whatever the model lacks", () => {
  test("every member, every block, unknown ones included", () => {
    const body: JsonObject = {
      system: [
        { text: "S" },
        { cachePoint: { type: "default", ttl: "1h" } },
        { guardContent: { text: { text: "g" } } },
      ],
      messages: [
        {
          role: "user",
          content: [
            { cachePoint: { type: "default" } },
            { text: "" },
            { image: { format: "png", source: { bytes: "iVBORw0KGgo=" } } },
            {
              document: {
                format: "pdf",
                name: "a",
                source: { s3Location: { uri: "s3://b/k", bucketOwner: "1" } },
                newField: 1,
              },
            },
            {
              document: {
                format: "txt",
                name: "b",
                source: { content: [{ text: "c" }] },
                citations: { enabled: true },
              },
            },
            { video: { format: "mp4", source: { bytes: "AAAA" } } },
            { searchResult: { source: "s", title: "t", content: [{ text: "r" }], citations: { enabled: false } } },
            { guardContent: { text: { text: "g", qualifiers: ["query"] } } },
            { inventedTomorrow: { a: [1, { b: null }] } },
          ],
        },
        {
          role: "assistant",
          content: [
            { reasoningContent: { reasoningText: { text: " hm ", signature: "SIG" } } },
            { reasoningContent: { redactedContent: "AAA=" } },
            {
              citationsContent: { content: [{ text: "a" }, { text: "b" }], citations: [{ title: "t", location: {} }] },
            },
            { toolUse: { toolUseId: "id with space", name: "f", input: { x: [1] } } },
            { toolUse: { toolUseId: "2", name: "f", input: {}, type: "server_tool_use" } },
            { cachePoint: { type: "default" } },
          ],
        },
        {
          role: "user",
          content: [
            { toolResult: { toolUseId: "2", content: [{ json: { a: 1 } }, { text: "t" }], status: "success" } },
            { toolResult: { toolUseId: "id with space", content: [], status: "error" } },
          ],
        },
        { role: "user", content: [{ text: "again the user" }] },
        { role: "system", content: [{ toolAddition: { tool: { name: "f" } } }] },
      ],
      inferenceConfig: { maxTokens: 1, temperature: 0, topP: 0, stopSequences: [" "], invented: 1 },
      toolConfig: {
        tools: [
          { toolSpec: { name: "f", description: "", inputSchema: { json: {} }, strict: true } },
          { cachePoint: { type: "default" } },
          { systemTool: { name: "nova_grounding" } },
        ],
        toolChoice: { auto: {} },
      },
      additionalModelRequestFields: { top_k: 1, thinking: null },
      additionalModelResponseFieldPaths: ["/x"],
      outputConfig: {
        textFormat: { type: "json_schema", structure: { jsonSchema: { schema: '{ "type": "object" }' } } },
      },
      guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1", streamProcessingMode: "async" },
      performanceConfig: { latency: "optimized" },
      requestMetadata: { a: "ü" },
      serviceTier: { type: "flex" },
      promptVariables: { a: { text: "b" } },
      invented: { deep: [true] },
    };
    expect(roundTrip(body)).toEqual(body);
  });

  test(`recorded requests${noTraffic}`, () => {
    if (trafficFolder === undefined) return;
    let count = 0;
    for (const file of new Bun.Glob("bedrock/Converse*/*.json").scanSync(trafficFolder)) {
      const recording: unknown = JSON.parse(readFileSync(join(trafficFolder, file), "utf8"));
      const body = isObject(recording) && isObject(recording["request"]) ? recording["request"]["body"] : undefined;
      // One recording is of a body that Bedrock refused: its content is a string.
      if (!isObject(body) || JSON.stringify(body).includes('"content":"')) continue;
      expect(roundTrip(body), file).toEqual(body);
      count++;
    }
    expect(count).toBeGreaterThan(200);
  });
});

test("a Converse body that leaves names what the others cannot hold", () => {
  const decoded = request.decode({
    messages: [{ role: "user", content: [{ image: { format: "png", source: { bytes: "AAAA" }, odd: 1 } }] }],
    inferenceConfig: {},
    invented: 1,
  });
  expect(request.leave(decoded, facts)).toEqual([
    { path: "invented", feature: "unknown field", action: "dropped" },
    { path: "messages[0].content[0]", feature: "block field", action: "approximated" },
  ]);
});
