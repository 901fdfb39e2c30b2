import { GatewayError, type ErrorFields } from "../../core/error.ts";
import { demoModels } from "./models.ts";

/** What happens behind the first tokens of an answer. */
export type Fault = "error" | "cut" | "stall" | "garbage";

const faults: Readonly<Record<string, Fault>> = {
  "demo-error-midstream": "error",
  "demo-cut": "cut",
  "demo-stall": "stall",
  "demo-garbage": "garbage",
};

/** The fault of a model, or undefined for one that answers well. */
export function faultOf(model: string): Fault | undefined {
  return faults[model];
}

/** The errors of `demo-error-<status>`. They are thrown, not sent: so the caller sees exactly the status of the name. */
const refusals: Readonly<Record<string, ErrorFields>> = {
  "demo-error-400": { kind: "invalid_request", message: "This request is refused.", code: "invalid_value" },
  "demo-error-401": { kind: "authentication", message: "Incorrect API key provided.", code: "invalid_api_key" },
  "demo-error-403": {
    kind: "permission",
    message: "You don't have access to the model.",
    code: "model_access_denied",
    param: "model",
  },
  "demo-error-404": {
    kind: "not_found",
    message: "The model does not exist.",
    code: "model_not_found",
    param: "model",
  },
  "demo-error-408": { kind: "timeout", status: 408, message: "The request took too long.", code: "timeout" },
  "demo-error-413": { kind: "too_large", message: "The request is too large.", code: "request_too_large" },
  "demo-error-429": {
    kind: "rate_limit",
    message: "Too many requests.",
    code: "rate_limit_exceeded",
    retryable: true,
    retryAfter: 1,
    retryAfterGiven: true,
  },
  "demo-error-500": {
    kind: "upstream",
    status: 500,
    message: "The model had an error.",
    code: "upstream_error",
    retryable: true,
  },
  "demo-error-503": {
    kind: "overloaded",
    message: "The model is overloaded.",
    code: "service_unavailable",
    retryable: true,
    retryAfter: 2,
    retryAfterGiven: true,
  },
};

/** Throws what a model always answers with, and 404 for a name that is no demo model. */
export function refuse(model: string): void {
  const refusal = refusals[model];
  if (refusal) {
    // No retries: the fault is the answer that was asked for.
    throw new GatewayError({ ...refusal, message: `${refusal.message} (${model} always says so.)`, retryLimit: 0 });
  }
  if (demoModels.some(({ id }) => id === model)) return;
  throw new GatewayError({
    kind: "not_found",
    code: "model_not_found",
    param: "model",
    message: `There is no demo model '${model}'. There are: ${demoModels.map(({ id }) => id).join(", ")}.`,
  });
}

/** The error in the middle of an answer. */
export function brokeOff(): GatewayError {
  return new GatewayError({
    kind: "overloaded",
    code: "service_unavailable",
    message: "The demo model broke off in the middle of its answer, as you asked.",
  });
}
