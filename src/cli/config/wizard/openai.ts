import { GatewayError } from "../../../core/error.ts";
import { openaiProvider } from "../../../providers/openai/index.ts";
import { openaiSettings } from "../../provider-settings.ts";
import { Cancelled, type Ask } from "./ask.ts";
import { askVerdict } from "./check-aws.ts";
import type { Draft } from "./draft.ts";
import { barred, heading } from "./lines.ts";

/** Screen 5: the key, for a compatible server its URL too, and whether they work. Gives the models they give. */
export async function askOpenAI(ask: Ask, draft: Draft, compatible: boolean, signal: AbortSignal): Promise<string[]> {
  for (let again = true; again;) {
    if (compatible)
      await ask.value(draft, "OPENAI_BASE_URL", "5 URL of the compatible server", {
        initial: "http://localhost:11434/v1",
      });
    else draft.drop("OPENAI_BASE_URL");
    await ask.secret(draft, "OPENAI_API_KEY", compatible ? "5 Its API key" : "5 OpenAI API key", compatible);
    for (let retry = true; retry;) {
      const models = await list(ask, draft, signal);
      if (models !== undefined) return models;
      const verdict = await askVerdict(ask, `${compatible ? "The server" : "OpenAI"} does not work yet`);
      if (verdict === "go-on") return [];
      retry = verdict === "retry";
      again = verdict === "change";
    }
  }
  return [];
}

async function list(ask: Ask, draft: Draft, signal: AbortSignal): Promise<string[] | undefined> {
  const { err } = ask.terminal;
  await heading(err, "Checking OpenAI…");
  try {
    const provider = openaiProvider(openaiSettings(draft.config()));
    const models = await provider.listModels(AbortSignal.any([signal, AbortSignal.timeout(15_000)]));
    await barred(err, ` ${err.paint.green("✔")} ${models.length} models`);
    return models.map(({ id }) => id);
  } catch (error) {
    if (signal.aborted) throw new Cancelled();
    const status = error instanceof GatewayError ? error.upstreamStatus : undefined;
    const why = status === 401 ? "The key was refused (401)." : error instanceof Error ? error.message : String(error);
    await barred(err, ` ${err.paint.red("✖")} ${why}`);
    return undefined;
  }
}
