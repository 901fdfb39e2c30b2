import { keyNames } from "../../config/keys.ts";
import { type Config, readConfig } from "../../config/load.ts";
import { demoModels } from "../../providers/demo/models.ts";
import { gatewayOf } from "../chat/choose-backend.ts";
import { Sessions } from "../chat/session.ts";
import { aliases } from "../models/aliases.ts";
import { ModelCache } from "../models/cache.ts";
import type { DescribedModel } from "../models/described.ts";
import type { Offer } from "./candidates.ts";
import { shells } from "./shells.ts";

export type Candidate = { word: string; meaning: string };

/** Where words come from that no table holds. */
export type Sources = {
  /** Values of a flag. */
  value(flag: string): Promise<Offer>;
  /** The word at a place behind a command. */
  argument(path: string, place: number): Promise<Offer>;
};

/** ms: a list of models that old still helps at Tab. */
const cacheMs = 24 * 3_600_000;
/** ms: nobody waits longer for Tab. */
const patienceMs = 2_000;
const nothing: Offer = { words: [], files: false };

/** `demo`: the words hold --demo, so nothing else can be meant. */
export function personalSources(demo: boolean): Sources {
  const config = readConfig();
  return {
    async value(flag) {
      if (flag === "model") return { words: demo ? demoWords : await modelWords(config), files: false };
      return flag === "session" ? { words: sessionWords(config), files: false } : nothing;
    },
    async argument(path, place) {
      if (place > 0) return nothing;
      if (/^config (?:set|get|unset)$/.test(path)) return { words: keyNames.map(bare), files: false };
      if (path === "complete") return { words: Object.keys(shells).map(bare), files: false };
      return path === "explain" ? { words: [], files: true } : nothing;
    },
  };
}

const demoWords: readonly Candidate[] = demoModels.map(({ id, description }) => ({ word: id, meaning: description }));

async function modelWords(config: Config): Promise<Candidate[]> {
  const short = Object.entries(aliases).map(([word, id]) => ({ word, meaning: id }));
  const models = await modelsOf(config).catch((): readonly DescribedModel[] => []);
  return [...short, ...models.map(({ id, provider }) => ({ word: id, meaning: provider }))];
}

async function modelsOf(config: Config): Promise<readonly DescribedModel[]> {
  const cache = new ModelCache(config);
  const kept = cache.read(cacheMs);
  if (kept !== undefined) return kept.models;
  // The SDKs are loaded only for this.
  const { listModels } = await import("../models/list.ts");
  const gateway = gatewayOf({ demo: false, "api-key": undefined, "api-key-file": undefined }, config);
  const found = await listModels({ config, gateway, demo: false }, AbortSignal.timeout(patienceMs));
  if (found.complete) cache.write(found);
  return found.models;
}

function sessionWords(config: Config): Candidate[] {
  const sessions = new Sessions(config.paths.state, () => undefined);
  return sessions.recent(50).map(({ id, title }) => ({ word: id, meaning: title }));
}

function bare(word: string): Candidate {
  return { word, meaning: "" };
}
