import { loadConfig } from "../config/load.ts";
import { newRecord } from "../gateway/record.ts";
import { command } from "./command.ts";
import { CliError, exits, usageError } from "./failure.ts";
import { createRuntime } from "./runtime.ts";

export const explain = command({
  name: "explain",
  summary: "Show what a request would become, without sending it",
  examples: [
    "amazon-chat explain request.json",
    `echo '{"model":"us.amazon.nova-lite-v1:0","messages":[{"role":"user","content":"Hi"}]}' | amazon-chat explain`,
  ],
  flags: [
    {
      name: "target-format",
      type: "string",
      value: "FORMAT",
      choices: ["openai", "bedrock_claude", "bedrock_titan"],
      description: "Format of the answer",
    },
    { name: "beta", type: "repeat", value: "NAME", description: "An anthropic-beta header of the request" },
    { name: "demo", type: "boolean", description: "Know the simulated models" },
  ],
  args: [{ name: "file", description: "File with the request's body; standard input when absent or -" }],
  notes:
    "Prints the detected format and its evidence, the plan, the exact upstream request without secrets, and the losses. Serving runs the same code.",
  async run({ flags, args, global, terminal }) {
    const config = loadConfig({
      flags: {
        ...(global.profile !== undefined && { AWS_PROFILE: global.profile }),
        ...(global.region !== undefined && { AWS_REGION: global.region }),
      },
      envFiles: global["env-file"],
      configFile: global.config,
    });
    const bytes = await bodyOf(args[0], terminal.stdinIsTTY);
    const runtime = createRuntime(config, { demo: flags.demo, say: (line) => void terminal.err.line(line) });
    const headers = new Headers({ "x-amazon-chat-explain": "true" });
    if (flags.beta.length > 0) headers.set("anthropic-beta", flags.beta.join(","));
    const answer = await runtime.gateway.chat({
      bytes,
      target: flags["target-format"] ?? null,
      headers,
      signal: new AbortController().signal,
      record: newRecord("explain"),
    });
    if (!("body" in answer)) throw new CliError({ exit: exits.failed, message: "The explanation came as a stream." });
    const text = typeof answer.body === "string" ? answer.body : new TextDecoder().decode(answer.body);
    if (answer.status !== 200) {
      await terminal.out.line(text);
      return exits.usage;
    }
    await terminal.out.line(text);
  },
});

async function bodyOf(path: string | undefined, stdinIsTTY: boolean): Promise<Uint8Array<ArrayBuffer>> {
  if (path === undefined || path === "-") {
    if (stdinIsTTY)
      throw usageError("No request to explain.", "Name a file, or pipe it: amazon-chat explain < request.json");
    return Bun.stdin.bytes();
  }
  try {
    return await Bun.file(path).bytes();
  } catch (cause) {
    throw new CliError({
      exit: exits.usage,
      message: `Cannot read ${path}.`,
      hint: ["Check the path; the file holds the JSON body of one request."],
      cause,
    });
  }
}
