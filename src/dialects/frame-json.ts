import { GatewayError } from "../core/error.ts";
import { isObject, type JsonObject, parseExact } from "../core/json.ts";

/** The JSON object of one stream event. Throws 502 `upstream_error` for anything else. */
export function frameJson(data: string): JsonObject {
  let value: unknown;
  try {
    value = parseExact(data);
  } catch (cause) {
    throw GatewayError.noAnswer("The upstream sent an event that is not JSON.", cause);
  }
  if (!isObject(value)) throw GatewayError.noAnswer("The upstream sent an event that is not a JSON object.");
  return value;
}
