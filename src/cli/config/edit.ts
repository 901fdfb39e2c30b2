import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { editorCommand } from "../../config/editor.ts";
import { exampleFile } from "../../config/example.ts";
import { readConfig } from "../../config/load.ts";
import { writeWhole } from "../../config/write-file.ts";
import { command } from "../command.ts";
import { CliError, exits, usageError } from "../failure.ts";
import { readSettings, settingsFile, writeSettings } from "./settings-file.ts";

export const edit = command({
  name: "edit",
  summary: "Open the configuration file in an editor",
  examples: ["amazon-chat config edit", "EDITOR='code --wait' amazon-chat config edit"],
  flags: [{ name: "file", type: "string", value: "PATH", description: "Edit this file instead of the user's" }],
  notes:
    "A copy is edited; it replaces the file only when every value in it is right. The editor is $VISUAL, else $EDITOR, else vi.",
  async run({ flags, global, terminal }) {
    const editor = editorCommand();
    if (editor.byDefault && (!terminal.stdinIsTTY || !terminal.out.isTTY))
      throw usageError("config edit needs a terminal.", "Set values directly: amazon-chat config set KEY VALUE");
    const file = settingsFile(flags.file, global.config);
    const before = readSettings(file);
    // Not beside the file: an editor's own backups would stay there, with the secrets in them.
    const folder = mkdtempSync(join(tmpdir(), "amazon-chat-"));
    const copy = join(folder, "config.env");
    try {
      writeWhole(copy, before ?? exampleFile(), false);
      const status = editor.run(copy);
      if (status !== 0)
        throw new CliError({
          exit: exits.failed,
          message: `The editor ended with exit code ${status}. Nothing was saved.`,
        });
      const after = readFileSync(copy, "utf8");
      if (after === (before ?? exampleFile())) {
        if (!global.quiet) await terminal.err.line("Nothing changed.");
        return;
      }
      const { problems } = readConfig({ alone: copy });
      if (problems.length > 0) {
        const told = problems.map(({ message }) => message.replaceAll(copy, file.shown));
        throw usageError(`The file was not saved: ${told.join(" ")}`, "Run the command again and correct it.");
      }
      writeSettings(file, after);
      if (!global.quiet) await terminal.err.line(`Saved ${file.shown}.`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
