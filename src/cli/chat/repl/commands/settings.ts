import { usageError } from "../../../failure.ts";
import { keyValue } from "../../options.ts";
import type { Repl } from "../state.ts";
import { chooseModel } from "../choose-model.ts";
import { setOption } from "../set-option.ts";
import { said, type SlashCommands } from "./command.ts";

/** What the next answers are asked with. */
export const settingsCommands: SlashCommands = {
  model: {
    takes: "[ID]",
    help: "choose the model, by id, alias or a part of an id",
    async act(repl, rest, signal) {
      const { session } = repl.conversation;
      session.model = (await chooseModel(repl, rest, signal)) ?? session.model;
      return said(`Model: ${session.model}`);
    },
  },
  system: {
    takes: "[TEXT|-]",
    help: "show or set the system prompt; - for none",
    act({ conversation: { session } }, rest) {
      if (rest === "") return said(session.system ?? "No system prompt.");
      if (rest === "-") delete session.system;
      else session.system = rest;
      return said("System prompt updated.");
    },
  },
  set: {
    takes: "KEY=VALUE",
    help: "a field of the requests: temperature=0.2; max_tokens= unsets",
    act({ conversation: { options } }, rest) {
      const { key, value } = keyValue(rest, "/set");
      return said(setOption(options, key, value));
    },
  },
  raw: {
    takes: "[on|off]",
    help: "show answers as they are, or rendered",
    act({ conversation: { show } }, rest) {
      if (!["", "on", "off"].includes(rest)) throw usageError(`/raw takes on or off, not "${rest}".`);
      show.markdown = rest === "" ? !show.markdown : rest === "off";
      return said(show.markdown ? "Answers are rendered." : "Answers are shown as they are.");
    },
  },
  settings: {
    aliases: ["config"],
    help: "everything that is set",
    act: (repl) => said(settingsText(repl)),
  },
};

function settingsText({ conversation, draft }: Repl): string {
  const { session, sessions, options, stream, show } = conversation;
  const { tools, ...fields } = options.fields;
  const rows: [string, string][] = [
    ["model", session.model],
    ["system", session.system ?? "none"],
    ...(options.maxTokens === undefined ? [] : [["max_tokens", String(options.maxTokens)] satisfies [string, string]]),
    ...Object.entries(fields).map(([key, value]): [string, string] => [key, JSON.stringify(value)]),
    ["tools", Array.isArray(tools) ? String(tools.length) : "none"],
    ["stream", stream ? "on" : "off"],
    ["raw", show.markdown ? "off" : "on"],
    [
      "session",
      `${session.id}${session.title === "" ? "" : ` "${session.title}"`}, ${session.messages.length} messages`,
    ],
    ["saved", sessions === undefined ? "no" : "after each answer"],
    ...(draft.parts.length === 0 ? [] : [["attached", `${draft.parts.length}`] satisfies [string, string]]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join("\n");
}
