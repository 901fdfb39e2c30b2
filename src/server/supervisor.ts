/** What a worker tells its supervisor. */
export type FromWorker =
  | { type: "listening"; port: number }
  | { type: "failed"; message: string; exit: number }
  | { type: "idle"; cut: number };
/** What a supervisor tells a worker. `ready`: all workers are up, /health/ready may say so. */
export type ToWorker = { type: "ready"; ready: boolean } | { type: "drain"; timeoutMs: number } | { type: "stop" };

/** One serving process, as the supervisor sees it. */
export type WorkerHandle = { pid: number; send(message: ToWorker): void; kill(signal: NodeJS.Signals): void };
export type WorkerEvents = {
  message(message: FromWorker): void;
  exit(code: number | null, signal: string | null): void;
};

export type SupervisorParts = {
  workers: number;
  /** 0: the first worker takes a free port, the others share it. */
  port: number;
  drainTimeoutMs: number;
  /** Starts a worker process; `port` is the one to listen on. */
  start(index: number, port: number, events: WorkerEvents): WorkerHandle;
  /** A line for the operator. */
  say(line: string): void;
  /** All workers listen for the first time. */
  onReady(port: number): void;
  /** Calls back after `ms`; replaced in tests. Returns what cancels it. */
  after?: (ms: number, callback: () => void) => () => void;
  now?: () => number;
};

type Slot = {
  index: number;
  handle: WorkerHandle | undefined;
  up: boolean;
  leaving: boolean;
  cut: number;
  cancel: (() => void) | undefined;
  onGone: (() => void) | undefined;
};

const maxDeaths = 5;
const deathWindowMs = 30_000;
/** What a drained worker may still need to leave before it is killed. */
const graceMs = 5_000;

/**
 * Keeps `workers` serving processes on one port: restarts what dies (with back-off, and gives up loudly after 5 deaths in
 * 30 s), rolls them one after the other, drains them at the end (design.md section 8). `done` is the exit code.
 */
export class Supervisor {
  readonly done: Promise<number>;
  readonly #parts: SupervisorParts;
  readonly #slots: Slot[];
  readonly #after: (ms: number, callback: () => void) => () => void;
  readonly #now: () => number;
  #port: number;
  #deaths: number[] = [];
  #ending: "no" | "draining" | "stopping" = "no";
  #announced = false;
  #rolling: Promise<void> | undefined;
  #finish: (code: number) => void = () => undefined;
  #exitCode = 0;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#port = parts.port;
    this.#after = parts.after ?? timer;
    this.#now = parts.now ?? (() => performance.now());
    this.#slots = Array.from({ length: parts.workers }, (_, index) => ({
      index,
      handle: undefined,
      up: false,
      leaving: false,
      cut: 0,
      cancel: undefined,
      onGone: undefined,
    }));
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Starts the first worker; the others follow once the port is known. */
  start(): void {
    const [first, ...others] = this.#slots;
    if (first) this.#launch(first);
    if (this.#port !== 0) for (const slot of others) this.#launch(slot);
  }

  /** Workers finish what runs and leave; a second call ends at once. */
  drain(): void {
    if (this.#ending === "draining") return this.stop(130);
    if (this.#ending !== "no") return;
    this.#ending = "draining";
    for (const slot of this.#slots) this.#retire(slot);
    this.#endWhenEmpty();
  }

  /** Ends now: running answers are cut with their typed error where that still works. */
  stop(code: number): void {
    this.#ending = "stopping";
    this.#exitCode = code;
    for (const slot of this.#slots) {
      slot.leaving = true;
      slot.handle?.send({ type: "stop" });
      const { handle } = slot;
      if (handle) this.#after(1_000, () => handle.kill("SIGKILL"));
    }
    this.#endWhenEmpty();
  }

  /** Replaces the workers one after the other: the new one listens before the next goes. */
  reload(): Promise<void> {
    this.#rolling ??= this.#roll().finally(() => {
      this.#rolling = undefined;
    });
    return this.#rolling;
  }

  async #roll(): Promise<void> {
    for (const slot of [...this.#slots]) {
      if (this.#ending !== "no") return;
      await new Promise<void>((resolve) => {
        const { handle } = slot;
        if (!handle) return resolve();
        const fresh: Slot = {
          index: slot.index,
          handle: undefined,
          up: false,
          leaving: false,
          cut: 0,
          cancel: undefined,
          onGone: resolve,
        };
        this.#slots[this.#slots.indexOf(slot)] = fresh;
        // Port sharing lets the new one listen beside the old one; what the old one still answers it finishes.
        this.#launch(fresh, () => {
          this.#retire(slot);
          resolve();
        });
        this.#leavers.add(slot);
      });
    }
  }

  /** Replaced workers that still finish their streams. */
  readonly #leavers = new Set<Slot>();

  #launch(slot: Slot, onUp?: () => void): void {
    slot.up = false;
    const startedAt = this.#now();
    slot.handle = this.#parts.start(slot.index, this.#port, {
      message: (message) => this.#heard(slot, message, onUp),
      exit: (code, signal) => this.#gone(slot, code, signal, startedAt),
    });
  }

  #heard(slot: Slot, message: FromWorker, onUp?: () => void): void {
    switch (message.type) {
      case "listening": {
        slot.up = true;
        const first = this.#port === 0;
        this.#port = message.port;
        if (first) for (const other of this.#slots) if (!other.handle) this.#launch(other);
        onUp?.();
        this.#tellReady();
        return;
      }
      case "failed":
        this.#parts.say(message.message);
        return this.stop(message.exit);
      case "idle":
        slot.cut = message.cut;
        return;
      default:
        message satisfies never;
    }
  }

  #tellReady(): void {
    const ready = this.#slots.every((slot) => slot.up);
    for (const slot of this.#slots) slot.handle?.send({ type: "ready", ready });
    if (ready && !this.#announced) {
      this.#announced = true;
      this.#parts.onReady(this.#port);
    }
  }

  #retire(slot: Slot): void {
    slot.leaving = true;
    slot.cancel?.();
    const { handle } = slot;
    if (!handle) return;
    handle.send({ type: "drain", timeoutMs: this.#parts.drainTimeoutMs });
    slot.cancel = this.#after(this.#parts.drainTimeoutMs + graceMs, () => handle.kill("SIGKILL"));
  }

  #gone(slot: Slot, code: number | null, signal: string | null, startedAt: number): void {
    slot.handle = undefined;
    slot.up = false;
    slot.cancel?.();
    this.#leavers.delete(slot);
    slot.onGone?.();
    if (slot.leaving || this.#ending !== "no") {
      if (slot.cut > 0 && this.#exitCode === 0) this.#exitCode = 143;
      return this.#endWhenEmpty();
    }
    const now = this.#now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < deathWindowMs), now];
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    if (this.#deaths.length >= maxDeaths) {
      this.#parts.say(
        `Worker ${slot.index} ${how}: ${maxDeaths} deaths in ${deathWindowMs / 1000} s, giving up. The lines above say why they died.`,
      );
      return this.stop(1);
    }
    const wait = now - startedAt > deathWindowMs ? 0 : Math.min(5_000, 50 * 2 ** (this.#deaths.length - 1));
    this.#parts.say(`Worker ${slot.index} ${how}; starting another${wait > 0 ? ` in ${wait} ms` : ""}.`);
    this.#tellReady();
    slot.cancel = this.#after(wait, () => this.#launch(slot));
  }

  #endWhenEmpty(): void {
    if (this.#slots.every((slot) => !slot.handle) && this.#leavers.size === 0) this.#finish(this.#exitCode);
  }
}

function timer(ms: number, callback: () => void): () => void {
  const handle = setTimeout(callback, ms);
  return () => clearTimeout(handle);
}
