import { withControl, type ControlAuth } from "./control-client.ts";
import type { EndpointSettings } from "./endpoint.ts";
import type { Identity } from "./identities.ts";

/** The SDK's console warnings are not ours to print. */
const silent = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

/** The ARN of whom keys belong to (sts:GetCallerIdentity). Throws what the SDK throws. */
export async function callerArn(
  keys: Identity,
  region: string,
  endpoints: EndpointSettings,
  signal: AbortSignal,
): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const endpoint = endpoints.sts ?? endpoints.all;
  const client = new STSClient({
    region,
    useFipsEndpoint: endpoints.fips,
    ...(endpoint !== undefined && { endpoint }),
    credentials: keys,
    maxAttempts: 1,
    logger: silent,
  });
  try {
    return (await client.send(new GetCallerIdentityCommand({}), { abortSignal: signal })).Arn ?? "";
  } finally {
    client.destroy();
  }
}

export type Listed = { models: string[]; profiles: string[] };

/** The ids of foundation models and of inference profiles in a region. Throws what the SDK throws, for either. */
export function listIds(
  auth: ControlAuth,
  region: string,
  endpoints: EndpointSettings,
  signal: AbortSignal,
): Promise<Listed> {
  return withControl(auth, region, endpoints, async (client, sdk) => {
    const options = { abortSignal: signal };
    const [models, profiles] = await Promise.all([
      client.send(new sdk.ListFoundationModelsCommand({}), options),
      client.send(new sdk.ListInferenceProfilesCommand({ maxResults: 1000 }), options),
    ]);
    return {
      models: (models.modelSummaries ?? []).flatMap(({ modelId }) => modelId ?? []),
      profiles: (profiles.inferenceProfileSummaries ?? []).flatMap(
        ({ inferenceProfileId }) => inferenceProfileId ?? [],
      ),
    };
  });
}

/** What an account may do with a model; each `AVAILABLE` or `AUTHORIZED` when all is well. Throws what the SDK throws. */
export type Availability = { agreement: string; authorization: string; entitlement: string; region: string };

export function availability(
  auth: ControlAuth,
  region: string,
  endpoints: EndpointSettings,
  modelId: string,
  signal: AbortSignal,
): Promise<Availability> {
  return withControl(auth, region, endpoints, async (client, sdk) => {
    const found = await client.send(new sdk.GetFoundationModelAvailabilityCommand({ modelId }), {
      abortSignal: signal,
    });
    return {
      agreement: found.agreementAvailability?.status ?? "",
      authorization: found.authorizationStatus ?? "",
      entitlement: found.entitlementAvailability ?? "",
      region: found.regionAvailability ?? "",
    };
  });
}
