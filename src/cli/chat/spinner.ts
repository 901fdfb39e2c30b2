import type { Output } from "../terminal.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const plainFrames = ["|", "/", "-", "\\"];
/** ms before it shows: a quick answer needs none. */
const delayMs = 250;
const frameMs = 100;

/**
 * Something that moves while nothing comes, on a terminal only. clack's would read stdin and end the program with 0 on
 * Ctrl-C (cli.md 4.2). Gives back what stops it and clears its line.
 */
export function startSpinner(output: Output, text: string, dumb: boolean): () => void {
  if (!output.isTTY || dumb) return () => undefined;
  const shapes = output.color ? frames : plainFrames;
  let step = 0;
  let shown = false;
  const draw = (): void => {
    shown = true;
    void output.write(`\r${shapes[step++ % shapes.length]} ${output.paint.dim(text)}\x1b[K`);
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  const start = setTimeout(() => {
    draw();
    timer = setInterval(draw, frameMs);
  }, delayMs);
  return () => {
    clearTimeout(start);
    clearInterval(timer);
    if (shown) void output.write("\r\x1b[K");
    shown = false;
  };
}
