import type { GatewayError } from "../core/error.ts";
import type { ModelFacts } from "../core/models.ts";

const hint = "This model may only be available on the bedrock-mantle endpoint.";
/** What Bedrock says of an id that this endpoint, or this operation of it, does not serve. */
const notHere =
  /model identifier|model ID|does(?:n.t| not) support the \w+ (?:operation|API)|operation is not supported/i;

/**
 * A refusal of a model that lives on another endpoint: 404 with the hint where (mapping F.5). Its ids and paths are not
 * interchangeable with this one's, so nothing is tried there.
 */
export function pointElsewhere(error: GatewayError, facts: ModelFacts): GatewayError {
  if (!facts.onlyOnMantle) return error;
  if (error.code !== "model_not_found" && !(error.upstreamStatus === 400 && notHere.test(error.message))) return error;
  return error.with({
    kind: "not_found",
    status: 404,
    code: "model_not_found",
    param: "model",
    message: `${error.message} ${hint}`,
  });
}
