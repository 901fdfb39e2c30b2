import type { Load } from "./load.ts";
import type { Listening } from "./listen.ts";
import type { FromWorker, ToWorker } from "./supervisor.ts";

export type WorkerParts = {
  listening: Listening;
  load: Load;
  /** Cuts running streams with their typed error. */
  cut(): number;
  send(message: FromWorker): void;
  exit(): void;
  setReady(ready: boolean): void;
};

/** A worker's side of the talk with its supervisor. */
export function workerTalk(parts: WorkerParts): (message: ToWorker) => void {
  return (message) => {
    switch (message.type) {
      case "ready":
        return parts.setReady(message.ready);
      case "drain":
        void drain(parts, message.timeoutMs);
        return;
      case "stop":
        void end(parts, parts.cut());
        return;
      default:
        message satisfies never;
    }
  };
}

/** ms in which a request may still come over an open connection. */
const lingerMs = 250;

/** No new connections; running answers finish within the time, the rest get their typed error (design.md section 8). */
async function drain(parts: WorkerParts, timeoutMs: number): Promise<void> {
  const idle = parts.load.drain();
  parts.listening.shutDoor();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), timeoutMs);
  });
  const outcome = await Promise.race([quiet(idle, parts.load), late]);
  clearTimeout(timer);
  await end(parts, outcome === "late" ? parts.cut() : 0);
}

/** Nothing in flight, and nothing that was on its way over an open connection came in a moment either. */
async function quiet(idle: Promise<void>, load: Load): Promise<void> {
  await idle;
  do {
    await load.idle();
    await Bun.sleep(lingerMs);
  } while (load.inFlight > 0);
}

async function end(parts: WorkerParts, cut: number): Promise<void> {
  parts.send({ type: "idle", cut });
  // A moment for the last bytes to leave the socket; open keep-alive connections are no reason to stay.
  await Promise.race([parts.listening.stop(false), Bun.sleep(cut > 0 ? 200 : 50)]);
  await parts.listening.stop(true);
  parts.exit();
}
