import { describe, expect, test } from "bun:test";
import { isObject } from "../../../src/core/json.ts";
import { thrownBy } from "../stages.ts";
import { asked } from "./asked.ts";
import { cases, plainBytes } from "./spec-cases.ts";

const requests = cases.filter(({ fields }) => fields["converse"] !== undefined);
// K31 is the media guard's: the dialect never sees a URL that may be fetched.
const refusals = cases.filter(({ id }) => ["K15", "K16", "K17", "K18", "K33"].includes(id));

describe.skipIf(cases.length === 0)("cases.jsonl (skipped without the specification beside the traffic)", () => {
  test("there are cases to check", () => {
    expect(requests.length).toBeGreaterThan(30);
    expect(refusals).toHaveLength(5);
  });

  test.each(requests.map((each) => [each.id, each.note, each] as const))("%s %s", (_id, _note, { fields }) => {
    const { in: body, converse, dropped } = fields;
    if (!isObject(body)) throw new Error("a case without a body");
    const { body: sent, losses } = asked(body);
    expect(sent).toEqual(plainBytes(converse ?? null) as typeof sent);
    if (dropped !== undefined) expect(losses).toBe(String(dropped));
  });

  test.each(refusals.map((each) => [each.id, each.note, each] as const))("%s %s", (_id, _note, { fields }) => {
    const { in: body, out, status } = fields;
    if (!isObject(body) || !isObject(out) || !isObject(out["error"])) throw new Error("a case without an error");
    const { message, param, code } = out["error"];
    const error = thrownBy(() => asked(body));
    expect({ status: error.status, message: error.message, param: error.param, code: error.code }).toEqual({
      status: Number(status),
      message: String(message),
      param: typeof param === "string" ? param : null,
      code: typeof code === "string" ? code : null,
    });
  });
});
