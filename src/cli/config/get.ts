import { display, readConfig } from "../../config/load.ts";
import { command } from "../command.ts";
import { exits } from "../failure.ts";
import { keyName } from "./key-name.ts";
import { loadOptions } from "./load-options.ts";

export const get = command({
  name: "get",
  summary: "Print one value",
  examples: ["amazon-chat config get AWS_REGION", "amazon-chat config get OPENAI_API_KEY --show-secrets"],
  flags: [
    { name: "show-secrets", type: "boolean", aliases: ["no-mask"], description: "Print a secret as it is" },
    { name: "mask", type: "boolean", hidden: true, description: "Print secrets masked, which is how it is anyway" },
    { name: "file", type: "string", value: "PATH", description: "Look into this file alone" },
  ],
  args: [{ name: "key", description: "Name of the setting", required: true }],
  notes: "Exit code 1 when it is not set. Secrets are printed masked.",
  async run({ flags, args, global, terminal }) {
    const key = keyName(args[0] ?? "");
    const config = readConfig({ ...loadOptions(global), alone: flags.file });
    const { raw } = config.explain(key);
    if (raw === undefined) {
      const why = config.problems.find((problem) => problem.key === undefined)?.message;
      await terminal.err.line(`${key} is not set.${why === undefined ? "" : ` ${why}`}`);
      return exits.failed;
    }
    const open = flags["show-secrets"] && !flags.mask;
    await terminal.out.line(open ? raw : display(key, raw));
  },
});
