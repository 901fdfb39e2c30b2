import { filled, type AuthPlan } from "./auth-plan.ts";
import type { Identity } from "./identities.ts";
import type { BedrockSettings } from "./settings.ts";

/** The SDK's console warnings are not ours to print. */
const silent = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };
/** STS and SSO are asked with these bounds, in ms: the SDK has none. */
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 10_000 };

/**
 * Fetches keys for a plan that signs, every time it is called: keeping them is not its work (mapping J.2). The SDK
 * resolves who we are, from explicit values only; it is loaded when first needed. Throws what the SDK throws.
 */
export async function fetchIdentity(plan: AuthPlan, settings: BedrockSettings, region: string): Promise<Identity> {
  const auth = filled(settings.auth);
  const client = { region, useFipsEndpoint: settings.endpoints.fips, requestHandler, logger: silent };
  const stsEndpoint = settings.endpoints.sts ?? settings.endpoints.all;
  const stsClient = { ...client, ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }) };
  const role = auth.roleArn ?? "";

  switch (plan.method) {
    case "static":
      return staticKeys(settings);
    case "profile":
      return fromProfile(auth.profile);
    case "assume_role": {
      const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
      const master = plan.base === "static" ? staticKeys(settings) : await fromProfile(auth.profile);
      return fromTemporaryCredentials({
        masterCredentials: master,
        params: {
          RoleArn: role,
          RoleSessionName: auth.roleSessionName,
          DurationSeconds: auth.roleSessionDuration,
          ...(auth.externalId && { ExternalId: auth.externalId }),
        },
        clientConfig: stsClient,
        logger: silent,
      })();
    }
    case "web_identity": {
      const { fromTokenFile } = await import("@aws-sdk/credential-providers");
      // The file is read at each call: a rotated token is a new one (mapping J.3).
      return fromTokenFile({
        webIdentityTokenFile: auth.webIdentityTokenFile ?? "",
        roleArn: role,
        roleSessionName: auth.roleSessionName,
        durationSeconds: auth.roleSessionDuration,
        clientConfig: stsClient,
        logger: silent,
      })();
    }
    case "default_chain": {
      const sdk = await import("@aws-sdk/credential-providers");
      const init = { clientConfig: client, logger: silent, ...files(settings), ...(await assumers()) };
      if (!settings.metadataDisabled) return sdk.fromNodeProviderChain({ ...init, timeout: 1_000, maxRetries: 1 })();
      return sdk.createCredentialChain(
        sdk.fromEnv(),
        sdk.fromIni(init),
        sdk.fromProcess(init),
        sdk.fromTokenFile(init),
      )();
    }
    case "bearer":
      throw new Error("a bearer token signs nothing");
    default:
      return plan.method satisfies never;
  }

  async function fromProfile(profile: string | undefined): Promise<Identity> {
    const { fromIni } = await import("@aws-sdk/credential-providers");
    return fromIni({
      ...(profile !== undefined && { profile }),
      ...files(settings),
      ...(await assumers()),
      clientConfig: client,
      logger: silent,
    })();
  }

  /** Roles inside a profile are assumed at our STS endpoint. It must not be in `clientConfig`: SSO would be asked there. */
  async function assumers(): Promise<object> {
    if (stsEndpoint === undefined) return {};
    const { getDefaultRoleAssumer, getDefaultRoleAssumerWithWebIdentity } = await import("@aws-sdk/client-sts");
    return {
      roleAssumer: getDefaultRoleAssumer(stsClient),
      roleAssumerWithWebIdentity: getDefaultRoleAssumerWithWebIdentity(stsClient),
    };
  }
}

function staticKeys({ auth: raw }: BedrockSettings): Identity {
  const { accessKeyId = "", secretAccessKey = "", sessionToken } = filled(raw);
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/** `ignoreCache`: keys replaced on disk would otherwise not be seen for the life of the process (mapping J.3). */
function files({ files: own }: BedrockSettings): { filepath?: string; configFilepath?: string; ignoreCache: boolean } {
  return {
    ...(own?.credentials !== undefined && { filepath: own.credentials }),
    ...(own?.config !== undefined && { configFilepath: own.config }),
    ignoreCache: true,
  };
}
