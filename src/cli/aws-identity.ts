import type { Config } from "../config/load.ts";
import { layers } from "../config/key.ts";
import type { AuthSettings } from "../providers/bedrock/settings.ts";

/**
 * Who calls AWS, put together from layers that may each hold an identity of their own: a session token left in a file
 * must not be sent with the access key of the environment, and --profile means that profile.
 */
export function awsIdentity(config: Config): AuthSettings {
  const profileByFlag = config.explain("AWS_PROFILE").source?.layer === "flag";
  const method = config.get("AWS_AUTH_METHOD");
  const keys = profileByFlag
    ? {}
    : {
        bearerToken: config.get("AWS_BEARER_TOKEN_BEDROCK"),
        accessKeyId: config.get("AWS_ACCESS_KEY_ID"),
        secretAccessKey: belongsToKey(config, "AWS_SECRET_ACCESS_KEY"),
        sessionToken: belongsToKey(config, "AWS_SESSION_TOKEN"),
      };
  return {
    method: profileByFlag && method !== "assume_role" ? undefined : method,
    ...keys,
    profile: config.get("AWS_PROFILE"),
    roleArn: config.get("AWS_ROLE_ARN"),
    externalId: config.get("AWS_EXTERNAL_ID"),
    roleSessionName: config.get("AWS_ROLE_SESSION_NAME"),
    roleSessionDuration: config.get("AWS_ROLE_SESSION_DURATION"),
    ...(!profileByFlag && { webIdentityTokenFile: config.get("AWS_WEB_IDENTITY_TOKEN_FILE") }),
  };
}

/** The value, unless it stands below the access key in use and beside another one. */
function belongsToKey(config: Config, name: "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN"): string | undefined {
  const value = config.get(name);
  const own = config.explain(name).source;
  const key = config.explain("AWS_ACCESS_KEY_ID");
  if (own === undefined || key.source === undefined) return value;
  const below = layers.indexOf(own.layer) > layers.indexOf(key.source.layer);
  const otherKey = key.shadows.some(({ source }) => source.layer === own.layer && source.path === own.path);
  if (below && (otherKey || name === "AWS_SESSION_TOKEN")) return undefined;
  return value;
}
