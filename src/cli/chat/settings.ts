import type { KeyName } from "../../config/keys.ts";
import { usageError } from "../failure.ts";
import type { ChatFlags } from "./options.ts";

/** What the flags of `chat` say about settings. Throws exit 2 for a value out of bounds. */
export function settingsOf(flags: ChatFlags): Partial<Record<KeyName, string>> {
  const { timeout, retries } = flags;
  if (timeout !== undefined && timeout <= 0) throw usageError(`--timeout must be above 0, not ${timeout}.`);
  if (retries !== undefined && (!Number.isInteger(retries) || retries < 0)) {
    throw usageError(`--retries must be a whole number from 0, not ${retries}.`);
  }
  return {
    ...(retries !== undefined && { MAX_RETRIES: String(retries) }),
    ...(flags["server-url"] !== undefined && { CHAT_SERVER_URL: flags["server-url"] }),
    ...(flags["no-stdin"] && { AMAZON_CHAT_NO_STDIN: "on" }),
    // Whoever reads an answer in a pager is in no hurry.
    SLOW_READER_TIMEOUT: "86400",
  };
}
