import { plain, type Terminal } from "../../terminal.ts";

/** Waits some seconds and shows how many are left; an abort ends it at once. */
export async function countDown(
  { err }: Terminal,
  dumb: boolean,
  why: string,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const text = (left: number): string => {
    const line = `${plain(why).replaceAll("\n", " ")} Again in ${left} s. Ctrl-C stops.`;
    // One row, or it could not be painted over.
    return Bun.sliceAnsi(line, Math.max(0, Bun.stringWidth(line) - err.columns + 1));
  };
  if (dumb) await err.line(text(seconds));
  for (let left = Math.ceil(seconds); left > 0 && !signal.aborted; left--) {
    if (!dumb) await err.write(`\r${err.paint.dim(text(left))}\x1b[K`);
    await pause(1_000, signal);
  }
  if (!dumb) await err.write("\r\x1b[K");
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
