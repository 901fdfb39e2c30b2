import { command } from "../command.ts";
import { chatFlags } from "./flags.ts";
import { gather } from "./gather.ts";
import { mannerOf } from "./manner.ts";
import { once } from "./once.ts";

export const chat = command({
  name: "chat",
  summary: "Talk to a model",
  examples: [
    'amazon-chat chat "Why is the sky blue?"',
    'git diff | amazon-chat chat "Write a commit message"',
    "amazon-chat chat --demo",
  ],
  flags: chatFlags,
  args: [{ name: "prompt", description: "What to say; a word - marks the place of piped text", many: true }],
  notes: `Without a prompt on a terminal it is a conversation; otherwise one answer. Piped text is the prompt, or stands in front of
the typed prompt between <stdin> tags. The answer goes to stdout, everything else to stderr.
Exit codes: 1 failed, 2 usage, 4 credentials, 5 model, 6 rate limit, 7 refused, 130 interrupted.`,
  async run(context) {
    const { terminal, flags, args, global } = context;
    if (mannerOf(flags, args, terminal, global["no-input"]) === "conversation") {
      const { first, ...setting } = await gather(context, true, new AbortController().signal);
      const { repl } = await import("./repl/index.ts");
      return repl({
        ...setting,
        first: first === undefined ? undefined : { role: "user", content: first },
        keys: terminal.stdinIsTTY ? "stdin" : "tty",
      });
    }
    const signal = context.interrupt();
    return once(await gather(context, false, signal), signal);
  },
});
