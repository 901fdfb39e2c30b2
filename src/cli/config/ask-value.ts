import { isCancel, text } from "@clack/prompts";
import * as v from "valibot";
import { definition, type KeyName } from "../../config/keys.ts";
import { CliError, exits } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { secret } from "./secret-prompt.ts";

/** Asks for one value. Throws exit 130 when the person leaves; nothing is saved then. */
export async function askValue(key: KeyName, terminal: Terminal): Promise<string> {
  const { type, about, secret: isSecret } = definition(key);
  const validate = (value: string | undefined): string | undefined => {
    const parsed = v.safeParse(type.schema, value ?? "");
    return parsed.success ? undefined : `${key} ${parsed.issues[0].message}`;
  };
  const message = `${key}: ${about}`;
  const output = terminal.err.stream;
  const answer = isSecret ? await secret({ message, validate, output }) : await text({ message, validate, output });
  if (isCancel(answer)) throw new CliError({ exit: exits.interrupted, message: "Cancelled. Nothing was saved." });
  return answer;
}
