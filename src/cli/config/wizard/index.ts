import { cancel, intro, note, outro } from "@clack/prompts";
import { readEnvText } from "../../../config/env-text.ts";
import { canonical, type KeyName } from "../../../config/keys.ts";
import { display, place } from "../../../config/load.ts";
import type { Values } from "../../command.ts";
import { exits } from "../../failure.ts";
import type { GlobalFlag } from "../../global-flags.ts";
import type { Terminal } from "../../terminal.ts";
import { loadOptions } from "../load-options.ts";
import { readSettings, writeSettings, type SettingsFile } from "../settings-file.ts";
import { Ask, Cancelled } from "./ask.ts";
import { askAws, profilesOf } from "./aws.ts";
import { showAwsCheck } from "./check-aws.ts";
import { Draft } from "./draft.ts";
import { askGatewayKey } from "./gateway-key.ts";
import { askOpenAI } from "./openai.ts";

type Setup = {
  global: Values<readonly GlobalFlag[]>;
  terminal: Terminal;
  file: SettingsFile;
  interrupt: () => AbortSignal;
};

/** `config set` without words (cli.md 3.6): all on stderr, one write at the end, nothing before it. */
export async function wizard({ global, terminal, file, interrupt }: Setup): Promise<number> {
  const before = readSettings(file) ?? "";
  const values = new Map(
    readEnvText(before).assignments.flatMap(({ key, value }): [KeyName, string][] => {
      const name = canonical(key);
      return name === undefined || value.trim() === "" ? [] : [[name, value]];
    }),
  );
  // The file that is written is the one that counts as the user's, also with --file.
  const draft = new Draft(values, { ...loadOptions(global), configFile: file.path });
  const ask = new Ask(terminal);
  const output = terminal.err.stream;
  intro("amazon-chat setup", { output });
  await terminal.err.line(`${terminal.err.paint.dim("│")}  Saves to ${file.shown} (0600). Esc cancels.`);
  try {
    const made = await questions(ask, draft, interrupt);
    if (!(await review(ask, draft))) throw new Cancelled();
    const after = draft.applyTo(before);
    if (after !== before || before === "") writeSettings(file, after);
    if (made !== undefined) note(made, "Gateway key, shown this once", { output });
    outro('Saved. Next:  amazon-chat chat "hello"   ·   amazon-chat serve   ·   amazon-chat config show', { output });
    return exits.ok;
  } catch (thrown) {
    if (!(thrown instanceof Cancelled)) throw thrown;
    cancel("Cancelled. Nothing was saved.", { output });
    return exits.interrupted;
  }
}

/** Screens 1 to 7. Gives the gateway key that was made. */
async function questions(ask: Ask, draft: Draft, interrupt: () => AbortSignal): Promise<string | undefined> {
  const chosen = await askProviders(ask, draft);
  const models: { id: string; from: string }[] = [];
  if (chosen.includes("bedrock")) {
    for (let verdict = "change"; verdict !== "go-on";) {
      if (verdict === "change") await askAws(ask, draft);
      const checked = await showAwsCheck(ask, draft, interrupt());
      verdict = checked.verdict;
      if (verdict === "go-on") models.push(...checked.result.listed.map((id) => ({ id, from: "bedrock" })));
    }
  }
  if (chosen.includes("openai") || chosen.includes("compatible")) {
    const found = await askOpenAI(ask, draft, chosen.includes("compatible"), interrupt());
    models.push(...found.map((id) => ({ id, from: "openai" })));
  }
  await askModel(ask, draft, models);
  return askGatewayKey(ask, draft);
}

async function askProviders(ask: Ask, draft: Draft): Promise<("bedrock" | "openai" | "compatible")[]> {
  const profiles = [...profilesOf(draft).keys()];
  const config = draft.config();
  const signedIn = (
    ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ROLE_ARN", "AWS_REGION"] as const
  ).find((key) => config.get(key) !== undefined);
  const found =
    signedIn === undefined ? (profiles.length > 0 ? `found: profile ${profiles[0]}` : undefined) : `${signedIn} is set`;
  const ownUrl = config.explain("OPENAI_BASE_URL").source?.layer !== "default";
  const key = config.shown("OPENAI_API_KEY");
  return ask.several(
    "1 Providers",
    [
      { value: "bedrock", label: "AWS Bedrock", ...(found !== undefined && { hint: found }) },
      { value: "openai", label: "OpenAI", ...(key !== undefined && !ownUrl && { hint: key }) },
      {
        value: "compatible",
        label: "OpenAI-compatible URL",
        ...(ownUrl && { hint: config.shown("OPENAI_BASE_URL") ?? "" }),
      },
    ],
    [
      ...(found === undefined ? [] : (["bedrock"] as const)),
      ...(ownUrl ? (["compatible"] as const) : key === undefined ? [] : (["openai"] as const)),
    ],
  );
}

/** Screen 6. */
async function askModel(ask: Ask, draft: Draft, models: readonly { id: string; from: string }[]): Promise<void> {
  const now = draft.get("DEFAULT_MODEL");
  const ids = new Map(models.map(({ id, from }) => [id, from]));
  if (now !== undefined && !ids.has(now)) ids.set(now, "current");
  if (ids.size === 0) return ask.value(draft, "DEFAULT_MODEL", "6 Default model", { optional: true });
  const choices = [...ids]
    .map(([id, from]) => ({ value: id, label: id, hint: from }))
    .sort((a, b) => Number(b.value === now) - Number(a.value === now));
  draft.set(
    "DEFAULT_MODEL",
    await ask.search("6 Default model", choices, now ?? choices[0]?.value, (typed) => !/\s/.test(typed)),
  );
}

/** Screen 8. */
async function review(ask: Ask, draft: Draft): Promise<boolean> {
  const changes = draft.changes();
  const config = draft.config();
  const width = Math.max(0, ...changes.map(({ key }) => key.length));
  const lines = changes.flatMap(({ key, before, after }) => {
    const value = after === undefined ? "removed" : display(key, after);
    const line = `${key.padEnd(width)}  ${value}${before === undefined ? "" : after === undefined ? ` (was ${display(key, before)})` : " (changed)"}`;
    const { source } = config.explain(key);
    const wins = source !== undefined && !["user-file", "default"].includes(source.layer);
    return [line, ...(wins ? [`${"".padEnd(width)}  ! ${place(source)} sets it too, and wins`] : [])];
  });
  note(lines.length === 0 ? "Nothing changes." : lines.join("\n"), "8 Review", { output: ask.output });
  return ask.yes("Save?");
}
