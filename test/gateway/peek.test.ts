import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { JsonObject } from "../../src/core/json.ts";
import { Body } from "../../src/gateway/body.ts";
import { peek } from "../../src/gateway/peek.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("peek", () => {
  test("agrees with JSON.parse on what is an object, for any JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const value: unknown = JSON.parse(text);
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
        if (!isObject) return expect(() => peek(bytes(text), 128)).toThrow();
        const keys = new Set(peek(bytes(text), 128).spans.map((span) => span.key));
        if (!text.includes("\\")) expect(keys).toEqual(new Set(Object.keys(value)));
      }),
      { numRuns: 2000 },
    );
  });

  test("refuses what JSON.parse refuses, for mutated JSON", () => {
    const mutated = fc
      .tuple(
        fc.object({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "1", "\\", "x", ""),
      )
      .map(([value, at, piece]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        return text.slice(0, place) + piece + text.slice(place + 1);
      });
    fc.assert(
      fc.property(mutated, (text) => {
        let valid = false;
        try {
          const value: unknown = JSON.parse(text);
          valid = typeof value === "object" && value !== null && !Array.isArray(value);
        } catch {
          valid = false;
        }
        let passed = true;
        try {
          void new Body(bytes(text), 128).json;
          peek(bytes(text), 128);
        } catch {
          passed = false;
        }
        expect(passed).toBe(valid);
      }),
      { numRuns: 5000 },
    );
  });

  test("crosses long strings with escaped quotes anywhere", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("\\", '"', "a", "é", "😀", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), { maxLength: 40 }),
        (parts) => {
          const value = { a: parts.join(""), model: "m" };
          const body = new Body(bytes(JSON.stringify(value)), 128);
          expect(body.value("a")).toBe(value.a);
          expect(body.value("model")).toBe("m");
          expect(body.isParsed).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("bounds the depth at 128 levels", () => {
    const nested = (levels: number) => bytes(`{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`);
    expect(peek(nested(128), 128).spans).toHaveLength(1);
    expect(() => peek(nested(129), 128)).toThrow(/deeper than 128/);
    expect(() => peek(nested(1_000_000), 128)).toThrow(/deeper than 128/);
  });
});

describe("Body.edited", () => {
  const text = '{ "model" : "m", "x":1.0, "big":12345678901234567890 , "stream":true,"messages":[{"a":"\\u00e9"}] }';

  test("keeps every other byte of every value", () => {
    const body = new Body(bytes(text), 128);
    const out = new TextDecoder().decode(body.edited(new Set(["model", "stream"]), { anthropic_version: "v" }));
    expect(out).toBe('{"x":1.0,"big":12345678901234567890,"messages":[{"a":"\\u00e9"}],"anthropic_version":"v"}');
  });

  test("gives the very bytes when nothing is to be changed", () => {
    const input = bytes(text);
    expect(new Body(input, 128).edited(new Set(["absent"]))).toBe(input);
  });

  test("parses whole only where a top-level key is escaped or repeated", () => {
    const body = new Body(bytes('{"mod\\u0065l":"m","a":1,"a":2}'), 128);
    expect(body.value("model")).toBe("m");
    expect(body.value("a")).toBe(2);
    expect(JSON.parse(new TextDecoder().decode(body.edited(new Set(["model"]))))).toEqual({ a: 2 });
  });

  test("keeps numbers that no parser holds beside an escaped or repeated key", () => {
    const huge = Buffer.from('{"\\u0061":1e999,"n":12345678901234567890,"a":2e999,"model":"m","mod\\u0065l":"n"}');
    const text = (put?: JsonObject): string =>
      new TextDecoder().decode(new Body(huge, 128).edited(new Set(["model"]), put));
    expect(text()).toBe('{"a":2e999,"n":12345678901234567890}');
    expect(text({ n: 1 })).toBe('{"a":2e999,"n":1}');
  });

  test("leaves a prototype alone", () => {
    const body = new Body(bytes('{"__proto__":{"model":"evil"},"messages":[]}'), 128);
    expect(body.value("model")).toBeUndefined();
    expect(({} as Record<string, unknown>)["model"]).toBeUndefined();
  });
});
