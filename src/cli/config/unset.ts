import { withoutKey } from "../../config/edit.ts";
import { readEnvText } from "../../config/env-text.ts";
import { definition } from "../../config/keys.ts";
import { place, readConfig } from "../../config/load.ts";
import { command } from "../command.ts";
import { keyName } from "./key-name.ts";
import { loadOptions } from "./load-options.ts";
import { readSettings, settingsFile, writeSettings } from "./settings-file.ts";

export const unset = command({
  name: "unset",
  summary: "Remove one value from the file",
  examples: ["amazon-chat config unset OPENAI_API_KEY", "amazon-chat config unset API_KEY --file ./.env"],
  flags: [
    { name: "file", type: "string", value: "PATH", description: "Change this file instead of the user's" },
    { name: "confirm", type: "boolean", hidden: true, description: "Accepted for scripts; nothing is asked" },
    { name: "no-confirm", type: "boolean", hidden: true, description: "Accepted for scripts; nothing is asked" },
  ],
  args: [{ name: "key", description: "Name of the setting", required: true }],
  async run({ flags, args, global, terminal }) {
    const key = keyName(args[0] ?? "");
    const file = settingsFile(flags.file, global.config);
    const names = [key, ...(definition(key).aliases ?? [])];
    const before = readSettings(file) ?? "";
    const there = readEnvText(before).assignments.some((one) => names.includes(one.key));
    if (there) writeSettings(file, names.reduce(withoutKey, before));
    if (global.quiet) return;
    await terminal.err.line(
      there ? `Removed ${key} from ${file.shown}.` : `${key} is not in ${file.shown}; nothing to remove.`,
    );
    const { source } = readConfig(loadOptions(global)).explain(key);
    if (source !== undefined && source.layer !== "default")
      await terminal.err.line(`It is still set: ${place(source)}.`);
  },
});
