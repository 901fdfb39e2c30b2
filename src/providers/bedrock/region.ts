import { authPlan, filled } from "./auth-plan.ts";
import { isRegionName } from "./endpoint.ts";
import { readProfiles, type Profile } from "./profiles.ts";
import type { BedrockSettings } from "./settings.ts";

/** The configured region, else that of the profile in use (mapping J.1). An ARN's own region wins per request. */
export function configuredRegion(
  settings: BedrockSettings,
  profiles: ReadonlyMap<string, Profile> = readProfiles(settings.files),
): string | undefined {
  const own = settings.region?.trim();
  return own || profiles.get(filled(settings.auth).profile ?? "default")?.region;
}

export const noRegion = "You must specify a region: set AWS_REGION, or a profile with a region.";

/** Why Bedrock cannot be called with these settings; undefined when it may work. Reads the profile files. */
export function settingsProblem(settings: BedrockSettings): string | undefined {
  const plan = authPlan(settings.auth);
  if (plan.problem !== undefined) return plan.problem;
  const profiles = readProfiles(settings.files);
  const profile = filled(settings.auth).profile;
  if (profile && (plan.method === "profile" || plan.base === "profile") && !profiles.has(profile)) {
    return unknownProfile(profile, profiles);
  }
  const region = configuredRegion(settings, profiles);
  if (region === undefined) return noRegion;
  // It becomes part of a host name.
  if (!isRegionName(region)) return `'${region.slice(0, 64)}' is not a region name such as us-east-1.`;
  const { runtime, all, fips } = settings.endpoints;
  if (fips && (runtime ?? all))
    return "AWS_USE_FIPS_ENDPOINT and an endpoint of your own (AWS_ENDPOINT_URL…) contradict each other: set one of them.";
  return undefined;
}

/** The seed's text, and what there is instead. */
export function unknownProfile(name: string, profiles: ReadonlyMap<string, Profile>): string {
  const found = [...profiles.keys()].sort();
  return `The config profile (${name}) could not be found. ${found.length > 0 ? `Found: ${found.join(", ")}.` : "There are no profiles; run: aws configure"}`;
}
