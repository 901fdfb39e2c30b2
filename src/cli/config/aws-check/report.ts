import { plain, type Output } from "../../terminal.ts";
import type { CheckResult } from "./check.ts";
import { titles, type Step } from "./step.ts";

/** One step for people: mark, name, what was found; below a failure what to do, and AWS's own words. `short` leaves out times and actions. */
export function stepLines(given: Step, out: Output, short = false): string[] {
  const step = harmless(given);
  const { paint } = out;
  const mark =
    step.ok === true
      ? paint.green("✔")
      : step.ok === null
        ? paint.dim("–")
        : step.required
          ? paint.red("✖")
          : paint.yellow("!");
  const title = titles[step.id].padEnd(16);
  const facts = step.ok === true && step.iam !== undefined && !short ? paint.dim(`  (${step.iam}, ${step.ms} ms)`) : "";
  if (step.ok !== false) return [` ${mark} ${title}${step.detail}${facts}`];
  const [first = step.detail, ...more] = step.hint ?? [];
  const said = first === step.detail ? [] : [paint.dim(`${step.code ?? "AWS"}: ${step.detail}`)];
  const iam = step.iam === undefined ? [] : [paint.dim(`This step needs ${step.iam}.`)];
  const head = step.code === undefined ? step.detail : first;
  const below = step.code === undefined ? (step.hint ?? []) : [...more, ...said, ...iam];
  return [` ${mark} ${title}${head}`, ...below.map((line) => `   ${"".padEnd(16)}${line}`)];
}

export function head({ profile, region }: Pick<CheckResult, "profile" | "region">): string {
  return `AWS Bedrock check   ${profile === null ? "" : `profile ${profile} · `}region ${region ?? "unknown"}`;
}

export function summary(result: CheckResult): string {
  if (!result.ok) return "Not ready.";
  const invoked = result.steps.filter(({ id, ok }) => id === "converse" && ok === true).map(({ model }) => model);
  if (invoked.length === 0) return "Ready, as far as it was checked.";
  return `Ready. ${invoked.join(", ")} ${invoked.length === 1 ? "works" : "work"}. This check used about ${result.tokens} tokens.`;
}

/** AWS's words may not move the cursor. */
function harmless(step: Step): Step {
  return { ...step, detail: plain(step.detail), ...(step.hint !== undefined && { hint: step.hint.map(plain) }) };
}
