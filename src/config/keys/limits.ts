import { table } from "../key.ts";
import { bytes, duration, durationOrNone, integer } from "../types.ts";

export const limits = table({
  MAX_BODY_BYTES: {
    group: "limits",
    type: bytes,
    fallback: "25MiB",
    flag: "max-body",
    about: "Largest request body.",
    example: "50MiB",
  },
  MAX_JSON_DEPTH: {
    group: "limits",
    type: integer(8, 1024),
    fallback: "128",
    about: "Deepest nesting of a request body.",
  },
  MAX_MESSAGES: {
    group: "limits",
    type: integer(1, 1_000_000),
    fallback: "10000",
    about: "Most messages in a request.",
  },
  MAX_TOOLS: { group: "limits", type: integer(1, 100_000), fallback: "1000", about: "Most tools in a request." },
  MAX_MEDIA: {
    group: "limits",
    type: integer(0, 1000),
    fallback: "100",
    about: "Most media URLs fetched for a request.",
  },
  MAX_IN_FLIGHT: {
    group: "limits",
    type: integer(1, 100_000),
    fallback: "1024",
    about: "Requests at work in one process; beyond it callers get 503 with Retry-After.",
  },
  MAX_EVENT_BYTES: {
    group: "limits",
    type: bytes,
    fallback: "16MiB",
    about: "Largest single event of an upstream's stream.",
  },
  MAX_ANSWER_BYTES: {
    group: "limits",
    type: bytes,
    fallback: "64MiB",
    about: "Largest answer that is held as a whole.",
  },
  MAX_RETRIES: {
    group: "limits",
    type: integer(0, 10),
    fallback: "2",
    flag: "retries",
    about: "Further attempts after a failure that may pass, before the first byte of an answer.",
  },
  CONNECT_TIMEOUT: {
    group: "limits",
    type: duration,
    fallback: "5",
    about: "Time to connect to an upstream.",
    example: "10s",
  },
  FIRST_EVENT_TIMEOUT: {
    group: "limits",
    type: duration,
    fallback: "900",
    about: "Time until an upstream's first event; long enough for a model that thinks.",
    example: "5m",
  },
  IDLE_TIMEOUT: {
    group: "limits",
    type: duration,
    fallback: "300",
    about: "Silence of an upstream in mid-answer.",
    example: "60s",
  },
  REQUEST_TIMEOUT: {
    group: "limits",
    type: durationOrNone,
    fallback: "none",
    flag: "timeout",
    about: "Time for a whole request, its stream included. Callers can shorten it with `x-request-timeout-ms`.",
    example: "10m",
  },
  BODY_TIMEOUT: { group: "limits", type: duration, fallback: "60", about: "Time for a caller to send the body." },
  SLOW_READER_TIMEOUT: {
    group: "limits",
    type: duration,
    fallback: "60",
    about: "How long a caller may take nothing of its answer before it is dropped.",
  },
});
