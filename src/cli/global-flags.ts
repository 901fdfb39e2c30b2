import type { Flag } from "./command.ts";

/** Flags that stand before or after the command alike (cli.md 3.1). */
export const globalFlags = [
  { name: "env-file", type: "repeat", value: "PATH", description: "Read KEY=value settings from this file" },
  { name: "config", type: "string", value: "PATH", description: "Use this file instead of the user's config.env" },
  { name: "profile", type: "string", value: "NAME", description: "AWS profile" },
  { name: "region", type: "string", value: "REGION", description: "AWS region" },
  { name: "quiet", short: "q", type: "boolean", description: "Say only what was asked for, and errors" },
  { name: "verbose", short: "v", type: "count", description: "Say more; twice: everything" },
  {
    name: "color",
    type: "string",
    choices: ["auto", "always", "never"],
    default: "auto",
    aliases: ["colour"],
    description: "Colour the output",
  },
  { name: "no-color", type: "boolean", aliases: ["no-colour"], hidden: true, description: "The same as --color never" },
  { name: "no-input", type: "boolean", description: "Never ask; fail instead" },
  { name: "help", short: "h", type: "boolean", description: "Show help" },
  { name: "version", short: "V", type: "boolean", description: "Show the version" },
] as const satisfies readonly Flag[];

export type GlobalFlag = (typeof globalFlags)[number];
