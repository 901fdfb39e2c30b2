import type { ConnectSettings } from "../transport/post.ts";
import type { EndpointSettings } from "./endpoint.ts";

export type AuthMethod = "bearer" | "static" | "profile" | "assume_role" | "web_identity" | "default_chain";

/** Who calls Bedrock, as the operator wrote it. Blank values count as absent; each is named after its key (`AWS_…`). */
export type AuthSettings = {
  /** AWS_AUTH_METHOD: forces a method. */
  method?: AuthMethod | undefined;
  /** AWS_BEARER_TOKEN_BEDROCK */
  bearerToken?: string | undefined;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
  profile?: string | undefined;
  roleArn?: string | undefined;
  externalId?: string | undefined;
  roleSessionName?: string | undefined;
  /** Seconds. */
  roleSessionDuration?: number | undefined;
  webIdentityTokenFile?: string | undefined;
};

export type BedrockSettings = {
  /** AWS_REGION, else AWS_DEFAULT_REGION; absent: the profile's own. */
  region?: string | undefined;
  auth: AuthSettings;
  endpoints: EndpointSettings;
  /** AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE; absent: those in `~/.aws`. */
  files?: { config?: string | undefined; credentials?: string | undefined };
  /** AWS_EC2_METADATA_DISABLED: the default chain does not ask the instance. */
  metadataDisabled?: boolean | undefined;
  connect: ConnectSettings;
};
