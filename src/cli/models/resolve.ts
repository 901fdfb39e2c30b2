import type { Config } from "../../config/load.ts";
import { GatewayError } from "../../core/error.ts";
import type { ListedModel } from "../../gateway/listing.ts";
import { route } from "../../gateway/route.ts";
import type { Backend } from "../chat/backend.ts";
import { CliError, exits } from "../failure.ts";
import { gatewaySettings } from "../gateway-settings.ts";
import { suggest } from "../suggest.ts";
import { aliases } from "./aliases.ts";
import { profileFor } from "./profile.ts";

export type Circumstances = {
  config: Config;
  backend: Backend;
  /** A running gateway answers, and it alone knows its ids. */
  remote: boolean;
  /** A line for the person: what was chosen. */
  say: (line: string) => void;
};

const patienceMs = 10_000;

/**
 * The model id that typed words mean (cli.md 3.8): an id, an alias, `provider/id`, a base id that needs an inference
 * profile, or words that only one listed id has. Asks for the list only where the words alone do not tell. Throws exit
 * 5 with up to three suggestions.
 */
export async function resolveModel(typed: string, about: Circumstances, signal: AbortSignal): Promise<string> {
  const wished = typed.trim().replace(/^(?:openai|bedrock|demo)[/:](?=\S)/i, "");
  const alias = Object.hasOwn(aliases, wished.toLowerCase()) ? aliases[wished.toLowerCase()] : undefined;
  const id = alias ?? wished;
  const host = hostOf(id, about.config);
  if (host !== undefined && (host !== "bedrock" || !/^[a-z0-9]+\.[^.]/.test(id) || about.remote)) {
    return chosen(id, alias === undefined ? undefined : wished, about);
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  if (host === "bedrock") {
    // Without the list nobody can tell: the upstream will.
    const listed = await about.backend.models(limit).catch(() => []);
    const profile = profileFor(id, about.config.get("AWS_REGION") ?? about.config.get("AWS_DEFAULT_REGION"), listed);
    return profile === undefined
      ? chosen(id, alias === undefined ? undefined : wished, about)
      : chosen(profile, wished, about);
  }
  const listed = await about.backend.models(limit);
  if (listed.some((model) => model.id === id)) return id;
  const found = withWords(listed, wished.split(/\s+/));
  const [only] = found;
  if (only !== undefined && found.length === 1) return chosen(only.id, wished, about);
  // A gateway may serve more than it lists.
  if (found.length === 0 && about.remote) return id;
  throw unknown(wished, found.length > 0 ? found : listed, found.length);
}

/** Models whose ids hold all the words, whatever their case. */
export function withWords<M extends ListedModel>(listed: readonly M[], words: readonly string[]): M[] {
  const wanted = words.map((word) => word.toLowerCase());
  return listed.filter(({ id }) => wanted.every((word) => id.toLowerCase().includes(word)));
}

/** Up to three ids that were probably meant. */
export function suggestModels(typed: string, listed: readonly ListedModel[]): string[] {
  const ids = listed.map(({ id }) => id);
  const close = suggest(typed, ids);
  if (close.length > 0) return close;
  // What a person got right is mostly the family: the longest start that some ids have in them.
  for (let length = typed.length; length >= 4; length--) {
    const part = typed.slice(0, length).toLowerCase();
    const near = ids.filter((id) => id.toLowerCase().includes(part));
    if (near.length > 0) return near.slice(0, 3);
  }
  return [];
}

function chosen(id: string, typed: string | undefined, { say }: Circumstances): string {
  if (typed !== undefined && typed !== id) say(`Model ${typed}: ${id}`);
  return id;
}

function hostOf(id: string, config: Config): string | undefined {
  try {
    return route(id, gatewaySettings(config).routing).host;
  } catch (error) {
    // What is refused for its region is known all the same.
    return error instanceof GatewayError && error.code === "region_not_allowed" ? "refused" : undefined;
  }
}

function unknown(typed: string, listed: readonly ListedModel[], several: number): CliError {
  const near = several > 0 ? listed.slice(0, 3).map(({ id }) => id) : suggestModels(typed, listed);
  return new CliError({
    exit: exits.model,
    message: several > 1 ? `"${typed}" fits ${several} models.` : `Model "${typed}" not found.`,
    hint: [
      ...(near.length === 0 ? [] : [`Did you mean ${near.join(" or ")}?`]),
      `List models: amazon-chat models${several > 1 ? ` ${typed}` : ""}`,
    ],
    wire: { type: "invalid_request_error", code: "model_not_found", status: null },
  });
}
