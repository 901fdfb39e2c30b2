import { GatewayError } from "../../core/error.ts";
import { filled, type AuthPlan } from "./auth-plan.ts";
import { readProfiles } from "./profiles.ts";
import { noRegion, unknownProfile } from "./region.ts";
import type { BedrockSettings } from "./settings.ts";

type Thrown = { name: string; message: string; code: string };
type Row = {
  when: (thrown: Thrown, plan: AuthPlan) => boolean;
  say: (settings: BedrockSettings, thrown: Thrown) => string;
};

/** What the SDK throws when keys cannot be had, and what the operator is to do (mapping J.3, J.4; seed's troubleshooting). */
const rows: readonly Row[] = [
  {
    when: (it, plan) => plan.method === "web_identity" && it.code === "ENOENT",
    say: (settings) => `Web identity token file not found: ${filled(settings.auth).webIdentityTokenFile}`,
  },
  {
    when: (it) => /Could not resolve credentials using profile/.test(it.message),
    say: (settings, it) => {
      const name = filled(settings.auth).profile ?? "default";
      const profiles = readProfiles(settings.files);
      return profiles.has(name)
        ? `Profile ${name} gives no credentials. Run: aws configure --profile ${name}`
        : `${unknownProfile(name, profiles)} (${it.message})`;
    },
  },
  { when: (it) => /Region is missing/i.test(it.message), say: () => noRegion },
  {
    when: (it) =>
      /^(?:ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENETUNREACH|ETIMEDOUT)/.test(it.code) || it.name === "TimeoutError",
    say: (_, it) =>
      `AWS could not be reached for credentials (${it.code || it.name}). Check the network, the region and AWS_ENDPOINT_URL_STS.`,
  },
  {
    when: (it) => /SSO (?:session|token)|sso login/i.test(it.message),
    say: (settings) =>
      `The SSO session has ended. Run: aws sso login --profile ${filled(settings.auth).profile ?? "default"}`,
  },
  {
    when: (it, plan) =>
      /AccessDenied/.test(it.name) && (plan.method === "assume_role" || plan.method === "web_identity"),
    say: (settings) =>
      `Access denied when assuming role ${filled(settings.auth).roleArn}: check its trust policy and external id.`,
  },
  {
    when: (it) => /ExpiredToken|IDPRejectedClaim|InvalidIdentityToken/.test(it.name),
    say: (_, it) => `AWS did not take the credentials that the role is assumed with (${it.name}). Renew them.`,
  },
  {
    when: (it) => /InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient/.test(it.name),
    say: (_, it) =>
      `AWS does not know the access keys (${it.name}). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
  },
  {
    when: (it, plan) =>
      plan.method === "default_chain" &&
      /Could not load credentials|CredentialsProviderError/.test(`${it.name} ${it.message}`),
    say: () =>
      "No AWS credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run: aws configure",
  },
];

/**
 * Credentials that cannot be had: 502 `upstream_authentication_error`, 503 while they never worked (mapping H.3).
 * Account ids do not leave the house.
 */
export function credentialError(
  thrown: unknown,
  plan: AuthPlan,
  settings: BedrockSettings,
  everWorked: boolean,
): GatewayError {
  const it = describe(thrown);
  const said = rows.find((row) => row.when(it, plan))?.say(settings, it);
  return new GatewayError({
    kind: "upstream_auth",
    message: maskAccounts(said ?? `AWS credentials could not be had (${it.name}${it.code ? ` ${it.code}` : ""}).`),
    code: "upstream_authentication_error",
    upstreamName: it.name,
    ...(!everWorked && { status: 503 }),
    cause: thrown,
  });
}

function describe(thrown: unknown): Thrown {
  if (!(thrown instanceof Error)) return { name: "UnknownError", message: "", code: "" };
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  return { name: thrown.name, message: thrown.message, code };
}

function maskAccounts(text: string): string {
  return text.replace(/\b\d{12}\b/g, "************");
}
