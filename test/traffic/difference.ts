import { isDeepStrictEqual } from "node:util";
import type { Reading } from "./reading.ts";

/** What an answer says otherwise than it should, one line a field; empty when they agree. */
export function differences(expected: Reading, actual: Reading): string[] {
  const out = actual.faults.map((fault) => `fault: ${fault}`);
  const check = (field: string, want: unknown, have: unknown): void => {
    if (!isDeepStrictEqual(want, have)) out.push(`${field}: expected ${show(want)}, got ${show(have)}`);
  };
  check("text", expected.text, actual.text);
  check("reasoning", expected.reasoning, actual.reasoning);
  check("signatures", expected.signatures, actual.signatures);
  check("redacted", expected.redacted, actual.redacted);
  check("refusal", expected.refusal, actual.refusal);
  check("calls", expected.calls.map(bare), actual.calls.map(bare));
  for (const [n, call] of expected.calls.entries()) {
    const got = actual.calls[n]?.id;
    if (call.id === "" ? !got : got !== call.id)
      out.push(`calls[${n}].id: expected ${call.id || "any"}, got ${show(got)}`);
  }
  check("citations", expected.citations, actual.citations);
  check("finish", expected.finish, actual.finish);
  check("ended", expected.ended, actual.ended);
  if (expected.usage) check("usage", expected.usage, actual.usage);
  if (expected.error) check("error", true, actual.error !== undefined);
  else check("error", undefined, actual.error);
  return out;
}

const bare = (call: Reading["calls"][number]): unknown => ({ name: call.name, input: call.input });

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 160 ? `${text.slice(0, 100)}…${text.slice(-40)} (${text.length})` : text;
}
