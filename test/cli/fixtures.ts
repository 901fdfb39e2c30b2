/** A program of the same rim with commands that misbehave, for test/cli/rim.test.ts. */
import { command, type Group } from "../../src/cli/command.ts";
import { run } from "../../src/cli/run.ts";
import { GatewayError } from "../../src/core/error.ts";

const common = { summary: "Misbehaves", examples: ["x"] };

const commands = [
  command({
    ...common,
    name: "big",
    flags: [{ name: "exit", type: "number", default: 0, description: "Exit code" }],
    async run({ flags, terminal }) {
      for (let line = 0; line < 20_000; line++) await terminal.out.line(`${line} ${"x".repeat(100)}`);
      return flags.exit;
    },
  }),
  command({
    ...common,
    name: "bug",
    flags: [],
    async run() {
      throw new TypeError("undefined is not a function");
    },
  }),
  command({
    ...common,
    name: "stray",
    flags: [],
    async run() {
      void Promise.reject(new Error("nobody awaited this"));
      await new Promise(() => setInterval(() => undefined, 60_000));
    },
  }),
  command({
    ...common,
    name: "upstream",
    flags: [],
    async run() {
      throw new GatewayError({
        kind: "rate_limit",
        message: "Too many\x1b[2J requests.",
        upstreamName: "ThrottlingException",
        upstreamStatus: 429,
        upstreamRequestId: "req-1",
        cause: new Error("the wire"),
      });
    },
  }),
  command({
    ...common,
    name: "wait",
    flags: [],
    async run({ terminal, interrupt }) {
      const signal = interrupt();
      await terminal.err.line("waiting");
      // The event loop must have something to wait for.
      const alive = setInterval(() => undefined, 60_000);
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
      clearInterval(alive);
    },
  }),
];

const program: Group = {
  name: "amazon-chat",
  summary: "Misbehaving",
  examples: ["x"],
  commands: Object.fromEntries(commands.map((one) => [one.name, { summary: one.summary, load: async () => one }])),
};

process.exit(await run(process.argv.slice(2), program));
