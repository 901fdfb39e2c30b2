/** How many cases, and what every case must keep to. */
import { expect } from "bun:test";
import fc from "fast-check";
import { GatewayError } from "../../src/core/error.ts";

/** Cases of all properties together; `FUZZ_RUNS=1000000` for a long run. */
const total = Number(process.env["FUZZ_RUNS"] ?? 10_000);
/** `FUZZ_SEED` draws other cases; without it they are the same each time (test/preload.ts). */
const seed = process.env["FUZZ_SEED"];
/** ms beyond which a case counts as a hang; a busy machine takes its time. */
const longest = 3_000;

/** The time one property may take in a long run. */
export const patience = Math.max(30_000, total * 5);

/** Checks `run` with its share of the cases: nothing but a GatewayError that is no `internal`, and no hang. */
export function fuzz<T>(share: number, input: fc.Arbitrary<T>, run: (value: T) => void): void {
  const numRuns = Math.max(1, Math.round(total * share));
  const timed = (value: T): void => {
    const start = performance.now();
    run(value);
    const took = performance.now() - start;
    if (took > longest) throw new Error(`the case took ${Math.round(took)} ms`);
  };
  fc.assert(fc.property(input, timed), { numRuns, ...(seed !== undefined && { seed: Number(seed) }) });
}

/** Runs what must succeed or say what is wrong; gives what it made. */
export function tolerated<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    expectOurs(thrown);
    return undefined;
  }
}

export function expectOurs(thrown: unknown): void {
  if (!(thrown instanceof GatewayError)) throw thrown;
  if (thrown.kind === "internal") throw new Error("an internal error", { cause: thrown.cause ?? thrown });
  expect(thrown.message).toBeTruthy();
}
