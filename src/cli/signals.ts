import { exits } from "./failure.ts";

const exitOfSignal = { SIGINT: exits.interrupted, SIGTERM: exits.terminated } as const;

/** SIGINT and SIGTERM as an AbortSignal, taken over at the first `listen()`: before that they kill as usual. */
export class Interruption {
  #controller: AbortController | undefined;
  /** 130 or 143 once a signal came. */
  exit: number | undefined;

  listen(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.on(name, () => {
        // The second one means it.
        if (this.exit !== undefined) process.exit(this.exit);
        this.exit = exitOfSignal[name];
        controller.abort();
      });
    }
    return controller.signal;
  }
}
