import { randomText } from "../gateway/ids.ts";

/** The caller's `x-request-id` if it is 1 to 128 printable ASCII characters without blanks at its ends, else a new one (design.md section 9). */
export function requestId(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(given)
    ? given
    : `req_${randomText(24)}`;
}
