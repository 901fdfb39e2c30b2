import { command } from "./command.ts";
import { CliError, exits } from "./failure.ts";

export const serve = command({
  name: "serve",
  summary: "Start the gateway",
  examples: ["amazon-chat serve --demo", "amazon-chat serve --port 8001"],
  flags: [
    { name: "host", type: "string", value: "ADDRESS", shown: "127.0.0.1", description: "Address to listen on" },
    { name: "port", short: "p", type: "number", value: "N", shown: "8000", description: "Port to listen on" },
    { name: "demo", type: "boolean", description: "Offer the simulated models; needs no key" },
  ],
  async run() {
    throw new CliError({ exit: exits.failed, message: "This version has no gateway yet." });
  },
});
