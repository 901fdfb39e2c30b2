import { allowed } from "../../config/layers.ts";
import { canonical, definition, keyNames, type KeyName } from "../../config/keys.ts";
import type { CliError } from "../failure.ts";
import { usageError } from "../failure.ts";
import { suggest } from "../suggest.ts";

/** The setting that was typed; an alias counts. Throws exit 2 with what was meant. */
export function keyName(typed: string): KeyName {
  const name = canonical(typed) ?? canonical(typed.toUpperCase().replaceAll("-", "_"));
  if (name !== undefined) return name;
  throw unknownKey(typed);
}

/** The same for a setting that may stand in a file. */
export function fileKeyName(typed: string): KeyName {
  const name = keyName(typed);
  if (!allowed(name, "user-file"))
    throw usageError(
      `${name} cannot be set in a file.`,
      `Set it in the environment: ${name}=${definition(name).example ?? "VALUE"} amazon-chat …`,
    );
  return name;
}

function unknownKey(typed: string): CliError {
  const near = suggest(typed, keyNames);
  const meant = near.length === 0 ? [] : [`Did you mean ${near.join(" or ")}?`];
  return usageError(
    `There is no setting "${typed.slice(0, 60)}".`,
    ...meant,
    "All settings: amazon-chat config set --list",
  );
}
