import type { ListedModel } from "../../gateway/listing.ts";

/** AWS's own geographies by the start of a region's name. */
const geographies: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^us-gov-/, ["us-gov"]],
  [/^us-/, ["us"]],
  [/^ca-/, ["ca", "us"]],
  [/^eu-/, ["eu"]],
  [/^ap-northeast-[13]$/, ["jp", "apac"]],
  [/^ap-southeast-[24]$/, ["au", "apac"]],
  [/^ap-/, ["apac"]],
  [/^sa-/, ["sa", "us"]],
];

/**
 * The inference profile to call a base model by (cli.md 3.8): the first of the region's own geography and `global` that
 * is listed. Undefined when the base id itself can be called, or no profile of it is listed.
 */
export function profileFor(
  base: string,
  region: string | undefined,
  listed: readonly ListedModel[],
): string | undefined {
  const ids = new Set(listed.map(({ id }) => id));
  if (ids.has(base)) return undefined;
  const own = geographies.find(([shape]) => shape.test(region ?? ""))?.[1] ?? [];
  return [...own, "global"].map((geography) => `${geography}.${base}`).find((id) => ids.has(id));
}
