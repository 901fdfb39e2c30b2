import { keyValue } from "../options.ts";
import type { ReplOptions } from "../conversation.ts";

export type Outcome = "stay" | "leave";

type Act = (conversation: ReplOptions, rest: string) => string | Promise<string>;

const acts: Readonly<Record<string, { help: string; act: Act }>> = {
  help: { help: "these commands", act: () => helpText() },
  model: {
    help: "say or change the model: /model ID",
    async act(conversation, rest) {
      if (rest === "") return conversation.session.model;
      const limit = AbortSignal.timeout(15_000);
      conversation.session.model = await conversation.resolve(rest, limit);
      return `Model: ${conversation.session.model}`;
    },
  },
  system: {
    help: "say or change the system prompt: /system TEXT, /system - for none",
    act({ session }, rest) {
      if (rest === "") return session.system ?? "No system prompt.";
      if (rest === "-") delete session.system;
      else session.system = rest;
      return "System prompt updated.";
    },
  },
  set: {
    help: "a field of the requests: /set temperature=0.2",
    act({ options }, rest) {
      const { key, value } = keyValue(rest, "/set");
      Object.defineProperty(options.fields, key, { value, enumerable: true, configurable: true, writable: true });
      return `${key} = ${JSON.stringify(value)}`;
    },
  },
  clear: {
    help: "forget what was said",
    act({ session }) {
      session.messages.length = 0;
      return "Forgotten.";
    },
  },
};
const leaving = new Set(["/exit", "/quit", "exit", "quit"]);

/** Runs a slash command. Undefined: the line is none and goes to the model. `say` gets what it answers. */
export async function runCommand(
  line: string,
  conversation: ReplOptions,
  say: (text: string) => Promise<void>,
): Promise<Outcome | undefined> {
  if (leaving.has(line.trim())) return "leave";
  const [, name, rest = ""] = /^\/(\w+)(?:\s+([\s\S]*))?$/.exec(line.trim()) ?? [];
  if (name === undefined) return undefined;
  const known = Object.hasOwn(acts, name) ? acts[name] : undefined;
  await say(known === undefined ? `Unknown command /${name}. /help` : await known.act(conversation, rest.trim()));
  return "stay";
}

function helpText(): string {
  const lines = Object.entries(acts).map(([name, { help }]) => `/${name.padEnd(8)} ${help}`);
  return [...lines, "/exit     leave; so does Ctrl-D"].join("\n");
}
