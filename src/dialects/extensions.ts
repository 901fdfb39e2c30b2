import type { Extensions } from "../core/chat.ts";
import type { JsonObject } from "../core/json.ts";
import type { readers } from "./read.ts";

/** The gateway's own top-level fields that every dialect accepts (mapping B.11). */
export const extensionNames = [
  "guardrail_config",
  "performance_config",
  "request_metadata",
  "additional_model_request_fields",
  "additional_model_response_field_paths",
  "prompt_variables",
] as const satisfies readonly (keyof Extensions)[];

/**
 * Takes the extensions out of what a decoder did not name: `rest` is what remains. Throws what `read` makes of a
 * wrong type.
 */
export function splitExtensions(
  fields: JsonObject,
  read: ReturnType<typeof readers>,
): { extensions: Extensions | undefined; rest: JsonObject } {
  if (!extensionNames.some((name) => name in fields)) return { extensions: undefined, rest: fields };
  const {
    guardrail_config,
    performance_config,
    request_metadata,
    additional_model_request_fields,
    additional_model_response_field_paths,
    prompt_variables,
    ...rest
  } = fields;
  const guardrail = read.object(guardrail_config, "guardrail_config");
  const performance = read.object(performance_config, "performance_config");
  const metadata = read.texts(request_metadata, "request_metadata");
  const requestFields = read.object(additional_model_request_fields, "additional_model_request_fields");
  const responsePaths = read.strings(additional_model_response_field_paths, "additional_model_response_field_paths");
  const variables = read.object(prompt_variables, "prompt_variables");
  const extensions: Extensions = {
    ...(guardrail && { guardrail_config: guardrail }),
    ...(performance && { performance_config: performance }),
    ...(metadata && { request_metadata: metadata }),
    ...(requestFields && { additional_model_request_fields: requestFields }),
    ...(responsePaths && { additional_model_response_field_paths: responsePaths }),
    ...(variables && { prompt_variables: variables }),
  };
  return { extensions: Object.keys(extensions).length > 0 ? extensions : undefined, rest };
}
