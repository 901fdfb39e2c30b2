import type { createApp } from "./app.ts";
import { withFrontDoor } from "./front-door.ts";
import { idleSeconds } from "./silence.ts";

export type ListenOptions = {
  host: string;
  /** 0: any free port. */
  port: number;
  /** Several processes share the port (Linux). */
  reusePort: boolean;
  /** Bytes; a body beyond it is refused by the application with the caller's own error shape, and by the socket at twice that. */
  bodyBytes: number;
};

/** A listening server. */
export type Listening = {
  host: string;
  port: number;
  /** Takes no more connections; those that are open are served on. */
  shutDoor(): void;
  /** Stops taking connections; `now` also cuts those that are open. */
  stop(now: boolean): Promise<void>;
};

/** Opens the socket. Throws the platform's error (`EADDRINUSE`, `EACCES`). */
export function listen(app: ReturnType<typeof createApp>, options: ListenOptions): Listening {
  const { opened: server, door } = withFrontDoor(() =>
    Bun.serve({
      hostname: options.host,
      port: options.port,
      reusePort: options.reusePort,
      // Silence is cut after this many seconds, but for chat requests: those have deadlines of their own (design.md section 7).
      idleTimeout: idleSeconds,
      maxRequestBodySize: options.bodyBytes * 2 + 2 ** 20,
      development: false,
      fetch: app,
      error() {
        return Response.json(
          {
            error: {
              message: "The server had an error while processing your request.",
              type: "server_error",
              param: null,
              code: "internal_error",
            },
          },
          { status: 500 },
        );
      },
    }),
  );
  return {
    host: options.host,
    port: server.port ?? options.port,
    shutDoor() {
      if (!door.shut()) void server.stop(false);
    },
    stop: (now) => server.stop(now),
  };
}
