import { expect, test } from "bun:test";
import type { Json } from "../../../src/core/json.ts";
import { sample } from "../../../src/providers/demo/sample.ts";

test.each<[Json, Json]>([
  [{ type: "string" }, "example value"],
  [{ type: ["null", "string"], maxLength: 7 }, "example"],
  [{ type: "string", minLength: 15 }, "example value.."],
  [{ type: "string", format: "date" }, "2026-01-31"],
  [{ enum: ["b", "a"] }, "b"],
  [{ const: null }, null],
  [{ type: "integer", minimum: 2.5 }, 3],
  [{ type: "integer", exclusiveMinimum: 1 }, 2],
  [{ type: "number", maximum: 0.25 }, 0.25],
  [{ type: "number", multipleOf: 5, minimum: 6 }, 10],
  [{ type: "number", multipleOf: 0 }, 1],
  [{ type: "array", items: { type: "boolean" }, minItems: 2 }, [true, true]],
  [{ anyOf: [{ type: "integer" }, { type: "string" }] }, 1],
  [{ oneOf: [{ type: "object", properties: { a: { type: "null" } } }] }, {}],
  [
    { type: "object", properties: { a: { type: "string", default: "d" }, b: { examples: [7] } } },
    { a: "d", b: 7 },
  ],
  [{ $ref: "#/$defs/x", $defs: { x: { type: "boolean" } } }, true],
  [
    {
      allOf: [
        { properties: { a: { type: "integer" } }, required: ["a"] },
        { properties: { b: { type: "null" } }, required: ["b"] },
      ],
    },
    { a: 1, b: null },
  ],
  [true, {}],
])("a value that fits %j", (schema, value) => {
  expect(sample(schema)).toEqual(value);
});

test("a schema without an end has an end", () => {
  const branch = { type: "object", required: ["a", "b", "c"], properties: {} };
  const self = { $ref: "#/$defs/t" };
  const endless = { $ref: "#/$defs/t", $defs: { t: { ...branch, properties: { a: self, b: self, c: self } } } };
  expect(JSON.stringify(sample(endless)).length).toBeLessThan(200_000);
  expect(sample({ $ref: "#/$defs/a", $defs: { a: { allOf: [{ $ref: "#/$defs/a" }] } } })).toBeDefined();
  expect(sample({ $ref: "#" })).toBeDefined();
  let deep: Json = { type: "integer" };
  for (let i = 0; i < 50; i++) deep = { type: "array", minItems: 100, items: deep };
  expect(JSON.stringify(sample(deep)).length).toBeLessThan(2_000_000);
});
