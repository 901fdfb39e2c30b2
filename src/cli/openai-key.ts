import type { Config } from "../config/load.ts";
import { ConfigError } from "../config/problem.ts";

/** The OpenAI key: the one that is set, else the output of the user's own command. Throws a ConfigError. */
export function openaiKey(config: Config): string | undefined {
  const key = config.get("OPENAI_API_KEY") ?? fromCommand(config.get("OPENAI_API_KEY_CMD"));
  if (key === undefined || /^[\x20-\x7e]+$/.test(key)) return key;
  const name = config.get("OPENAI_API_KEY") === undefined ? "The output of OPENAI_API_KEY_CMD" : "OPENAI_API_KEY";
  throw new ConfigError([
    {
      key: "OPENAI_API_KEY",
      message: `${name} holds a line break or a character that no key has.`,
      remedy: "Set it again: amazon-chat config set OPENAI_API_KEY",
    },
  ]);
}

function fromCommand(command: string | undefined): string | undefined {
  if (command === undefined) return undefined;
  const shell = process.platform === "win32" ? ["cmd", "/d", "/s", "/c", command] : ["sh", "-c", command];
  // A password manager may ask on the terminal.
  const { exitCode, stdout } = Bun.spawnSync(shell, { stdin: "inherit", stdout: "pipe", stderr: "inherit" });
  const key = stdout.toString().trim();
  if (exitCode === 0 && key !== "") return key;
  throw new ConfigError([
    {
      key: "OPENAI_API_KEY_CMD",
      message: `The command of OPENAI_API_KEY_CMD ${exitCode === 0 ? "printed nothing" : `ended with exit code ${exitCode}`}.`,
      remedy: "Run it by hand, or set OPENAI_API_KEY.",
    },
  ]);
}
