import type { BedrockClient } from "@aws-sdk/client-bedrock";
import { bedrockEndpoint, type EndpointSettings } from "./endpoint.ts";
import type { Identity } from "./identities.ts";

/** Who asks the control plane: the same identity that calls the models (trap T-78). */
export type ControlAuth = { bearer: string } | { identity: () => Identity | Promise<Identity> };

/** The SDK's console warnings are not ours to print. */
const silent = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

/**
 * Does something with a client of the Bedrock control plane. These calls are rare, so each has its own client: keys
 * never get old in it. The SDK is loaded when first needed.
 */
export async function withControl<T>(
  auth: ControlAuth,
  region: string,
  endpoints: EndpointSettings,
  ask: (client: BedrockClient, sdk: typeof import("@aws-sdk/client-bedrock")) => Promise<T>,
): Promise<T> {
  const sdk = await import("@aws-sdk/client-bedrock");
  const client = new sdk.BedrockClient({
    region,
    endpoint: bedrockEndpoint("control", region, endpoints),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000 },
    logger: silent,
    // Always said: AWS_BEARER_TOKEN_BEDROCK in the environment, even empty, would win otherwise (mapping J.3).
    ...("bearer" in auth
      ? { token: async () => ({ token: auth.bearer }), authSchemePreference: ["httpBearerAuth"] }
      : { credentials: async () => auth.identity(), authSchemePreference: ["sigv4"] }),
  });
  try {
    return await ask(client, sdk);
  } finally {
    client.destroy();
  }
}
