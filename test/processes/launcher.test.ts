/** A server that npm started: npm takes SIGTERM for itself, and the shell between them tells nobody. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../readme/blocks.ts";
import { until } from "./worker.ts";
import { askSlowly } from "./ask-slowly.ts";

const onLinux = process.platform === "linux";
const home = mkdtempSync(join(tmpdir(), "amazon-chat-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
// A process is known by the name of its file: this shell is an npm.
const npm = join(home, "npm");
if (onLinux) symlinkSync("/bin/sh", npm);

const serve = `"${process.execPath}" --no-env-file "${join(root, "src/main.ts")}" serve --demo --port 0`;

type Started = { npm: Bun.Subprocess<"ignore", "ignore", "pipe">; shell: number; url: string; log: () => string };

/** npm, its shell, the server: as `npx bun run start` has them, but for `bun run`. */
async function launched(agent: string): Promise<Started> {
  const child = Bun.spawn([npm, "-c", `/bin/sh -c 'echo shell $$ >&2; ${serve}; :'; :`], {
    cwd: home,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, npm_config_user_agent: agent },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let log = "";
  const read = async (): Promise<void> => {
    for await (const chunk of child.stderr) log += new TextDecoder().decode(chunk);
  };
  void read();
  const found = (pattern: RegExp): string | undefined => pattern.exec(log)?.[1];
  await until(
    () => found(/(http:\/\/127\.0\.0\.1:[1-9]\d*)/) !== undefined,
    15_000,
    () => log,
  );
  return {
    npm: child,
    shell: Number(found(/shell (\d+)/)),
    url: found(/(http:\/\/127\.0\.0\.1:[1-9]\d*)/) ?? "",
    log: () => log,
  };
}

const lives = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** The server: the shell's only child. */
const serverOf = (shell: number): number =>
  Number(readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ")[0]);

describe.skipIf(!onLinux)("a server that npm started (skipped: not Linux)", () => {
  test.each([
    ["npm", "SIGTERM"],
    ["npm", "SIGKILL"],
    ["the shell", "SIGTERM"],
  ] as const)("ends when %s gets %s, and what runs is finished", async (who, signal) => {
    const { npm: launcher, shell, url, log } = await launched("npm/11.0.0 node/v22");
    const server = serverOf(shell);
    const answer = await askSlowly(url);
    process.kill(who === "npm" ? launcher.pid : shell, signal);
    expect(await answer.text()).toEndWith("data: [DONE]\n\n");
    await until(
      () => !lives(server),
      10_000,
      () => `it serves on:\n${log()}`,
    );
    expect(log()).toContain("The npm that started this has ended");
  });

  test("stays when another launcher ends: a shell that is left is no reason to go", async () => {
    const { npm: launcher, shell, url } = await launched("");
    const server = serverOf(shell);
    process.kill(launcher.pid, "SIGKILL");
    process.kill(shell, "SIGKILL");
    // Twice the time in which it would have looked.
    await Bun.sleep(1_200);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    process.kill(server, "SIGTERM");
    await until(
      () => !lives(server),
      5_000,
      () => "it did not end",
    );
  });
});
