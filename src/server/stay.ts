import { type Alarm, clearAlarm, setAlarm } from "../core/alarm.ts";
import type { RequestRecord } from "../gateway/record.ts";
import type { AppParts, Sockets } from "./app.ts";
import { idleSeconds, silenceAfter } from "./silence.ts";

/** One chat request's time in the server: counted from its first byte, told to the log once when its last byte is out. */
export class Stay {
  readonly #parts: Pick<AppParts, "load" | "log">;
  readonly #request: Request;
  readonly #sockets: Sockets;
  readonly #record: RequestRecord;
  #silence: Alarm | undefined;
  #open = false;
  #mayBeSilent = false;

  constructor(parts: Pick<AppParts, "load" | "log">, request: Request, sockets: Sockets, record: RequestRecord) {
    this.#parts = parts;
    this.#request = request;
    this.#sockets = sockets;
    this.#record = record;
  }

  /** `patienceMs`: after how long the socket is told that silence is fine. Throws 503 when there are too many. */
  begin(patienceMs = (idleSeconds * 1000) / 2): void {
    this.#parts.load.enter();
    this.#open = true;
    // Most are long over by then: telling the socket costs them 1 µs.
    this.#silence = setAlarm(patienceMs, () => {
      this.#mayBeSilent = true;
      this.#sockets.timeout(this.#request, 0);
    });
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    clearAlarm(this.#silence);
    const record = this.#record;
    const seconds = silenceAfter(record.errorCode);
    if (this.#mayBeSilent || seconds !== idleSeconds) this.#sockets.timeout(this.#request, seconds);
    this.#parts.load.leave();
    record.durationMs = performance.now() - record.startedAt;
    this.#parts.log(record);
  }
}
