import { GatewayError } from "../core/error.ts";
import type { ListedModel, Listing } from "../gateway/listing.ts";

export async function modelsRoute(listing: Listing, signal: AbortSignal): Promise<Response> {
  const models = await listing(signal);
  return Response.json({ object: "list", data: models.map(entry) });
}

/** One model by its id, percent-encoded in the path. Throws 404. */
export async function modelRoute(listing: Listing, encoded: string, signal: AbortSignal): Promise<Response> {
  const id = decoded(encoded);
  const model = (await listing(signal)).find((listed) => listed.id === id);
  if (model) return Response.json(entry(model));
  throw new GatewayError({
    kind: "not_found",
    code: "model_not_found",
    param: "model",
    message: `The model '${id.slice(0, 200).replace(/[^\x20-\x7e]/g, "?")}' does not exist or you do not have access to it.`,
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function entry(model: ListedModel): object {
  return { id: model.id, object: "model", created: model.created, owned_by: model.owned_by };
}
