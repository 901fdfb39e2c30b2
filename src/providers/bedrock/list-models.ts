import type { FoundationModelSummary, InferenceProfileSummary } from "@aws-sdk/client-bedrock";
import { factsOnBedrock } from "../../core/models.ts";
import type { ListedModel } from "../listed-model.ts";
import { withControl, type ControlAuth } from "./control-client.ts";
import type { EndpointSettings } from "./endpoint.ts";

/** More pages of 1,000 profiles than any account has. */
const maxPages = 20;

/**
 * Chat models that can be called by id, and inference profiles (mapping I.5). One source failing leaves the other's;
 * throws the first one's error when both fail.
 */
export async function listModels(
  auth: ControlAuth,
  region: string,
  endpoints: EndpointSettings,
  signal: AbortSignal,
): Promise<ListedModel[]> {
  return withControl(auth, region, endpoints, async (client, sdk) => {
    const options = { abortSignal: signal };
    const models = async (): Promise<ListedModel[]> => {
      const answer = await client.send(new sdk.ListFoundationModelsCommand({ byOutputModality: "TEXT" }), options);
      return (answer.modelSummaries ?? []).flatMap(listedModel);
    };
    const profiles = async (): Promise<ListedModel[]> => {
      const found: ListedModel[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < maxPages; page++) {
        const answer = await client.send(
          new sdk.ListInferenceProfilesCommand({ maxResults: 1000, ...(nextToken && { nextToken }) }),
          options,
        );
        found.push(...(answer.inferenceProfileSummaries ?? []).flatMap(listedProfile));
        nextToken = answer.nextToken;
        if (!nextToken) break;
      }
      return found;
    };
    const answers = await Promise.allSettled([models(), profiles()]);
    const given = answers.filter((answer) => answer.status === "fulfilled");
    if (given.length === 0) throw answers[0].status === "rejected" ? answers[0].reason : undefined;
    return given.flatMap((answer) => answer.value);
  });
}

function listedModel(model: FoundationModelSummary): ListedModel[] {
  const id = model.modelId;
  const status = model.modelLifecycle?.status;
  if (!id || !model.inferenceTypesSupported?.includes("ON_DEMAND") || (status && status !== "ACTIVE")) return [];
  return listed(id, id, model.modelLifecycle?.startOfLifeTime);
}

/** A profile of AWS's own is called by its id, an application's by its ARN. */
function listedProfile(profile: InferenceProfileSummary): ListedModel[] {
  const id = profile.type === "APPLICATION" ? profile.inferenceProfileArn : profile.inferenceProfileId;
  if (!id || (profile.status && profile.status !== "ACTIVE")) return [];
  return listed(id, baseOf(profile.models?.[0]?.modelArn) ?? id, profile.createdAt);
}

function listed(id: string, base: string, since: Date | undefined): ListedModel[] {
  if (factsOnBedrock(id, base.toLowerCase()).notChat) return [];
  const created = since instanceof Date ? Math.floor(since.getTime() / 1000) : 0;
  return [{ id, created, owned_by: base.split(".")[0] ?? "aws" }];
}

/** The model id at the end of a foundation model's ARN. */
export function baseOf(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : /:foundation-model\/(.+)$/.exec(arn)?.[1];
}
