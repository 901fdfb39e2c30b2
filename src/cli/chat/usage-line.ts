import type { Answer } from "./answer.ts";

/** `gpt-4o · 1,204 in / 356 out · 4.1 s` (cli.md 3.3). */
export function usageLine(answer: Answer, model: string, ms: number): string {
  const { usage } = answer;
  const number = (count: number): string => count.toLocaleString("en-US");
  const tokens = usage === undefined ? [] : [`${number(usage.input)} in / ${number(usage.output)} out`];
  return [model, ...tokens, `${(ms / 1000).toFixed(1)} s`].join(" · ");
}
