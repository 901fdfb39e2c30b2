import { homedir } from "node:os";
import { absolute } from "../../../../config/paths.ts";
import { usageError } from "../../../failure.ts";

/** A path as it is typed at a prompt, where no shell takes quotes off and knows what ~ is. */
export function typedPath(typed: string, command: string): string {
  const path = typed.replace(/^(["'])(.*)\1$/, "$2");
  if (path === "") throw usageError(`${command} needs a path.`);
  return absolute(path, process.cwd(), homedir());
}
