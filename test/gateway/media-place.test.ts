import { afterEach, expect, test } from "bun:test";
import { awsError } from "../fakes/converse.ts";
import { type Between, openBetween } from "../traps/gateway.ts";

let between: Between | undefined;
afterEach(() => between?.stop());

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const text = { type: "text", text: "see" };
const image = { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } };
const file = { type: "file", file: { filename: "a.txt", file_data: "YQ==" } };

test.each([
  ["This model doesn't support the image content block that you provided.", "messages[1].content[1]"],
  ["This model doesn't support images.", "messages[1].content[1]"],
  ["This model does not support documents.", "messages[0].content[1]"],
  ["This model doesn't support the video content block that you provided.", null],
  ["Something else is wrong with it.", null],
])("mapping B.12: %s: at %p, and no second try", async (message, param) => {
  between = openBetween(() => awsError(400, "ValidationException", message));
  const { status, text: told } = await between.ask({
    model: "us.invented.tomorrow-v1:0",
    messages: [
      { role: "user", content: [text, file] },
      { role: "user", content: [text, image, image] },
    ],
  });
  expect(status).toBe(400);
  expect(JSON.parse(told).error).toMatchObject({ message, param });
  if (param !== null) expect(JSON.parse(told).error.code).toBe("unsupported_value");
  expect(between.wire.seen).toHaveLength(1);
});
