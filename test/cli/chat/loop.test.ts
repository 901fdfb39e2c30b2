/** A shell loop over many prompts: no process is left, and each call costs what it cost at the start. */
import { expect, test } from "bun:test";
import { mkdtempSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { clean, home, program } from "./program.ts";

/** AMAZON_CHAT_LOOP=500 runs as many; every test run a part of it. */
const times = Number(process.env["AMAZON_CHAT_LOOP"] ?? "50");

const folder = mkdtempSync(join(home, "loop-"));
/** The program under a name that no other test runs it by. */
const own = join(folder, "amazon-chat");
symlinkSync(program[0] ?? "", own);
const env = { PATH: process.env["PATH"] ?? "", ...clean, XDG_STATE_HOME: join(folder, "state") };

/** Processes of it that live. */
function living(): string[] {
  const { stdout } = Bun.spawnSync(["ps", "-e", "-o", "pid=,stat=,args="]);
  const lines = stdout.toString().split("\n");
  return lines.filter((line) => line.includes(own) && !/^\s*\d+\s+Z/.test(line));
}

/** ms of each call; the line uses $i. */
async function loop(line: string): Promise<number[]> {
  const script = `echo "$EPOCHREALTIME"; for ((i = 0; i < ${times}; i++)); do ${line} || exit 1; echo "$EPOCHREALTIME"; done`;
  const child = Bun.spawn(["bash", "-c", script, "bash", own], { cwd: folder, env, stdin: "ignore", stdout: "pipe" });
  const moments = (await new Response(child.stdout).text()).trimEnd().split("\n").map(Number);
  expect(await child.exited).toBe(0);
  expect(moments.length).toBe(times + 1);
  return moments.slice(1).map((moment, at) => (moment - (moments[at] ?? 0)) * 1000);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

test(
  `${times} prompts piped through a shell loop: no process left over, the last calls take no longer than the first`,
  async () => {
    const stalled = Bun.spawn([own, "chat", "--demo", "-m", "demo-stall", "hi"], {
      env,
      stdin: "ignore",
      stdout: "pipe",
    });
    // A process that stays is seen.
    await stalled.stdout.getReader().read();
    expect(living().length).toBe(1);
    stalled.kill();
    await stalled.exited;

    const took = await loop(`[ "$(echo "prompt $i" | "$1" chat --demo -o demo='{"pace_ms":0}')" = "prompt $i" ]`);
    const version = await loop(`"$1" --version >/dev/null`);
    expect(living()).toEqual([]);
    // Sessions pile up on disk; a call must not feel them.
    const part = Math.max(5, times >> 2);
    expect(median(took.slice(-part))).toBeLessThan(3 * median(took.slice(0, part)) + 50);
    const said = `${median(took).toFixed(1)} ms a call, --version ${median(version).toFixed(1)} ms (medians)`;
    process.stderr.write(`${times} prompts: ${said}\n`);
  },
  60_000 + times * 1_000,
);
