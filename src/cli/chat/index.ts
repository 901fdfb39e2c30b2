import { command } from "../command.ts";
import { chatFlags } from "./flags.ts";
import { gather } from "./gather.ts";
import { mannerOf } from "./manner.ts";
import { once } from "./once.ts";
import { noPrompt } from "./prompt.ts";

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
    if (mannerOf(context.flags, context.args, context.terminal, context.global["no-input"]) === "conversation") {
      throw noPrompt();
    }
    const signal = context.interrupt();
    return once(await gather(context, false, signal), signal);
  },
});
