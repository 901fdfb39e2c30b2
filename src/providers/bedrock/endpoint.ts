/** Operators' own endpoints (AWS_ENDPOINT_URL…), without trailing slashes. A service's own wins over `all`. */
export type EndpointSettings = { runtime?: string; control?: string; sts?: string; all?: string; fips: boolean };

/** DNS suffixes of the partitions, by region. The first that matches counts; the commercial one is left. */
const partitions: readonly [RegExp, string][] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^us-isof-/, "csp.hci.ic.gov"],
  [/^eu-isoe-/, "cloud.adc-e.uk"],
  [/^eusc-/, "amazonaws.eu"],
];

/** The base URL of a Bedrock service in a region, without a trailing slash. */
export function bedrockEndpoint(service: "runtime" | "control", region: string, settings: EndpointSettings): string {
  const own = settings[service] ?? settings.all;
  if (own !== undefined) return own.replace(/\/+$/, "");
  const suffix = partitions.find(([shape]) => shape.test(region))?.[1] ?? "amazonaws.com";
  const name = service === "runtime" ? "bedrock-runtime" : "bedrock";
  return `https://${name}${settings.fips ? "-fips" : ""}.${region}.${suffix}`;
}

const label = /^(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text can stand for a region in a host name. Whether AWS has it is for AWS to say. */
export function isRegionName(region: string): boolean {
  return label.test(region);
}
