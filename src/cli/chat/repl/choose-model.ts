import { CliError, exits } from "../../failure.ts";
import { withWords } from "../../models/resolve.ts";
import type { Repl } from "./state.ts";

/**
 * The model that /model means: what the words resolve to, a choice out of those that they fit, or, without words, out of
 * all. Undefined when nothing was chosen. Throws what `resolve` throws where there is nothing to choose from.
 */
export async function chooseModel(repl: Repl, words: string, signal: AbortSignal): Promise<string | undefined> {
  const { backend, resolve, session } = repl.conversation;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(15_000)]);
  if (words !== "") {
    try {
      return await resolve(words, limit);
    } catch (thrown) {
      if (!(thrown instanceof CliError) || thrown.exit !== exits.model || !repl.input.prefills) throw thrown;
      const fitting = withWords(await backend.models(limit), words.split(/\s+/));
      if (fitting.length < 2) throw thrown;
      return choice(
        repl,
        fitting.map(({ id }) => id),
      );
    }
  }
  // Whoever cannot be shown a list is told what it is.
  const listed = repl.input.prefills ? await backend.models(limit).catch(() => []) : [];
  if (listed.length === 0) return undefined;
  return choice(repl, [...new Set([session.model, ...listed.map(({ id }) => id)])]);
}

async function choice(repl: Repl, ids: readonly string[]): Promise<string | undefined> {
  const { terminal } = repl.conversation;
  return repl.input.lend(async (stream) => {
    const { autocomplete, isCancel } = await import("@clack/prompts");
    const chosen = await autocomplete<string>({
      message: "Model (type a part of it; Esc keeps the current one)",
      options: ids.map((id) => ({ value: id, label: id })),
      maxItems: 10,
      input: stream,
      output: terminal.err.stream,
    });
    return isCancel(chosen) ? undefined : chosen;
  });
}
