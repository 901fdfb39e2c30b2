import { GatewayError } from "../../core/error.ts";
import { isObject } from "../../core/json.ts";
import type { ListedModel } from "../listed-model.ts";
import { connectionError } from "../transport/connection-error.ts";
import { endpoint } from "./endpoint.ts";

/** `GET /models` (mapping I.5). Throws a GatewayError when there is no list to be had. */
export async function listModels(
  baseUrl: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<ListedModel[]> {
  const { host } = new URL(baseUrl);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(endpoint(baseUrl, "/models"), { headers, redirect: "manual", signal });
    body = await response.json().catch(() => undefined);
  } catch (thrown) {
    throw connectionError(thrown, host, signal);
  }
  const data = isObject(body) ? body["data"] : undefined;
  if (!response.ok || !Array.isArray(data)) {
    throw new GatewayError({
      kind: "upstream",
      message: `${host} gave no list of models (status ${response.status}).`,
      code: "upstream_error",
      upstreamStatus: response.status,
    });
  }
  return data.filter(isObject).flatMap(({ id, created, owned_by }) =>
    typeof id === "string" && id !== ""
      ? [
          {
            id,
            created: typeof created === "number" ? created : 0,
            owned_by: typeof owned_by === "string" ? owned_by : "openai",
          },
        ]
      : [],
  );
}
