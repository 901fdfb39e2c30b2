/** The gateway as a process of its own, reached over HTTP and known by nothing but its URL. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Gateway = {
  url: string;
  pid: number;
  log: () => string;
  /** The exit code, when it has ended. */
  exited: Promise<number>;
  /** Sends a signal and gives the exit code. */
  end(signal: NodeJS.Signals): Promise<number>;
  stop(): Promise<void>;
};

export const awsKeys = { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" } as const;

const root = resolve(import.meta.dir, "../..");

/** `GATEWAY_COMMAND` runs another build, the compiled binary for instance; its arguments are parted by spaces. */
export function gatewayCommand(): string[] {
  const given = process.env["GATEWAY_COMMAND"];
  return given ? given.split(" ") : [process.execPath, join(root, "src/main.ts")];
}

/** Starts `serve` on a free port with both providers at `upstreamUrl`. Throws with its output when it does not come up. */
export async function startGateway(
  upstreamUrl: string,
  more: { env?: Record<string, string>; args?: string[]; command?: string[] } = {},
): Promise<Gateway> {
  const home = mkdtempSync(join(tmpdir(), "amazon-chat-"));
  const child = Bun.spawn(
    [...(more.command ?? gatewayCommand()), "serve", "--host", "127.0.0.1", "--port", "0", ...(more.args ?? [])],
    {
      cwd: home,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: home,
        OPENAI_BASE_URL: `${upstreamUrl}/v1`,
        OPENAI_API_KEY: "sk-upstream",
        AWS_ACCESS_KEY_ID: awsKeys.id,
        AWS_SECRET_ACCESS_KEY: awsKeys.secret,
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME: upstreamUrl,
        AWS_ENDPOINT_URL_BEDROCK: upstreamUrl,
        AWS_EC2_METADATA_DISABLED: "true",
        ...more.env,
      },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  let log = "";
  const { promise: listening, resolve: found, reject } = Promise.withResolvers<string>();
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) {
      log = (log + decoder.decode(chunk, { stream: true })).slice(-20_000);
      const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(log)?.[0];
      if (url) found(url);
    }
    reject(new Error(`the gateway did not come up:\n${log}`));
  };
  void read();
  const end = (signal: NodeJS.Signals): Promise<number> => {
    child.kill(signal);
    return child.exited;
  };
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await child.exited;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    return { url: await listening, pid: child.pid, log: () => log, exited: child.exited, end, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
