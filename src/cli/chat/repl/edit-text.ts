import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { editorCommand } from "../../../config/editor.ts";
import { writeWhole } from "../../../config/write-file.ts";
import { CliError, exits } from "../../failure.ts";

/** Lets the person's editor change a text; the terminal must have been given back. `keys` is what the editor reads. */
export function editText(text: string, keys: "inherit" | number): string {
  const folder = mkdtempSync(join(tmpdir(), "amazon-chat-"));
  const path = join(folder, "prompt.md");
  try {
    // Editors end a file with a line break; it is taken off again.
    writeWhole(path, text === "" || text.endsWith("\n") ? text : `${text}\n`, false);
    const status = editorCommand().run(path, keys);
    if (status !== 0) {
      throw new CliError({
        exit: exits.failed,
        message: `The editor ended with exit code ${status}. Nothing changed.`,
      });
    }
    return readFileSync(path, "utf8").replace(/\n$/, "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
