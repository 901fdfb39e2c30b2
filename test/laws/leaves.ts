import { isObject, type Json } from "../../src/core/json.ts";

/** Every value of a body that is no object or list, with its path as losses write it. Nulls and empty ones say nothing. */
export function leaves(node: Json, path = ""): { path: string; value: string | number | boolean }[] {
  if (Array.isArray(node)) return node.flatMap((item, i) => leaves(item, `${path}[${i}]`));
  if (isObject(node))
    return Object.entries(node).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));
  return node === null || node === "" ? [] : [{ path, value: node }];
}
