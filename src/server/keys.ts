import { timingSafeEqual } from "node:crypto";
import { GatewayError } from "../core/error.ts";

/** A key longer than this is no key of ours; its length may be told apart, nothing else. */
const width = 512;

/** The gateway's own keys: callers show one as bearer token, `x-api-key` or `api-key`. */
export class Keys {
  readonly #keys: Buffer[];
  readonly #shown = Buffer.alloc(width + 2);

  /** `keys`: the comma list of API_KEY, split and trimmed. Empty: no key is asked for. */
  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => padded(Buffer.alloc(width + 2), key));
  }

  get required(): boolean {
    return this.#keys.length > 0;
  }

  /** Throws 401 where no configured key is shown. Every key is compared, each in constant time. */
  check(headers: Headers): void {
    if (this.#keys.length === 0) return;
    const shown = shownKey(headers);
    if (shown === undefined)
      throw unauthenticated(
        "You didn't provide an API key. Send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.",
      );
    padded(this.#shown, shown);
    let right = false;
    for (const key of this.#keys) right = timingSafeEqual(key, this.#shown) || right;
    if (!right) throw unauthenticated("Incorrect API key provided.");
  }
}

function shownKey(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const bearer = /^bearer[ \t]+(\S.*)$/i.exec(authorization);
    if (bearer) return bearer[1]?.trim();
  }
  return headers.get("x-api-key") ?? headers.get("api-key") ?? undefined;
}

/** The key with its length in front, filled up to a fixed width, so that all comparisons take the same time. */
function padded(into: Buffer, key: string): Buffer {
  into.fill(0);
  into.writeUInt16BE(Math.min(Buffer.byteLength(key), 0xffff), 0);
  into.write(key, 2, width, "utf8");
  return into;
}

function unauthenticated(message: string): GatewayError {
  return new GatewayError({ kind: "authentication", message, code: "invalid_api_key" });
}
