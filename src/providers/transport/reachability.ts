/** How long a proof that a host takes connections is believed. */
const proofMs = 30_000;

/**
 * `fetch` has no connect timeout: a host that swallows packets would hold a call until the first-event deadline, minutes
 * later. A call that has waited for half the connect timeout therefore asks whether its host takes TCP connections at
 * all, one question at a time per host.
 */
export class Reachability {
  readonly #asked = new Map<string, { answer: Promise<boolean>; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** False when no connection came about within `ms`. A refusal counts as an answer: `fetch` reports it better. */
  takesConnections(url: URL, ms: number): Promise<boolean> {
    const known = this.#asked.get(url.host);
    if (known && this.#now() - known.at < proofMs) return known.answer;
    const answer = tryConnection(url, ms);
    this.#asked.set(url.host, { answer, at: this.#now() });
    void answer.then((reached) => {
      if (!reached) this.#asked.delete(url.host);
    });
    return answer;
  }
}

function tryConnection(url: URL, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const settle = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
    const hostname = url.hostname.replace(/^\[|\]$/g, "");
    Bun.connect({ hostname, port, socket: { open: (socket) => void socket.end(), data() {}, error() {} } }).then(
      settle,
      settle,
    );
  });
}
