import { aws } from "./keys/aws.ts";
import { client } from "./keys/client.ts";
import { gateway } from "./keys/gateway.ts";
import { limits } from "./keys/limits.ts";
import { openai } from "./keys/openai.ts";
import { server } from "./keys/server.ts";
import type { Key } from "./key.ts";
import type { Type } from "./types.ts";

/**
 * Every setting there is. From this table come validation, `config show`, `config set --list`, the README's table and
 * `.env.example`.
 */
export const keys = { ...server, ...openai, ...aws, ...client, ...gateway, ...limits };

type Table = typeof keys;
export type KeyName = keyof Table;
type Parsed<K> = K extends { type: Type<infer T> } ? T : never;
/** What `get` gives for each key: a key with a default always has a value. */
export type Values = {
  [K in KeyName]: Table[K] extends { fallback: string } ? Parsed<Table[K]> : Parsed<Table[K]> | undefined;
};

export const keyNames: readonly KeyName[] = Object.keys(keys).filter(isKeyName);

/** True for the canonical name of a setting. */
export function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(keys, name);
}

const aliases = new Map<string, KeyName>(
  keyNames.flatMap((name) => (definition(name).aliases ?? []).map((alias): [string, KeyName] => [alias, name])),
);

/** The canonical name behind a name or one of its aliases. */
export function canonical(name: string): KeyName | undefined {
  return isKeyName(name) ? name : aliases.get(name);
}

/** One row of the table, without its value's type. */
export function definition(name: KeyName): Key<unknown> {
  return keys[name];
}
