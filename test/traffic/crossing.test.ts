import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { converseFaults } from "../fakes/converse-rules.ts";
import { cross, strangers } from "./crossing.ts";
import { readRecordings, trafficDirectory } from "./recordings.ts";
import { openStage, type Stage } from "./stage.ts";

const directory = trafficDirectory();

test("the rules of Converse find what Bedrock refuses", () => {
  const user = { role: "user", content: [{ text: "a" }] };
  const call = { role: "assistant", content: [{ toolUse: { toolUseId: "t", name: "f", input: {} } }] };
  const result = { role: "user", content: [{ toolResult: { toolUseId: "t", content: [{ text: "1" }] } }] };
  const tools = { tools: [{ toolSpec: { name: "f", inputSchema: { json: { type: "object" } } } }] };
  expect(converseFaults({ messages: [user, call, result], toolConfig: tools })).toEqual([]);
  expect(converseFaults({ messages: [user, call, result] })).toEqual(["tool blocks without toolConfig"]);
  expect(converseFaults({ messages: [user, user] })).toEqual(["messages[1]: roles do not alternate"]);
  expect(converseFaults({ messages: [user, call], toolConfig: tools })).toEqual(["calls without results: t"]);
  expect(converseFaults({ messages: [{ role: "user", content: [{ text: " " }] }] })).toEqual([
    "messages[0]: a blank text",
  ]);
  expect(converseFaults({ messages: [user], stream: true })).toEqual(["unknown member stream"]);
});

describe.skipIf(directory === undefined)(
  "recorded requests to models they were not made for (skipped: no recordings here)",
  () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage();
    });
    afterAll(() => stage.stop());

    const folders = [
      "openai/chat.completions",
      "bedrock/InvokeModel",
      "bedrock/InvokeModelWithResponseStream",
      "anthropic/messages",
    ] as const;
    test.each(folders.flatMap((folder) => strangers.map((model) => [folder, model] as const)))(
      "%s to %s: what goes upstream is what it takes",
      async (folder, model) => {
        const wrong: string[] = [];
        for (const recording of readRecordings(directory ?? "", folder)) {
          const crossing = await cross(stage, recording, model);
          if (crossing && crossing.faults.length > 0)
            wrong.push(`${recording.file}: ${crossing.status} ${crossing.faults.join("; ")} ${crossing.message}`);
        }
        expect(wrong).toEqual([]);
      },
      60_000,
    );
  },
);
