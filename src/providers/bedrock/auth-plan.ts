import type { AuthMethod, AuthSettings } from "./settings.ts";

/** How Bedrock is authenticated, and why: what the banner and `config test-aws` show. */
export type AuthPlan = {
  method: AuthMethod;
  /** What assume_role starts from. */
  base?: "static" | "profile";
  /** In words, naming keys and never values but names. */
  why: string;
  /** Settings that are set but not used. */
  ignored: string[];
  /** Why this cannot work, with what to do. */
  problem?: string;
};

const sessionName = "amazon-chat-completions-session";
const sessionDuration = 3600;

/** The settings with blank values taken out: a blank variable is an absent one (trap of mapping J.3). */
export function filled(auth: AuthSettings): AuthSettings & { roleSessionName: string; roleSessionDuration: number } {
  const text = (value: string | undefined): string | undefined => value?.trim() || undefined;
  return {
    method: auth.method,
    bearerToken: text(auth.bearerToken),
    accessKeyId: text(auth.accessKeyId),
    secretAccessKey: text(auth.secretAccessKey),
    sessionToken: text(auth.sessionToken),
    profile: text(auth.profile),
    roleArn: text(auth.roleArn),
    externalId: text(auth.externalId),
    roleSessionName: text(auth.roleSessionName) ?? sessionName,
    roleSessionDuration: auth.roleSessionDuration ?? sessionDuration,
    webIdentityTokenFile: text(auth.webIdentityTokenFile),
  };
}

/** Which method the settings mean (the table of mapping J.1). Pure: no file, no environment. */
export function authPlan(settings: AuthSettings): AuthPlan {
  const auth = filled(settings);
  if (auth.method) return forced(auth.method, auth);
  const keys = Boolean(auth.accessKeyId && auth.secretAccessKey);
  const { bearerToken, profile, roleArn, webIdentityTokenFile: tokenFile } = auth;
  if (bearerToken) return plan("bearer", "AWS_BEARER_TOKEN_BEDROCK is set", auth);
  if (!keys && (auth.accessKeyId || auth.secretAccessKey))
    return plan("static", "half a pair of access keys is set", auth);
  if (roleArn && !tokenFile) return plan("assume_role", `AWS_ROLE_ARN is set${baseWords(auth)}`, auth);
  if (keys) return plan("static", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set", auth);
  if (profile) return plan("profile", `AWS_PROFILE is ${profile}`, auth);
  if (tokenFile) return plan("web_identity", "AWS_WEB_IDENTITY_TOKEN_FILE is set", auth);
  return plan("default_chain", "no other AWS setting is there", auth);
}

function forced(method: AuthMethod, auth: AuthSettings): AuthPlan {
  return plan(method, `AWS_AUTH_METHOD is ${method}`, auth);
}

function plan(method: AuthMethod, why: string, auth: AuthSettings): AuthPlan {
  const base = method === "assume_role" ? baseOf(auth) : undefined;
  const problem = problemOf(method, auth);
  return {
    method,
    ...(base && { base }),
    why,
    ignored: ignoredBy(method, base, auth),
    ...(problem !== undefined && { problem }),
  };
}

function baseOf(auth: AuthSettings): "static" | "profile" | undefined {
  if (auth.accessKeyId && auth.secretAccessKey) return "static";
  return auth.profile ? "profile" : undefined;
}

function baseWords(auth: AuthSettings): string {
  const base = baseOf(auth);
  if (base === undefined) return "";
  return base === "static" ? ", assumed with the access keys" : `, assumed with profile ${auth.profile}`;
}

function problemOf(method: AuthMethod, auth: AuthSettings): string | undefined {
  switch (method) {
    case "bearer":
      return auth.bearerToken ? undefined : "AWS_AUTH_METHOD=bearer needs AWS_BEARER_TOKEN_BEDROCK.";
    case "static":
      return halfPair(auth);
    case "profile":
      return auth.profile ? undefined : "AWS_AUTH_METHOD=profile needs AWS_PROFILE.";
    case "assume_role":
      if (!auth.roleArn) return "AWS_AUTH_METHOD=assume_role needs AWS_ROLE_ARN.";
      if (baseOf(auth)) return undefined;
      return (
        halfPairOnly(auth) ??
        "Role assumption requires base AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, beside AWS_ROLE_ARN."
      );
    case "web_identity":
      if (!auth.webIdentityTokenFile) return "AWS_AUTH_METHOD=web_identity needs AWS_WEB_IDENTITY_TOKEN_FILE.";
      return auth.roleArn
        ? undefined
        : "AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not: web identity needs both.";
    case "default_chain":
      return undefined;
    default:
      return method satisfies never;
  }
}

function halfPair(auth: AuthSettings): string | undefined {
  if (auth.accessKeyId && auth.secretAccessKey) return undefined;
  return halfPairOnly(auth) ?? "AWS_AUTH_METHOD=static needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";
}

function halfPairOnly(auth: AuthSettings): string | undefined {
  if (Boolean(auth.accessKeyId) === Boolean(auth.secretAccessKey)) return undefined;
  const [there, missing] = auth.accessKeyId
    ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    : ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"];
  return `${there} is set but ${missing} is not: set both or neither.`;
}

function ignoredBy(method: AuthMethod, base: "static" | "profile" | undefined, auth: AuthSettings): string[] {
  const usesKeys = method === "static" || base === "static";
  const usesProfile = method === "profile" || base === "profile";
  const usesRole = method === "assume_role" || method === "web_identity";
  const rows: [boolean, string, string | undefined][] = [
    [method === "bearer", "AWS_BEARER_TOKEN_BEDROCK", auth.bearerToken],
    [usesKeys, "AWS_ACCESS_KEY_ID", auth.accessKeyId],
    [usesKeys, "AWS_SECRET_ACCESS_KEY", auth.secretAccessKey],
    [usesKeys, "AWS_SESSION_TOKEN", auth.sessionToken],
    [usesProfile, "AWS_PROFILE", auth.profile],
    [usesRole, "AWS_ROLE_ARN", auth.roleArn],
    [method === "assume_role", "AWS_EXTERNAL_ID", auth.externalId],
    [method === "web_identity", "AWS_WEB_IDENTITY_TOKEN_FILE", auth.webIdentityTokenFile],
  ];
  return rows.flatMap(([used, name, value]) => (!used && value ? [name] : []));
}
