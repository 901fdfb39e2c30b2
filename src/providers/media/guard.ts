import { isIP } from "node:net";
import { isPublicAddress } from "./addresses.ts";

export type GuardSettings = {
  /** Plain http on port 80 is allowed too. */
  allowHttp: boolean;
  /** All addresses of a host name. */
  resolve: (host: string) => Promise<readonly string[]>;
};

/** A URL that may be fetched, and the address that was checked: the connection goes there and nowhere else. */
export type Checked = { url: URL; address: string };

const closedNames = /(?:^|\.)(?:localhost|local|internal|intranet|home\.arpa|lan|onion)$/i;

/**
 * Checks one URL (mapping B.7, SSRF guard): scheme, port, userinfo, host name, and every address the name resolves to.
 * Throws an Error that says what is wrong in words for the caller, without what an inner network looks like.
 */
export async function checkUrl(text: string, settings: GuardSettings): Promise<Checked> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Error("it is not a valid URL");
  }
  const schemes = settings.allowHttp ? ["https:", "http:"] : ["https:"];
  if (!schemes.includes(url.protocol))
    throw new Error(`only ${settings.allowHttp ? "https and http" : "https"} URLs are fetched`);
  if (url.username !== "" || url.password !== "") throw new Error("URLs with credentials are not fetched");
  if (url.port !== "") throw new Error("only the standard port is fetched");
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (host === "" || closedNames.test(host) || (!host.includes(".") && isIP(host) === 0)) throw refused();
  const addresses = isIP(host) === 0 ? await resolved(host, settings) : [host];
  const [address] = addresses;
  if (address === undefined || !addresses.every(isPublicAddress)) throw refused();
  return { url, address };
}

async function resolved(host: string, settings: GuardSettings): Promise<readonly string[]> {
  try {
    return await settings.resolve(host);
  } catch {
    throw new Error("its host name cannot be resolved");
  }
}

function refused(): Error {
  return new Error("address not allowed");
}
