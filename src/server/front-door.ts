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
        // Not within the event loop's own walk over its sockets.
        setImmediate(() => {
          closeSync(number);
          // The number stays taken: the server's later stop would close whatever had it by then.
          openSync("/dev/null", "r");
        });
        return true;
      },
    },
  };
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
