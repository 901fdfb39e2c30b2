import type { Completion } from "./completion.ts";

/** `interrupted`: Ctrl-C at an empty prompt; `closed`: Ctrl-D, or the terminal went away. */
export type Asked = { kind: "text"; text: string } | { kind: "interrupted" } | { kind: "closed" };

export type Question = {
  prompt: string;
  /** What stands in the line already. */
  text: string;
  /** Prompts that ↑ and Ctrl-R bring back, oldest first. */
  prompts: readonly string[];
  complete(before: string): Promise<Completion>;
  /** Lets an editor change the text (Ctrl-X Ctrl-E). */
  edit(text: string): Promise<string>;
  /** What was typed ahead only fills the line; it is not sent, because what it followed has failed. */
  hold: boolean;
};

/** Where a conversation's keys come from. */
export type Input = {
  /** True where a text can stand in the line before anything is typed. */
  readonly prefills: boolean;
  ask(question: Question): Promise<Asked>;
  /** Until the function that it gives back is called, Ctrl-C and Esc call `stop`; everything else is typed ahead. */
  whileAnswering(stop: () => void): () => void;
  /** Lends the terminal, as the shell gave it, to another program or prompt. */
  lend<T>(work: (stream: NodeJS.ReadStream) => Promise<T>): Promise<T>;
  /** Gives the terminal back for good. */
  close(): void;
};
