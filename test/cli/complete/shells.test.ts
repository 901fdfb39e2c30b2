/** The scripts in the shells themselves: a person presses Tab. */
import { expect, test } from "bun:test";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "../../binary/program.ts";
import { testNeeding } from "../../needs.ts";
import { keys, Session } from "../../terminal/session.ts";

const folder = mkdtempSync(join(tmpdir(), "amazon-chat-shells-"));
symlinkSync(await binary(), join(folder, "amazon-chat"));
writeFileSync(join(folder, "holiday picture.png"), "");

function open(shell: string, ...args: string[]): Session {
  return new Session([shell, ...args], {
    cwd: folder,
    columns: 120,
    env: { HOME: folder, PATH: `${folder}:${process.env["PATH"] ?? ""}`, PS1: "$ ", PROMPT: "$ " },
  });
}

const missing = (shell: string): string | undefined =>
  Bun.which(shell) === null ? `${shell} is not installed` : undefined;

/** Types, presses Tab, and waits until the line is what it should be. */
async function completes(session: Session, typed: string, line: string | RegExp): Promise<void> {
  session.send(`${typed}${keys.tab}`);
  await session.shows(line);
  // Away with it.
  session.send("\x15");
}

async function leave(session: Session): Promise<void> {
  session.send(`exit${keys.enter}`);
  await session.ended();
}

test("bash: commands, options, ids with a colon, values behind =, files with a blank", async () => {
  const session = open("bash", "--norc", "-i");
  await session.on("$", `source <(amazon-chat complete bash)${keys.enter}`);
  await session.on(/bash\)\n\$$/);
  await completes(session, "amazon-chat conf", /\$ amazon-chat config$/);
  await completes(session, "amazon-chat chat --demo -m demo-l", /-m demo-lorem$/);
  await completes(session, "amazon-chat chat --demo --model=demo-l", /--model=demo-lorem$/);
  await completes(session, "amazon-chat models --provider=b", /--provider=bedrock$/);
  await completes(session, "amazon-chat chat -a ho", /-a holiday\\ picture\.png$/);
  await completes(session, "amazon-chat chat --file=ho", /--file=holiday\\ picture\.png$/);
  await completes(session, "amazon-chat chat 'a word' --max", /'a word' --max-tokens$/);
  await leave(session);
});

test("bash: a model id with a colon in the middle", async () => {
  const cache = join(folder, "ids");
  // What the program would say; the colon is bash's business.
  writeFileSync(cache, '#!/bin/sh\nprintf "us.amazon.nova-pro-v1:0\\tbedrock\\n"\n', { mode: 0o700 });
  const session = open("bash", "--norc", "-i");
  await session.on("$", `source <(amazon-chat complete bash); complete -F _amazon_chat ids${keys.enter}`);
  await session.on(/ ids\n\$$/);
  await completes(session, "ids chat -m us.amazon.nova-pro-v1", /-m us\.amazon\.nova-pro-v1:0$/);
  await completes(session, "ids chat -m us.amazon.nova-pro-v1:", /-m us\.amazon\.nova-pro-v1:0$/);
  await leave(session);
});

testNeeding(missing("zsh"), "zsh: commands, options, ids, files", async () => {
  const session = open("zsh", "-f", "-i");
  await session.on("$", `autoload -U compinit && compinit -u -D && source <(amazon-chat complete zsh)${keys.enter}`);
  await session.on(/zsh\)\n\$$/);
  await completes(session, "amazon-chat conf", /\$ amazon-chat config$/);
  await completes(session, "amazon-chat chat --demo -m demo-l", /-m demo-lorem$/);
  await completes(session, "amazon-chat models --provider=b", /--provider=bedrock$/);
  await completes(session, "amazon-chat chat -a ho", /-a holiday\\ picture\.png$/);
  await leave(session);
});

testNeeding(missing("fish"), "fish: commands, options, ids, files", async () => {
  // fish tells what it would offer by itself.
  const offers = (line: string): string => {
    const script = `amazon-chat complete fish | source; complete -C "${line}"`;
    const { stdout } = Bun.spawnSync(["fish", "--no-config", "-c", script], {
      cwd: folder,
      env: { HOME: folder, PATH: `${folder}:${process.env["PATH"] ?? ""}` },
    });
    return stdout.toString();
  };
  expect(offers("amazon-chat conf")).toBe("config\tSet, show and check the configuration\n");
  expect(offers("amazon-chat chat --demo -m demo-l")).toBe("demo-lorem\tWrites paragraphs in Markdown.\n");
  expect(offers("amazon-chat models --provider=b")).toBe("--provider=bedrock\n");
  expect(offers("amazon-chat chat -a ho")).toContain("holiday picture.png");
});
