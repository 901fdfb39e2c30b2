import { S_BAR, S_STEP_SUBMIT } from "@clack/prompts";
import type { Output } from "../../terminal.ts";

/** A heading of our own in clack's manner. */
export function heading(err: Output, text: string): Promise<void> {
  return err.write(`${err.paint.dim(S_BAR)}\n${err.paint.green(S_STEP_SUBMIT)}  ${text}\n`);
}

/** A line beside clack's bar. */
export function barred(err: Output, text: string): Promise<void> {
  return err.line(`${err.paint.dim(S_BAR)} ${text}`);
}
