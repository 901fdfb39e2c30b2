import { createInterface } from "node:readline";

/** `interrupted`: Ctrl-C; `closed`: Ctrl-D, or the terminal went away. */
export type Line = { kind: "text"; text: string } | { kind: "interrupted" } | { kind: "closed" };

/**
 * One line from the terminal. The reader is closed behind it, so that Ctrl-C is a signal while an answer comes: a paused
 * one would swallow it (cli.md 4.4). `history` is newest first and grows.
 */
export function askLine(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  prompt: string,
  history: string[],
): Promise<Line> {
  return new Promise((resolve) => {
    const reader = createInterface({ input, output, prompt, history, historySize: 1000, terminal: true });
    const end = (line: Line): void => {
      reader.removeAllListeners();
      reader.close();
      resolve(line);
    };
    reader.on("line", (text) => {
      if (text.trim() !== "" && history[0] !== text) history.unshift(text);
      end({ kind: "text", text });
    });
    reader.on("SIGINT", () => end({ kind: "interrupted" }));
    // Without it the program would end after `fg`.
    reader.on("SIGCONT", () => reader.prompt(true));
    reader.on("close", () => end({ kind: "closed" }));
    reader.prompt();
  });
}
