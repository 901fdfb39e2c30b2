import { environment } from "./environment.ts";

/**
 * The person's editor: $VISUAL, else $EDITOR (never from a file), else what every system has. `keys` is the descriptor of
 * the terminal where standard input is none.
 */
export function editorCommand(): { byDefault: boolean; run(path: string, keys?: "inherit" | number): number } {
  const { VISUAL = "", EDITOR = "" } = environment();
  const chosen = VISUAL.trim() || EDITOR.trim();
  const windows = process.platform === "win32";
  const editor = chosen || (windows ? "notepad" : "vi");
  // The variable may hold arguments (cli.md 4.4), so a shell has to read it.
  const command = (path: string): string[] =>
    windows ? ["cmd", "/d", "/s", "/c", `${editor} "${path}"`] : ["sh", "-c", `${editor} "$1"`, "sh", path];
  return {
    byDefault: chosen === "",
    run: (path, keys = "inherit") =>
      Bun.spawnSync(command(path), { stdin: keys, stdout: "inherit", stderr: "inherit" }).exitCode,
  };
}
