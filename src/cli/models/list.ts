import type { Config } from "../../config/load.ts";
import type { ListedModel } from "../../gateway/listing.ts";
import type { GatewayAddress } from "../chat/choose-backend.ts";
import { CliError, exits, exitOf } from "../failure.ts";
import { createRuntime } from "../runtime.ts";
import { describe, type DescribedModel } from "./described.ts";

export type Skipped = { provider: string; why: string };
/** `complete`: every source that is configured gave its list. */
export type Found = { models: readonly DescribedModel[]; skipped: readonly Skipped[]; complete: boolean };

const patienceMs = 15_000;

/** The models of a running gateway, or of everything that is configured here. Throws only when nobody gave a list. */
export async function listModels(
  { config, gateway, demo }: { config: Config; gateway: GatewayAddress | undefined; demo: boolean },
  signal: AbortSignal,
): Promise<Found> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  if (gateway !== undefined) {
    const { remote } = await import("../chat/remote.ts");
    const backend = await remote({ ...gateway, retries: config.get("MAX_RETRIES"), timeoutMs: patienceMs });
    const models = await backend.models(limit);
    return { models: models.map((model) => describe(model, hostOf(model))), skipped: [], complete: true };
  }
  const { openai, bedrock, sources } = createRuntime(config, { demo, say: () => undefined });
  const skipped: Skipped[] = [openai, bedrock].flatMap((provider) => {
    const why = provider.problem();
    // Whoever looks at the simulated models knows that nothing is configured.
    return why === undefined || demo ? [] : [{ provider: provider.id, why }];
  });
  if (sources.length === 0) throw nothingConfigured(skipped);
  const lists = await Promise.allSettled(sources.map((source) => source.list(limit)));
  signal.throwIfAborted();
  const models = lists.flatMap((list, at) =>
    list.status === "fulfilled" ? list.value.map((model) => describe(model, sources[at]?.name ?? "")) : [],
  );
  const failures = lists.flatMap((list) => (list.status === "rejected" ? [list.reason as unknown] : []));
  for (const [at, list] of lists.entries()) {
    if (list.status === "rejected") skipped.push({ provider: sources[at]?.name ?? "", why: textOf(list.reason) });
  }
  if (failures.length === sources.length) throw nobodyAnswered(skipped, failures[0]);
  return { models, skipped, complete: failures.length === 0 };
}

/** Who serves an id that a gateway lists: its list names the maker only. */
function hostOf({ id, owned_by }: ListedModel): string {
  if (owned_by === "demo") return "demo";
  return /^(?:arn:|[a-z0-9-]+\.[a-z])/.test(id) && !id.startsWith("gpt-") ? "bedrock" : "openai";
}

function nothingConfigured(skipped: readonly Skipped[]): CliError {
  return new CliError({
    exit: exits.credentials,
    message: `No provider is configured: ${skipped.map(({ provider, why }) => `${provider}: ${why}`).join(" ")}`,
    hint: ["Set your keys: amazon-chat config set", "Without any key: amazon-chat models --demo"],
  });
}

function nobodyAnswered(skipped: readonly Skipped[], cause: unknown): CliError {
  return new CliError({
    exit: exitOf(cause),
    message: `No list of models could be had: ${skipped.map(({ provider, why }) => `${provider}: ${why}`).join(" ")}`,
    hint: ["Check AWS: amazon-chat config test-aws", "Check the settings: amazon-chat config show"],
    cause,
  });
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
