import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keyNames } from "../../config/keys.ts";
import type { Config } from "../../config/load.ts";
import { writeWhole } from "../../config/write-file.ts";
import { isObject, type JsonObject, parseJson } from "../../core/json.ts";
import { capabilities, type DescribedModel } from "./described.ts";
import type { Found } from "./list.ts";

/**
 * The last list of models, in `models.json` of the cache folder (cli.md 3.4), so that Tab and a second `models` need no
 * network. It counts for the settings it was made with; of those only a hash is kept.
 */
export class ModelCache {
  readonly #path: string;
  readonly #made: string;

  constructor(config: Config) {
    this.#path = join(config.paths.cache, "models.json");
    const decisive = keyNames
      .filter((key) => /^(?:OPENAI_|AWS_|CHAT_)/.test(key))
      .map((key) => `${key}=${config.explain(key).raw ?? ""}`);
    this.#made = new Bun.CryptoHasher("sha256").update(decisive.join("\n")).digest("hex");
  }

  /** The list, when it is not older than so many ms and was made with these settings. */
  read(age: number): Found | undefined {
    try {
      const kept = parseJson(readFileSync(this.#path, "utf8"));
      if (!isObject(kept) || kept["made"] !== this.#made || typeof kept["at"] !== "number") return undefined;
      const old = Date.now() - kept["at"];
      if (old < 0 || old > age || !Array.isArray(kept["models"]) || !Array.isArray(kept["skipped"])) return undefined;
      return {
        models: kept["models"].filter(isObject).flatMap(modelOf),
        skipped: kept["skipped"].filter(isObject).flatMap(skippedOf),
        complete: true,
      };
    } catch {
      return undefined;
    }
  }

  /** A convenience: where it cannot be written, the next one asks again. */
  write({ models, skipped }: Found): void {
    try {
      writeWhole(this.#path, JSON.stringify({ made: this.#made, at: Date.now(), models, skipped }), true);
    } catch {
      // As said.
    }
  }
}

function modelOf({ id, created, owned_by, provider, capabilities: able }: JsonObject): DescribedModel[] {
  if (typeof id !== "string" || typeof owned_by !== "string" || typeof provider !== "string") return [];
  const known = Array.isArray(able) ? capabilities.filter((name) => able.includes(name)) : [];
  return [{ id, created: typeof created === "number" ? created : 0, owned_by, provider, capabilities: known }];
}

function skippedOf({ provider, why }: JsonObject): Found["skipped"] {
  return typeof provider === "string" && typeof why === "string" ? [{ provider, why }] : [];
}
