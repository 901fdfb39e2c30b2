import { exits } from "../../failure.ts";
import type { Seen } from "./seen.ts";

/** What is known when a step fails. */
export type Situation = {
  region: string;
  profile: string | undefined;
  /** The profiles of AWS's files. */
  profiles: readonly string[];
  /** The access key in use, masked, with where it comes from; undefined when none is set. */
  accessKey: string | undefined;
  /** Where the session token comes from. */
  tokenSource: string | undefined;
  model: string | undefined;
  /** Inference profiles of the region. */
  inferenceProfiles: readonly string[];
  /** Models of the region. */
  models: readonly string[];
  /** Seconds that this computer's clock is ahead of AWS's. */
  skew: number;
  /** The host that was called. */
  host: string;
  proxied: boolean;
  /** The IAM action of the step. */
  iam: string;
};
export type NextStep = { hint: string[]; exit: number };
type Row = { when: (seen: Seen) => boolean; say: (situation: Situation, seen: Seen) => string[]; exit: number };

const has =
  (pattern: RegExp) =>
  (seen: Seen): boolean =>
    pattern.test(seen.message);

/** What to do about a failure; the first row that fits (cli.md 3.7). */
const rows: readonly Row[] = [
  {
    when: has(/SSO session token .* (?:was not found|is invalid)|SSO session .*not found/i),
    say: ({ profile }) => [`Sign in first: aws sso login --profile ${profile ?? "default"}`],
    exit: exits.credentials,
  },
  {
    when: has(/Token is expired|sso login|SSO session has (?:expired|ended)/i),
    say: ({ profile }) => [`Your AWS sign-in expired. Run: aws sso login --profile ${profile ?? "default"}`],
    exit: exits.credentials,
  },
  { when: has(/Could not resolve credentials using profile/), say: unknownProfile, exit: exits.credentials },
  {
    when: (seen) =>
      /CredentialsProviderError/.test(seen.name) || /Could not load credentials from any providers/.test(seen.message),
    say: noCredentials,
    exit: exits.credentials,
  },
  {
    when: (seen) => seen.errno === "ENOENT",
    say: (_, seen) => [`Web identity token file not found. ${seen.message}`, "Check AWS_WEB_IDENTITY_TOKEN_FILE."],
    exit: exits.credentials,
  },
  {
    when: (seen) => /ExpiredToken/.test(seen.name) || /security token .* is expired/i.test(seen.message),
    say: ({ tokenSource }) => [
      `Temporary keys expired. Refresh them${tokenSource === undefined ? "" : ` (source: ${tokenSource} AWS_SESSION_TOKEN)`}.`,
    ],
    exit: exits.credentials,
  },
  {
    when: (seen) =>
      /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKeyId/.test(
        seen.name,
      ) || /security token .* is invalid|signature we calculated/i.test(seen.message),
    say: unknownKey,
    exit: exits.credentials,
  },
  {
    when: has(/aws-marketplace:/i),
    say: () => [
      "The role must be allowed aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions, once.",
      "After the fix wait about 2 minutes.",
    ],
    exit: exits.model,
  },
  { when: has(/on-demand throughput isn.t supported/i), say: needsProfile, exit: exits.model },
  {
    when: has(
      /model identifier is invalid|model ID .*(?:is not valid|not found)|Could not resolve the foundation model/i,
    ),
    say: unknownModel,
    exit: exits.model,
  },
  {
    when: (seen) =>
      /don.t have access to the model|access to the model is not allowed|use case details/i.test(seen.message),
    say: ({ region }) => [
      `Model not enabled in ${region} for this account. Open Bedrock → Model access, or submit the use-case form.`,
    ],
    exit: exits.model,
  },
  {
    when: (seen) => /AccessDenied|Unauthorized/.test(seen.name) && /assume|sts:/i.test(seen.message),
    say: () => [
      "Access denied when assuming role: check its trust policy and external id.",
      "The caller needs sts:AssumeRole on it.",
    ],
    exit: exits.credentials,
  },
  {
    when: (seen) => /AccessDenied|NotAuthorized|Unauthorized/.test(seen.name) || seen.status === 403,
    say: denied,
    exit: exits.credentials,
  },
  { when: (seen) => /ResourceNotFound/.test(seen.name), say: unknownModel, exit: exits.model },
  {
    when: (seen) => /Throttl|TooManyRequests|ServiceQuota/.test(seen.name) || seen.status === 429,
    say: () => ["The account's quota for now is used up. Wait a minute and run this again."],
    exit: exits.rate,
  },
  {
    when: (seen) => /ModelNotReady|ServiceUnavailable/.test(seen.name) || seen.status === 503,
    say: () => ["Bedrock is busy. Run this again in a minute."],
    exit: exits.rate,
  },
  {
    when: (seen) =>
      /Timeout|AbortError/.test(seen.name) ||
      /ENOTFOUND|ECONN|EHOST|ENET|EAI_AGAIN|ETIMEDOUT|ConnectionRefused|FailedToOpenSocket|TimeoutError/.test(
        seen.errno,
      ) ||
      /unable to connect|timed out|getaddrinfo/i.test(seen.message),
    say: unreachable,
    exit: exits.failed,
  },
];

export function nextStep(seen: Seen, situation: Situation): NextStep {
  const row = rows.find(({ when }) => when(seen));
  return row === undefined ? { hint: [], exit: exits.failed } : { hint: row.say(situation, seen), exit: row.exit };
}

function unknownProfile({ profile, profiles }: Situation): string[] {
  const name = profile ?? "default";
  if (profiles.includes(name)) return [`Profile ${name} holds no credentials. Run: aws configure --profile ${name}`];
  return [
    `No AWS profile "${name}". ${profiles.length > 0 ? `Found: ${profiles.join(", ")}` : "There are none; run: aws configure sso"}`,
  ];
}

function noCredentials(situation: Situation): string[] {
  if (situation.profile !== undefined && !situation.profiles.includes(situation.profile))
    return unknownProfile(situation);
  return ['No AWS credentials. Run "aws configure sso", set AWS_PROFILE, or: amazon-chat config set'];
}

function unknownKey({ accessKey, skew }: Situation): string[] {
  const clock =
    Math.abs(skew) > 300
      ? [
          `Your clock is ${duration(Math.abs(skew))} ${skew > 0 ? "ahead" : "behind"}: AWS refuses signatures that are more than 5 minutes off.`,
        ]
      : [];
  return [`AWS does not know this access key${accessKey === undefined ? "" : ` (${accessKey})`}.`, ...clock];
}

function denied({ iam }: Situation, seen: Seen): string[] {
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(seen.message)?.[1] ?? iam;
  return [`Your role may not call ${action}. Ask for this policy:`, policy(action)];
}

/** The least policy that allows an action. */
export function policy(action: string): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: [action], Resource: "*" }] });
}

function needsProfile({ model = "", inferenceProfiles }: Situation): string[] {
  const usable = inferenceProfiles.filter((id) => id.endsWith(`.${model}`));
  return usable.length > 0
    ? [`${model} needs an inference profile. Use: ${usable.join(" or ")}`]
    : [`${model} needs an inference profile; this region lists none for it.`];
}

function unknownModel({ model = "", models, inferenceProfiles, region }: Situation): string[] {
  const words = model
    .toLowerCase()
    .split(/[.:-]/)
    .filter((word) => word.length > 2 || /^\d$/.test(word));
  const score = (id: string): number => words.filter((word) => id.includes(word)).length;
  const near = [...inferenceProfiles, ...models]
    .sort((a, b) => score(b) - score(a))
    .filter((id) => score(id) > 1)
    .slice(0, 3);
  return [
    ...(near.length > 0
      ? [`Did you mean ${near.join(" or ")}?`]
      : [`${region} does not list ${model}; another region may have it: --region`]),
    "All models: amazon-chat models --provider bedrock",
  ];
}

function unreachable({ host, proxied, region }: Situation): string[] {
  return [
    `Cannot reach ${host}. Is the region (${region}) right?`,
    ...(proxied ? ["A proxy is in use (HTTPS_PROXY)."] : []),
  ];
}

/** Seconds in words: `7h 12m`. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
