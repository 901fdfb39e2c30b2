import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../src/core/json.ts";

export const folder = import.meta.dir;

/** A request of `cases/`, without its model: it is sent to every one of `models`. */
export type GoldenCase = { name: string; mapping: string; about: string; body: JsonObject };

export const cases: readonly GoldenCase[] = readdirSync(join(folder, "cases"))
  .map((file) => file.replace(/\.json$/, ""))
  .sort()
  .map((name) => ({ name, ...JSON.parse(readFileSync(join(folder, "cases", `${name}.json`), "utf8")) }));

/** One model, or more where their requests differ, for every upstream dialect. Claude's own dialect is reached by Claude bodies. */
export const models = [
  "gpt-4o",
  "gpt-5.4",
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "us.anthropic.claude-opus-5",
  "us.amazon.nova-pro-v1:0",
  "us.meta.llama3-3-70b-instruct-v1:0",
  "mistral.mistral-7b-instruct-v0:2",
  "openai.gpt-oss-120b-1:0",
  "amazon.titan-text-express-v1",
] as const;
