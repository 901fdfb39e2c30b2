import type { KeyName } from "./keys.ts";
import type { Given } from "./layers.ts";
import type { Problem } from "./problem.ts";

/** A URL and the secret that is sent there. */
const pairs = [
  ["OPENAI_BASE_URL", "OPENAI_API_KEY"],
  ["OPENAI_BASE_URL", "OPENAI_API_KEY_CMD"],
  ["CHAT_SERVER_URL", "CHAT_API_KEY"],
] as const satisfies readonly (readonly [KeyName, KeyName])[];

/**
 * A URL from ./.env goes with a key from ./.env only (cli.md 3.4): otherwise a directory could send the key of whoever
 * enters it to any host. `trusted`: the person said that this is wanted.
 */
export function mixedPairs(origin: (name: KeyName) => readonly Given[], trusted: boolean): Problem[] {
  if (trusted) return [];
  const problems: Problem[] = [];
  for (const [urlKey, secretKey] of pairs) {
    const url = origin(urlKey)[0]?.source;
    const secret = origin(secretKey)[0]?.source;
    if (secretKey === "OPENAI_API_KEY_CMD" && origin("OPENAI_API_KEY").length > 0) continue;
    if (url?.layer !== ".env" || secret === undefined || secret.layer === ".env") continue;
    problems.push({
      key: urlKey,
      message: `${urlKey} comes from ${url.name}, line ${url.line}, but ${secretKey} from ${secret.name}: your key would go to a host that this directory chose.`,
      remedy: `Put both into ${url.name}, or remove ${urlKey} there, or set AMAZON_CHAT_TRUST_DOTENV=1 in the environment if you trust it.`,
    });
  }
  return problems;
}
