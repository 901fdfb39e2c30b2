import type { Config } from "../../../config/load.ts";
import { GatewayError } from "../../../core/error.ts";
import type { ModelFacts } from "../../../core/models.ts";
import { route } from "../../../gateway/route.ts";
import { gatewaySettings } from "../../gateway-settings.ts";

export type Target = { model: string; facts: ModelFacts | undefined; problem?: string };

/** Small models that answer cheaply, best first. */
const cheap = [
  /\.amazon\.nova-micro/,
  /^amazon\.nova-micro/,
  /\.amazon\.nova-lite/,
  /^amazon\.nova-lite/,
  /\.anthropic\.claude-.*haiku/,
  /claude/,
];

/** The models to check: those that were named, else the default one where it is on Bedrock, else a small listed one. */
export function targetModels(config: Config, named: readonly string[], listed: readonly string[]): Target[] {
  if (named.length > 0) return named.map((model) => target(config, model));
  const byDefault = config.get("DEFAULT_MODEL") ?? config.get("DEFAULT_OPENAI_MODEL");
  const own = target(config, byDefault);
  if (own.facts !== undefined) return [own];
  const small = cheap.flatMap((shape) => listed.find((id) => shape.test(id)) ?? [])[0];
  return small === undefined ? [] : [target(config, small)];
}

function target(config: Config, model: string): Target {
  try {
    const facts = route(model, gatewaySettings(config).routing);
    return facts.host === "bedrock"
      ? { model, facts }
      : { model, facts: undefined, problem: `${model} is not a model of Bedrock.` };
  } catch (error) {
    return { model, facts: undefined, problem: error instanceof GatewayError ? error.message : String(error) };
  }
}
