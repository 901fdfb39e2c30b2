import { table } from "../key.ts";
import { choice, duration, flag, integer, text, workers } from "../types.ts";

export const server = table({
  HOST: {
    group: "server",
    type: text,
    fallback: "127.0.0.1",
    flag: "host",
    about: "Address to listen on. An address that is not loopback needs API_KEY.",
    example: "0.0.0.0",
  },
  PORT: {
    group: "server",
    type: integer(0, 65535),
    fallback: "8000",
    flag: "port",
    about: "Port to listen on; 0 takes any free one.",
    example: "8080",
  },
  API_KEY: {
    group: "server",
    type: text,
    secret: true,
    dotenv: true,
    about:
      "Key that callers of the gateway must send as `Authorization: Bearer`; several keys are separated by commas.",
    example: "your-secret-api-key",
  },
  LOG_LEVEL: {
    group: "server",
    type: choice(["debug", "info", "warning", "error", "critical"], { warn: "warning", fatal: "critical" }),
    fallback: "info",
    flag: "log-level",
    dotenv: true,
    about: "What the server's log contains. No level contains a prompt or a secret.",
    example: "debug",
  },
  LOG_FORMAT: {
    group: "server",
    type: choice(["auto", "pretty", "json"]),
    fallback: "auto",
    flag: "log-format",
    about: "Form of the log; auto is pretty on a terminal and JSON elsewhere.",
    example: "json",
  },
  WORKERS: {
    group: "server",
    type: workers,
    fallback: "1",
    flag: "workers",
    about: "Serving processes on the one port; auto is one for each core.",
    example: "4",
  },
  CORS_ORIGIN: {
    group: "server",
    type: text,
    flag: "cors",
    about: "The one browser origin that may call the gateway. Absent: none.",
    example: "https://app.example.com",
  },
  NO_UI: {
    group: "server",
    type: flag,
    fallback: "off",
    flag: "no-ui",
    about: "Switches the web pages off: `/`, `/docs` and `/redoc`.",
  },
  DRAIN_TIMEOUT: {
    group: "server",
    type: duration,
    fallback: "30",
    flag: "drain-timeout",
    about: "How long running answers may take to finish after SIGTERM or Ctrl-C.",
    example: "120",
  },
});
