import { checkAws, type CheckResult } from "../aws-check/check.ts";
import { stepLines } from "../aws-check/report.ts";
import { Cancelled, type Ask } from "./ask.ts";
import type { Draft } from "./draft.ts";
import { barred, heading } from "./lines.ts";

export type Verdict = "go-on" | "retry" | "change";

/** Screen 4: the checks of test-aws without calling a model. Not clack's spinner: Ctrl-C in it exits with 0 (cli.md 4.2). */
export async function showAwsCheck(
  ask: Ask,
  draft: Draft,
  signal: AbortSignal,
): Promise<{ verdict: Verdict; result: CheckResult }> {
  const { err } = ask.terminal;
  await heading(err, "4 Checking AWS…");
  let result: CheckResult;
  try {
    result = await checkAws(draft.config(), {
      models: [],
      invoke: false,
      timeout: 15_000,
      signal,
      onStep: async (step) => {
        if (step.ok !== null) for (const line of stepLines(step, err, true)) await barred(err, line);
      },
    });
  } catch (error) {
    if (signal.aborted) throw new Cancelled();
    throw error;
  }
  if (result.ok) return { verdict: "go-on", result };
  return { verdict: await askVerdict(ask, "AWS does not work yet"), result };
}

/** What to do when a check failed. */
export async function askVerdict(ask: Ask, message: string): Promise<Verdict> {
  const chosen = await ask.one(message, [
    { value: "retry", label: "Retry" },
    { value: "change", label: "Change answers" },
    { value: "go-on", label: "Save anyway", hint: "go on with the setup" },
    { value: "cancel", label: "Cancel" },
  ]);
  if (chosen === "cancel") throw new Cancelled();
  return chosen;
}
