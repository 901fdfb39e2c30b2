import { loadConfig } from "../../config/load.ts";
import { gatewayOf } from "../chat/choose-backend.ts";
import { command } from "../command.ts";
import { loadOptions } from "../config/load-options.ts";
import { usageError } from "../failure.ts";
import { suggest } from "../suggest.ts";
import { aliases } from "./aliases.ts";
import { type Capability, capabilities, capabilityWords, describedAsChat } from "./described.ts";
import { ModelCache } from "./cache.ts";
import { type Found, listModels } from "./list.ts";
import { withWords } from "./resolve.ts";
import { printModels } from "./table.ts";

const cacheMs = 3_600_000;

export const models = command({
  name: "models",
  summary: "List the models you can talk to",
  examples: [
    "amazon-chat models claude sonnet",
    "amazon-chat models --provider bedrock --capability tools,vision",
    "amazon-chat models --demo --ids",
  ],
  flags: [
    {
      name: "provider",
      type: "string",
      value: "NAME",
      choices: ["openai", "bedrock", "demo"],
      description: "Only the models of this provider",
    },
    {
      name: "capability",
      type: "repeat",
      value: "LIST",
      description: `Only models with all of these: ${capabilities.join(", ")}`,
    },
    { name: "ids", type: "boolean", description: "Print the ids alone, one a line" },
    { name: "json", type: "boolean", description: "Print OpenAI's list with provider and capabilities" },
    { name: "refresh", type: "boolean", description: "Ask again; otherwise the list of the last hour counts" },
    { name: "all", type: "boolean", description: "Models that do not chat too" },
    { name: "demo", type: "boolean", description: "The simulated models too; they need no key" },
    { name: "server-url", type: "string", value: "URL", description: "Ask a running gateway" },
    { name: "api-key-file", type: "string", value: "PATH", description: "File with the gateway's key" },
    { name: "api-key", type: "string", value: "KEY", hidden: true, description: "The gateway's key" },
  ],
  args: [{ name: "filter", description: "Words that the id must hold", many: true }],
  notes: `In a pipe: the same columns with tabs, no header. Short names for -m: ${Object.keys(aliases).join(", ")}.`,
  async run({ flags, args, global, terminal, interrupt }) {
    const wanted = flags.capability.flatMap((list) => list.split(",")).map(capabilityOf);
    const own = loadOptions(global);
    const server = flags["server-url"];
    const config = loadConfig({
      ...own,
      flags: { ...own.flags, ...(server !== undefined && { CHAT_SERVER_URL: server }) },
    });
    const say = (line: string): void => void (global.quiet || terminal.err.line(line));
    for (const note of config.notes) say(note);
    const gateway = gatewayOf(flags, config);
    const { models: found, skipped } = await known({ config, gateway, demo: flags.demo }, flags.refresh, interrupt());
    for (const { provider, why } of skipped) say(`skipped ${provider}: ${why}`);
    const shown = withWords(found, args).filter(
      (model) =>
        (flags.provider === undefined || model.provider === flags.provider) &&
        wanted.every((name) => model.capabilities.includes(name)) &&
        (flags.all || describedAsChat(model)),
    );
    if (flags.json) {
      const data = shown.map((model) => ({ object: "model", ...model }));
      return terminal.out.line(JSON.stringify({ object: "list", data }));
    }
    if (flags.ids) return terminal.out.write(shown.map(({ id }) => `${id}\n`).join(""));
    const usual = flags.demo ? "demo-echo" : (config.get("DEFAULT_MODEL") ?? config.get("DEFAULT_OPENAI_MODEL"));
    await printModels(terminal.out, shown, usual);
    if (terminal.out.isTTY) say(terminal.err.paint.dim(`${shown.length} of ${found.length} models · * default`));
  },
});

/** The list of the last hour, or a new one, which is kept when every source gave its part. */
async function known(about: Parameters<typeof listModels>[0], refresh: boolean, signal: AbortSignal): Promise<Found> {
  // The simulated models change nothing but what stands beside the real ones; they cost nothing to list.
  const cache = about.demo ? undefined : new ModelCache(about.config);
  const kept = refresh ? undefined : cache?.read(cacheMs);
  if (kept !== undefined) return kept;
  const found = await listModels(about, signal);
  if (found.complete) cache?.write(found);
  return found;
}

function capabilityOf(word: string): Capability {
  const name = word.trim().toLowerCase();
  const known = Object.hasOwn(capabilityWords, name) ? capabilityWords[name] : undefined;
  if (known !== undefined) return known;
  const near = suggest(name, Object.keys(capabilityWords));
  const hint = near.length === 0 ? `There are: ${capabilities.join(", ")}.` : `Did you mean ${near.join(" or ")}?`;
  throw usageError(`There is no capability "${word}".`, hint);
}
