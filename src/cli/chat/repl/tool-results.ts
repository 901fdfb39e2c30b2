import type { JsonObject } from "../../../core/json.ts";
import { plain } from "../../terminal.ts";
import type { ToolCall } from "../answer.ts";
import { notGiven } from "../unanswered-calls.ts";
import type { Repl } from "./state.ts";

/**
 * Shows each tool call and asks the person for its result, as the predecessor did (original.md, case 54). `given` is
 * false when the person did not want to; then the calls are answered so and the prompt comes back.
 */
export async function toolResults(
  repl: Repl,
  calls: readonly ToolCall[],
): Promise<{ messages: JsonObject[]; given: boolean }> {
  const messages: JsonObject[] = [];
  let given = true;
  for (const { id, name, input } of calls) {
    let content = notGiven;
    if (given) {
      await repl.say(`Tool Call: ${name}\nArguments: ${input}`);
      const asked = await repl.input.ask({
        prompt: `Result of ${plain(name).replaceAll(/\s/g, " ").slice(0, 40)} › `,
        text: "",
        prompts: [],
        complete: async () => ({ from: 0, candidates: [] }),
        edit: async (text) => text,
        hold: false,
      });
      given = asked.kind === "text";
      if (asked.kind === "text") content = asked.text;
      else await repl.say("The model is told that there is no result.");
    }
    messages.push({ role: "tool", tool_call_id: id, content });
  }
  return { messages, given };
}
