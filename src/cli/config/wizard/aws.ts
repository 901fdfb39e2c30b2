import type { KeyName } from "../../../config/keys.ts";
import { readProfiles, type Profile } from "../../../providers/bedrock/profiles.ts";
import type { Ask, Choice } from "./ask.ts";
import type { Draft } from "./draft.ts";

type SignIn = "profile" | "environment" | "bearer" | "keys" | "role";

const keyPair: readonly KeyName[] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
const role: readonly KeyName[] = [
  "AWS_ROLE_ARN",
  "AWS_EXTERNAL_ID",
  "AWS_ROLE_SESSION_NAME",
  "AWS_ROLE_SESSION_DURATION",
];
const identity: readonly KeyName[] = [
  ...keyPair,
  ...role,
  "AWS_PROFILE",
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_AUTH_METHOD",
];

/** Screens 2 and 3: how to sign in to AWS, and where. What another way of signing in left behind is taken out. */
export async function askAws(ask: Ask, draft: Draft): Promise<void> {
  const profiles = profilesOf(draft);
  const chosen = await ask.one<SignIn>("2 AWS: how to sign in?", signIns(profiles, draft), current(draft, profiles));
  switch (chosen) {
    case "profile":
      await askProfile(ask, draft, profiles, "2a Profile");
      drop(draft, ["AWS_PROFILE"]);
      break;
    case "environment":
      drop(draft, []);
      break;
    case "bearer":
      await ask.secret(
        draft,
        "AWS_BEARER_TOKEN_BEDROCK",
        "2b Bedrock API key; a short-term key lasts 12 hours at most and works in its region only",
      );
      drop(draft, ["AWS_BEARER_TOKEN_BEDROCK"]);
      break;
    case "keys":
      await askKeys(ask, draft, "2c");
      drop(draft, keyPair);
      break;
    case "role":
      await askRole(ask, draft, profiles);
      break;
    default:
      chosen satisfies never;
  }
  await askRegion(ask, draft, profiles);
}

function drop(draft: Draft, keep: readonly KeyName[]): void {
  draft.drop(...identity.filter((key) => !keep.includes(key)));
}

/** The profiles of AWS's files, as the settings say where they are. */
export function profilesOf(draft: Draft): Map<string, Profile> {
  const config = draft.config();
  return readProfiles({
    config: config.get("AWS_CONFIG_FILE"),
    credentials: config.get("AWS_SHARED_CREDENTIALS_FILE"),
  });
}

function signIns(profiles: Map<string, Profile>, draft: Draft): Choice<SignIn>[] {
  const names = [...profiles.keys()];
  const listed =
    names.length === 0 ? "none found" : names.length > 4 ? `${names.slice(0, 4).join(", ")}, …` : names.join(", ");
  return [
    { value: "profile", label: `Profile from ~/.aws (${listed})` },
    { value: "environment", label: "Use environment / instance role (nothing stored)" },
    {
      value: "bearer",
      label: "Bedrock API key (AWS_BEARER_TOKEN_BEDROCK)",
      ...hint(draft.shown("AWS_BEARER_TOKEN_BEDROCK")),
    },
    { value: "keys", label: "Access key + secret", ...hint(draft.shown("AWS_ACCESS_KEY_ID")) },
    { value: "role", label: "Assume a role", ...hint(draft.get("AWS_ROLE_ARN")) },
  ];
}

function hint(text: string | undefined): { hint?: string } {
  return text === undefined ? {} : { hint: text };
}

function current(draft: Draft, profiles: Map<string, Profile>): SignIn {
  if (draft.get("AWS_BEARER_TOKEN_BEDROCK")) return "bearer";
  if (draft.get("AWS_ROLE_ARN")) return "role";
  if (draft.get("AWS_ACCESS_KEY_ID")) return "keys";
  return draft.get("AWS_PROFILE") || profiles.size > 0 ? "profile" : "environment";
}

async function askProfile(ask: Ask, draft: Draft, profiles: Map<string, Profile>, title: string): Promise<void> {
  const names = [...profiles].map(([name, { region }]) => ({ value: name, label: name, ...hint(region) }));
  if (names.length === 0)
    return ask.value(draft, "AWS_PROFILE", `${title}; there is none yet: aws configure sso --profile NAME`, {
      initial: "default",
    });
  const now = draft.get("AWS_PROFILE");
  draft.set(
    "AWS_PROFILE",
    await ask.search(title, names, now !== undefined && profiles.has(now) ? now : names[0]?.value, () => false),
  );
}

async function askKeys(ask: Ask, draft: Draft, title: string): Promise<void> {
  const before = draft.get("AWS_ACCESS_KEY_ID");
  await ask.secret(draft, "AWS_ACCESS_KEY_ID", `${title} Access key id (AKIA… or ASIA…)`);
  const changed = draft.get("AWS_ACCESS_KEY_ID") !== before;
  // Another key's secret would only look as if it were set.
  if (changed) draft.drop("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
  await ask.secret(draft, "AWS_SECRET_ACCESS_KEY", `${title} Secret access key`);
  if (draft.get("AWS_ACCESS_KEY_ID")?.startsWith("ASIA"))
    await ask.secret(draft, "AWS_SESSION_TOKEN", `${title} Session token`);
  else draft.drop("AWS_SESSION_TOKEN");
}

async function askRole(ask: Ask, draft: Draft, profiles: Map<string, Profile>): Promise<void> {
  await ask.value(draft, "AWS_ROLE_ARN", "2d ARN of the role");
  const base = await ask.one(
    "2d Assume it with",
    [
      { value: "profile", label: "A profile from ~/.aws" },
      { value: "keys", label: "Access key + secret" },
      { value: "environment", label: "What the environment sets (nothing stored)" },
    ],
    draft.get("AWS_ACCESS_KEY_ID") ? "keys" : "profile",
  );
  if (base === "profile") await askProfile(ask, draft, profiles, "2d Profile");
  if (base === "keys") await askKeys(ask, draft, "2d");
  await ask.value(draft, "AWS_EXTERNAL_ID", "2d External id", { optional: true });
  await ask.value(draft, "AWS_ROLE_SESSION_NAME", "2d Session name", { initial: "amazon-chat-session" });
  await ask.value(draft, "AWS_ROLE_SESSION_DURATION", "2d Session duration in seconds, 900 to 43200", {
    initial: "3600",
  });
  drop(draft, [
    ...role,
    ...(base === "profile" ? (["AWS_PROFILE"] as const) : []),
    ...(base === "keys" ? keyPair : []),
  ]);
}

const regions = [
  "us-east-1",
  "us-east-2",
  "us-west-2",
  "eu-central-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eu-north-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "sa-east-1",
  "us-gov-west-1",
  "us-gov-east-1",
];

async function askRegion(ask: Ask, draft: Draft, profiles: Map<string, Profile>): Promise<void> {
  const ofProfile = profiles.get(draft.get("AWS_PROFILE") ?? "default")?.region;
  const first = draft.get("AWS_REGION") ?? ofProfile;
  const choices = [...new Set([...(first === undefined ? [] : [first]), ...regions])].map((region) => ({
    value: region,
    label: region,
    ...(region === ofProfile && { hint: "the profile's" }),
  }));
  draft.set(
    "AWS_REGION",
    await ask.search("3 Region", choices, first ?? "us-east-1", (typed) =>
      /^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/.test(typed),
    ),
  );
}
