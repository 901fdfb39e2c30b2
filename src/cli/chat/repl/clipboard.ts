import { environment } from "../../../config/environment.ts";
import type { Terminal } from "../../terminal.ts";

/**
 * Copies a text and says by what: the terminal itself (OSC 52) over SSH and in tmux, where the machine's own clipboard is
 * not the person's, else the system's program.
 */
export async function copy(text: string, terminal: Terminal): Promise<string> {
  const command = clipboardCommand();
  if (command !== undefined) {
    const child = Bun.spawn(command, { stdin: new Blob([text]), stdout: "ignore", stderr: "ignore" });
    if ((await child.exited) === 0) return command[0] ?? "";
  }
  await terminal.err.write(`\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`);
  return "the terminal (OSC 52)";
}

function clipboardCommand(): string[] | undefined {
  const { SSH_TTY, SSH_CONNECTION, TMUX, WAYLAND_DISPLAY, DISPLAY } = environment();
  if (SSH_TTY || SSH_CONNECTION || TMUX) return undefined;
  const known: [boolean, string[]][] = [
    [process.platform === "darwin", ["pbcopy"]],
    [Boolean(WAYLAND_DISPLAY), ["wl-copy"]],
    [Boolean(DISPLAY), ["xclip", "-selection", "clipboard"]],
    [Boolean(DISPLAY), ["xsel", "--clipboard", "--input"]],
    // Windows, and Linux inside it.
    [true, ["clip.exe"]],
  ];
  return known.find(([here, [program = ""]]) => here && Bun.which(program) !== null)?.[1];
}
