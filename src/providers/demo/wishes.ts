import { GatewayError } from "../../core/error.ts";
import { isObject, type Json } from "../../core/json.ts";

/** The body's field `demo` (the OpenAI SDK's `extra_body`): how a demo model shall behave. */
export type Wishes = {
  /** ms between two tokens. */
  paceMs?: number;
  /** Length of the answers of `demo-lorem`, `demo-slow` and the fault models. */
  tokens?: number;
  /** Tokens until the answer fails; any model fails when this is set. */
  failAfter?: number;
};

/** Reads `demo`. Throws 400 for another shape. */
export function readWishes(demo: Json | undefined): Wishes {
  if (demo === undefined || demo === null) return {};
  if (!isObject(demo)) throw GatewayError.type("demo", "an object", demo);
  const { pace_ms, tokens, fail_after, ...rest } = demo;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw GatewayError.invalid(
      `demo.${unknown}`,
      `Unknown parameter: 'demo.${unknown}'. There are: pace_ms, tokens, fail_after.`,
      "unknown_parameter",
    );
  }
  const paceMs = bounded("demo.pace_ms", pace_ms, 0, 60_000);
  const length = bounded("demo.tokens", tokens, 1, 100_000);
  const failAfter = bounded("demo.fail_after", fail_after, 0, 100_000);
  return {
    ...(paceMs !== undefined && { paceMs }),
    ...(length !== undefined && { tokens: length }),
    ...(failAfter !== undefined && { failAfter }),
  };
}

function bounded(path: string, value: Json | undefined, min: number, max: number): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw GatewayError.type(path, "an integer", value);
  if (!Number.isInteger(value) || value < min || value > max) {
    const message = `Invalid value for '${path}': expected an integer from ${min} to ${max}.`;
    throw GatewayError.invalid(path, message);
  }
  return value;
}
