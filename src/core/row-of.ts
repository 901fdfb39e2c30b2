/** The row of a table under a key that somebody else wrote: `constructor` and `__proto__` are no rows of it. */
export function rowOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
