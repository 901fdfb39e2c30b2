/** From exec to the first good answer, and `--version`. */
import { createServer } from "node:net";
import { median } from "./table.ts";

export type StartTimes = { firstAnswerMs: number; versionMs: number };

const times = 7;

export async function startTimes(command: readonly string[]): Promise<StartTimes> {
  const first: number[] = [];
  const version: number[] = [];
  for (let n = 0; n < times; n += 1) {
    first.push(await firstAnswer(command));
    const at = performance.now();
    Bun.spawnSync([...command, "--version"], { stdout: "ignore", stderr: "ignore" });
    version.push(performance.now() - at);
  }
  return { firstAnswerMs: median(first), versionMs: median(version) };
}

async function firstAnswer(command: readonly string[]): Promise<number> {
  const port = await freePort();
  const at = performance.now();
  const child = Bun.spawn([...command, "serve", "--host", "127.0.0.1", "--port", String(port)], {
    env: { PATH: process.env["PATH"] ?? "", OPENAI_API_KEY: "sk-upstream", AWS_EC2_METADATA_DISABLED: "true" },
    stdio: ["ignore", "ignore", "ignore"],
  });
  try {
    for (const deadline = at + 10_000; performance.now() < deadline;) {
      const ok = await fetch(`http://127.0.0.1:${port}/health`).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return performance.now() - at;
      await Bun.sleep(1);
    }
    throw new Error("no answer within 10 s");
  } finally {
    child.kill("SIGTERM");
    await child.exited;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
