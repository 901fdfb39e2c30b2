import type { Type } from "./types.ts";

/** Headings under which people find a setting. */
export const groups = {
  server: "Gateway",
  openai: "OpenAI",
  aws: "AWS Bedrock",
  client: "Command line",
  gateway: "Behaviour",
  limits: "Limits and deadlines",
} as const;
export type Group = keyof typeof groups;

/** Where a value can come from, strongest first. */
export const layers = ["flag", "environment", "env-file", ".env", "user-file", "default"] as const;
export type Layer = (typeof layers)[number];

export type Key<T> = {
  group: Group;
  type: Type<T>;
  /** One sentence for a person. */
  about: string;
  /** The default, as text. */
  fallback?: string;
  example?: string;
  secret?: boolean;
  /** Other names that mean the same. */
  aliases?: readonly string[];
  /** The flag of the command line that sets it, without dashes. */
  flag?: string;
  /** May stand in ./.env, which somebody else may have written (cli.md 3.4). */
  dotenv?: boolean;
  /** The only layers that may set it, for keys that decide what is trusted or what is run. */
  only?: readonly Layer[];
};

/** Checks a group of the table and keeps the type of each key. */
export function table<const T extends Record<string, Key<unknown>>>(rows: T): T {
  return rows;
}
