import { password } from "@clack/prompts";

/**
 * Asks for a secret. Nothing of it is shown while it is typed: clack's own mask leaves its true length on the screen
 * (cli.md 4.2). Gives clack's cancel symbol when the person leaves.
 */
export function secret(options: {
  message: string;
  validate: (value: string | undefined) => string | undefined;
  output: NodeJS.WriteStream;
}): ReturnType<typeof password> {
  const { message, validate, output } = options;
  return password({ message: `${message} (what you type is not shown)`, mask: "", validate, output });
}
