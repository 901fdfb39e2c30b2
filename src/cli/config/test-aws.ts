import { loadConfig } from "../../config/load.ts";
import { bedrockSettings } from "../provider-settings.ts";
import { command } from "../command.ts";
import { usageError } from "../failure.ts";
import { configuredRegion } from "../../providers/bedrock/region.ts";
import { filled } from "../../providers/bedrock/auth-plan.ts";
import { checkAws } from "./aws-check/check.ts";
import { head, stepLines, summary } from "./aws-check/report.ts";
import { loadOptions } from "./load-options.ts";

export const testAws = command({
  name: "test-aws",
  summary: "Check AWS Bedrock access step by step",
  examples: [
    "amazon-chat config test-aws",
    "amazon-chat config test-aws --profile dev --region eu-west-1",
    "amazon-chat config test-aws --model us.amazon.nova-micro-v1:0 --json",
  ],
  flags: [
    {
      name: "model",
      short: "m",
      type: "repeat",
      value: "ID",
      description: "Model to try; the default model, or a small one, when absent",
    },
    { name: "no-invoke", type: "boolean", description: "Do not call a model; nothing is paid then" },
    { name: "timeout", type: "number", value: "SECONDS", default: 20, description: "Time for each step" },
    { name: "json", type: "boolean", description: "Print one JSON object" },
  ],
  notes:
    "Exit code 0 when everything needed works, 4 for credentials, 5 for the model, 6 when throttled, 1 for the network.",
  async run({ flags, global, terminal, interrupt }) {
    if (!(flags.timeout > 0 && flags.timeout <= 3600))
      throw usageError("--timeout must be a number of seconds from 0 to 3600.");
    const config = loadConfig(loadOptions(global));
    for (const note of config.notes) await terminal.err.line(`${terminal.err.paint.yellow("!")} ${note}`);
    const settings = bedrockSettings(config);
    const { out } = terminal;
    if (!flags.json) {
      const profile = filled(settings.auth).profile ?? null;
      await out.line(`${out.paint.bold(head({ profile, region: configuredRegion(settings) ?? null }))}\n`);
    }
    const result = await checkAws(config, {
      models: flags.model,
      invoke: !flags["no-invoke"],
      timeout: flags.timeout * 1000,
      signal: interrupt(),
      onStep: async (step) => {
        if (!flags.json) for (const line of stepLines(step, out)) await out.line(line);
      },
    });
    const { ok, profile, region, steps } = result;
    await out.line(flags.json ? JSON.stringify({ ok, profile, region, steps }, undefined, 2) : `\n${summary(result)}`);
    return result.exit;
  },
});
