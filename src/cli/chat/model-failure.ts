import { suggestModels } from "../models/resolve.ts";
import { CliError, exits } from "../failure.ts";
import type { Conversation } from "./conversation.ts";

const patienceMs = 5_000;

/** A failure as it is told: an unknown model with up to three that were probably meant (cli.md 3.10). */
export async function explained(
  thrown: unknown,
  { backend, session }: Pick<Conversation, "backend" | "session">,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(thrown instanceof CliError) || thrown.exit !== exits.model || thrown.wire?.code !== "model_not_found") {
    return thrown;
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const listed = await backend.models(limit).catch(() => []);
  const near = suggestModels(session.model, listed);
  if (near.length === 0) return thrown;
  return new CliError({
    exit: thrown.exit,
    message: thrown.message,
    hint: [`Did you mean ${near.join(" or ")}?`, ...thrown.hint].slice(0, 3),
    wire: thrown.wire,
    cause: thrown,
  });
}
