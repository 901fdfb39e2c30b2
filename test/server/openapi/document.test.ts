import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { validate } from "@scalar/openapi-parser";
import * as v from "valibot";
import { answerExamples, requestExamples } from "../../../src/server/openapi/examples.ts";
import { failures } from "../../../src/server/openapi/errors.ts";
import { openapiDocument } from "../../../src/server/openapi/document.ts";
import { schemas } from "../../../src/server/openapi/schemas.ts";
import { requestsOf, responsesOf, streamsOf } from "../../dialects/fixtures.ts";
import { type Gateway, startGateway } from "../../traffic/gateway.ts";

const formats = ["openai", "bedrock_claude", "bedrock_titan"] as const;
type Format = (typeof formats)[number];

const requests = {
  openai: schemas.OpenAIRequest,
  bedrock_claude: schemas.BedrockClaudeRequest,
  bedrock_titan: schemas.BedrockTitanRequest,
};
const answers = {
  openai: schemas.OpenAIAnswer,
  bedrock_claude: schemas.BedrockClaudeAnswer,
  bedrock_titan: schemas.BedrockTitanAnswer,
};
const pieces = {
  openai: schemas.OpenAIChunk,
  bedrock_claude: schemas.BedrockClaudeEvent,
  bedrock_titan: schemas.BedrockTitanChunk,
};
const errors = {
  openai: schemas.OpenAIError,
  bedrock_claude: schemas.BedrockClaudeError,
  bedrock_titan: schemas.BedrockTitanError,
};

/** Which of the three a value is; the document says oneOf, so it has to be one. */
function fitting(table: Record<Format, v.GenericSchema>, value: unknown): Format[] {
  return formats.filter((format) => v.safeParse(table[format], value).success);
}

function expectFit(schema: v.GenericSchema, value: unknown, note: string): void {
  const { success, issues } = v.safeParse(schema, value);
  expect(
    success ? [] : issues?.map(({ message, path }) => `${path?.map(({ key }) => String(key)).join(".")}: ${message}`),
    note,
  ).toEqual([]);
}

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway("http://127.0.0.1:9", { args: ["--demo"] });
});
afterAll(() => gateway.stop());

function ask(body: unknown, target?: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions${target === undefined ? "" : `?target_format=${target}`}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

describe("the document", () => {
  test("is valid OpenAPI 3.1 by a linter that is not ours", async () => {
    const { valid, errors } = await validate(structuredClone(openapiDocument("1.2.3")));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test("the linter itself: a broken document is seen", async () => {
    const broken = { ...openapiDocument("1"), paths: { "/x": { get: { responses: 3 } } } };
    expect((await validate(broken)).valid).toBe(false);
  });

  test("is what the gateway serves, without a key", async () => {
    const served = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as { info: { version: string } };
    expect(served).toEqual(JSON.parse(JSON.stringify(openapiDocument(served.info.version))));
  });

  test("names only schemas that it has", () => {
    const text = JSON.stringify(openapiDocument("1"));
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? "");
    expect(named.length).toBeGreaterThan(10);
    for (const name of named) expect(Object.keys(schemas)).toContain(name);
  });
});

describe("examples", () => {
  for (const [name, { value }] of Object.entries(requestExamples)) {
    test(`request ${name} fits exactly one schema and is answered in every format that can`, async () => {
      expect(fitting(requests, value)).toEqual([formats.findLast((format) => name.startsWith(format))!]);
      for (const format of formats) {
        const response = await ask(value, format);
        const text = await response.text();
        if (format === "bedrock_titan" && value["tools"] !== undefined) {
          expect(text).toContain("'tools' cannot be used with target_format 'bedrock_titan'");
          continue;
        }
        expect(response.status, text).toBe(200);
        if (value["stream"] !== true) {
          expect(fitting(answers, JSON.parse(text))).toEqual([format]);
          continue;
        }
        const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data ?? "");
        const json = events.filter((data) => data !== "[DONE]");
        expect(json.length).toBeGreaterThan(3);
        for (const data of json) expectFit(pieces[format], JSON.parse(data), data);
        expect(text).toEndWith(format === "bedrock_claude" ? '{"type":"message_stop"}\n\n' : "data: [DONE]\n\n");
      }
    });
  }

  for (const format of formats) {
    test(`answer ${format} is what the gateway answers`, async () => {
      const got = (await (await ask(requestExamples[format]?.value, format)).json()) as object;
      const shown = answerExamples[format]?.value ?? {};
      // Ids and times are new each time; the counts follow each prompt.
      const steady = (value: object): object =>
        JSON.parse(
          JSON.stringify(value, (key, item) => (/^(?:id|created)$|tokens?(?:Count)?$/i.test(key) ? typeof item : item)),
        );
      expect(steady(got)).toEqual(steady(shown));
    });
  }

  test("every example of an error is what somebody gets", async () => {
    const provoked: Record<number, (format: string) => Promise<Response>> = {
      400: (format) => ask({ messages: [] }, format),
      404: (format) => ask({ model: "demo-nobody", messages: [{ role: "user", content: "Hi" }] }, format),
      429: (format) => ask({ model: "demo-error-429", messages: [{ role: "user", content: "Hi" }] }, format),
    };
    let compared = 0;
    for (const { status, examples } of failures) {
      for (const [format, { value }] of Object.entries(examples)) {
        expect(fitting(errors, value)).toEqual([format as Format]);
        const response = await provoked[status]?.(format);
        if (response === undefined) continue;
        const got = (await response.json()) as { request_id?: string };
        expect(response.status).toBe(status);
        const shown = "request_id" in got ? { ...value, request_id: got.request_id } : value;
        if (status !== 404) expect(got).toEqual(shown);
        else expect(JSON.stringify(got)).toContain("demo-nobody");
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(4);
  });

  test("an explanation fits its schema", async () => {
    const response = await ask(requestExamples["bedrock_claude"]?.value, undefined, {
      "x-amazon-chat-explain": "true",
    });
    expectFit(schemas.Explanation, await response.json(), "explain");
  });
});

test("the schemas hold for every fixture of the three formats", () => {
  for (const format of formats) {
    // Bodies without Anthropic's version are told by other evidence (mapping I.4); the schema names the plain way.
    for (const { name, body } of requestsOf(format)) {
      const whole = format === "bedrock_claude" ? { anthropic_version: "bedrock-2023-05-31", ...body } : body;
      expectFit(requests[format], { model: "m", ...whole }, `${format}/${name}`);
    }
    for (const { name, body } of responsesOf(format)) expectFit(answers[format], body, `${format}/${name}`);
    for (const { name, body } of streamsOf(format)) {
      for (const { data } of body) {
        if (data !== "[DONE]") expectFit(pieces[format], JSON.parse(data), `${format}/${name}`);
      }
    }
  }
});
