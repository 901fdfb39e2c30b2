import type { Extensions } from "../core/chat.ts";
import type { JsonObject } from "../core/json.ts";
import { readers } from "./read.ts";

const read = readers();

/** The gateway's own top-level fields, accepted in every dialect (mapping B.11). */
export const extensionKeys = [
  "guardrail_config",
  "performance_config",
  "request_metadata",
  "additional_model_request_fields",
  "additional_model_response_field_paths",
  "prompt_variables",
] as const satisfies readonly (keyof Extensions)[];

/** The extensions of a body, checked for shape; undefined when there are none. Throws 400 `invalid_type`. */
export function readExtensions(body: JsonObject): Extensions | undefined {
  const guardrail = read.object(body["guardrail_config"], "guardrail_config");
  const performance = read.object(body["performance_config"], "performance_config");
  const metadata = read.texts(body["request_metadata"], "request_metadata");
  const fields = read.object(body["additional_model_request_fields"], "additional_model_request_fields");
  const paths = read.strings(body["additional_model_response_field_paths"], "additional_model_response_field_paths");
  const variables = read.object(body["prompt_variables"], "prompt_variables");
  const found: Extensions = {
    ...(guardrail && { guardrail_config: guardrail }),
    ...(performance && { performance_config: performance }),
    ...(metadata && { request_metadata: metadata }),
    ...(fields && { additional_model_request_fields: fields }),
    ...(paths && { additional_model_response_field_paths: paths }),
    ...(variables && { prompt_variables: variables }),
  };
  return Object.keys(found).length > 0 ? found : undefined;
}
