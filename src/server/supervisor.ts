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
  /** Several processes may listen on the port at a time (default): a successor can then start beside its predecessor. */
  sharesPort?: boolean;
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
  /** Told once whether a successor listens, or what it came to. */
  onTried: ((up: boolean) => void) | undefined;
  onGone: (() => void) | undefined;
};

const maxDeaths = 5;
const deathWindowMs = 30_000;
/** What a successor may take to listen before it is given up. */
const trialMs = 30_000;
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
  /** Every process that runs: the serving ones, successors on trial, and the replaced that still finish their streams. */
  readonly #running = new Set<Slot>();
  readonly #after: (ms: number, callback: () => void) => () => void;
  readonly #now: () => number;
  #port: number;
  #deaths: number[] = [];
  #ending: "no" | "draining" | "stopping" = "no";
  #announced = false;
  #rolling: Promise<void> | undefined;
  /** Something changed while the workers were being replaced. */
  #again = false;
  #finish: (code: number) => void = () => undefined;
  #exitCode = 0;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#port = parts.port;
    this.#after = parts.after ?? timer;
    this.#now = parts.now ?? (() => performance.now());
    this.#slots = Array.from({ length: parts.workers }, (_, index) => emptySlot(index));
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
    this.#forgetRestarts();
    for (const slot of this.#running) this.#retire(slot);
    this.#endWhenEmpty();
  }

  /** Ends now: running answers are cut with their typed error where that still works. */
  stop(code: number): void {
    this.#ending = "stopping";
    this.#exitCode = code;
    this.#forgetRestarts();
    for (const slot of this.#running) {
      slot.leaving = true;
      slot.handle?.send({ type: "stop" });
      const { handle } = slot;
      if (handle) this.#after(1_000, () => handle.kill("SIGKILL"));
    }
    this.#endWhenEmpty();
  }

  /**
   * Replaces the workers one after the other: the new one listens before the next goes. A successor that does not come up
   * changes nothing: the workers that serve go on. What changes meanwhile is rolled out after it.
   */
  reload(): Promise<void> {
    this.#again = true;
    this.#rolling ??= this.#roll().finally(() => {
      this.#rolling = undefined;
    });
    return this.#rolling;
  }

  async #roll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      for (const index of this.#slots.keys()) {
        if (this.#ending !== "no") return;
        if (await this.#replace(index)) continue;
        if (this.#ending !== "no") return;
        this.#parts.say(
          `The new worker ${index} did not come up: the running ones serve on as they are. The lines above say why.`,
        );
        break;
      }
    }
  }

  /** Whether a successor serves in that place. */
  async #replace(index: number): Promise<boolean> {
    const old = this.#slots[index];
    // One that waits for its restart comes up with what is new anyway.
    if (!old?.handle) return true;
    const fresh = emptySlot(index);
    if (this.#parts.sharesPort === false) {
      this.#slots[index] = fresh;
      await new Promise<void>((resolve) => {
        old.onGone = resolve;
        this.#retire(old);
      });
      if (this.#ending === "no") this.#launch(fresh);
      return true;
    }
    const tried = new Promise<boolean>((resolve) => {
      fresh.onTried = resolve;
    });
    // Port sharing lets the new one listen beside the old one; what the old one still answers it finishes.
    this.#launch(fresh);
    fresh.cancel = this.#after(trialMs, () => fresh.handle?.kill("SIGKILL"));
    return tried;
  }

  /** A successor listens: it takes its place, and the one that had it may go. */
  #takePlace(fresh: Slot): void {
    const old = this.#slots[fresh.index];
    this.#slots[fresh.index] = fresh;
    fresh.cancel?.();
    if (old) this.#retire(old);
    fresh.onTried?.(true);
    fresh.onTried = undefined;
  }

  #launch(slot: Slot): void {
    slot.up = false;
    const startedAt = this.#now();
    this.#running.add(slot);
    slot.handle = this.#parts.start(slot.index, this.#port, {
      message: (message) => this.#heard(slot, message),
      exit: (code, signal) => this.#gone(slot, code, signal, startedAt),
    });
  }

  #heard(slot: Slot, message: FromWorker): void {
    switch (message.type) {
      case "listening": {
        slot.up = true;
        const first = this.#port === 0;
        this.#port = message.port;
        if (slot.onTried && this.#ending === "no") this.#takePlace(slot);
        if (first && this.#ending === "no") for (const other of this.#slots) if (!other.handle) this.#launch(other);
        this.#tellReady();
        return;
      }
      case "failed":
        this.#parts.say(message.message);
        // A successor that cannot listen ends by itself.
        if (slot.onTried) return;
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
    this.#running.delete(slot);
    slot.onGone?.();
    slot.onTried?.(false);
    if (this.#ending !== "no" || slot.leaving) {
      if (slot.cut > 0 && this.#exitCode === 0 && this.#ending !== "no") this.#exitCode = 143;
      return this.#endWhenEmpty();
    }
    if (slot.onTried) return;
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

  #forgetRestarts(): void {
    for (const slot of this.#slots) slot.cancel?.();
  }

  #endWhenEmpty(): void {
    if (this.#ending !== "no" && this.#running.size === 0) this.#finish(this.#exitCode);
  }
}

function emptySlot(index: number): Slot {
  return {
    index,
    handle: undefined,
    up: false,
    leaving: false,
    cut: 0,
    cancel: undefined,
    onTried: undefined,
    onGone: undefined,
  };
}

function timer(ms: number, callback: () => void): () => void {
  const handle = setTimeout(callback, ms);
  return () => clearTimeout(handle);
}
