import type { ModelFacts } from "./facts.ts";

/** The facts that follow from a base id alone. */
export type BedrockFacts = Omit<ModelFacts, "id" | "base" | "host" | "region">;

/** One line of a family's table: what is different about the ids that match. The first matching line of a table wins. */
export type Row = { match: RegExp; facts: Partial<BedrockFacts> };

/** A family: how its ids look, what holds for all of them, and its lines, newest model first. */
export type Family = { match: RegExp; common: Partial<BedrockFacts>; rows: readonly Row[] };

/** The facts of the first row that matches. */
export function rowOf(rows: readonly Row[], base: string): Partial<BedrockFacts> | undefined {
  return rows.find((row) => row.match.test(base))?.facts;
}
