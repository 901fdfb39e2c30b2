/** Each row of the table in cli.md 3.2: what standard input and the words make of a run of `chat`. */
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTerminal } from "../spawn.ts";
import { Screen } from "../../terminal/screen.ts";
import { Session } from "../../terminal/session.ts";
import { chat, clean, home, program } from "./program.ts";

const shell = (line: string): Promise<string> => inTerminal(line, { program, env: clean });

describe.concurrent("where stdin is a terminal", () => {
  test("words, and stdout a terminal: one answer, rendered", async () => {
    const shown = await shell(`"$@" chat --demo "**loud** words"`);
    // A row may show the open block as it came before it is painted over.
    const screen = new Screen(80, 24);
    screen.write(shown);
    expect(screen.text()).toMatch(/^loud words\ndemo-echo · /);
  });

  test("--raw shows what came", async () => {
    expect(await shell(`"$@" chat --demo --raw "**loud** words"`)).toContain("**loud** words");
  });

  test("words, and stdout a pipe: the answer as it is", async () => {
    const shown = await shell(`"$@" chat --demo "**loud** words" 2>/dev/null | cat -v`);
    expect(shown.trimEnd()).toBe("**loud** words");
  });

  test("no words, and stdout a pipe: exit 2, because nobody would see a conversation", async () => {
    const shown = await shell(`"$@" chat --demo | cat; echo "exit $PIPESTATUS"`);
    expect(shown).toContain("No prompt. Pass one, or pipe it: echo hi | amazon-chat chat");
    expect(shown).toContain("exit 2");
  });

  test("no words with --no-input: exit 2", async () => {
    expect(await shell(`"$@" chat --demo --no-input; echo "exit $?"`)).toContain("exit 2");
  });
});

describe.concurrent("where stdin is none", () => {
  test("no words: all of stdin is the prompt", async () => {
    const { out, err, exit } = await chat(["--demo"], { stdin: "first\n\nlast\n\n" });
    expect({ out, err, exit }).toEqual({ out: "first\n\nlast\n", err: "", exit: 0 });
  });

  test("no words and nothing piped: exit 2", async () => {
    for (const stdin of ["", " \n\n"]) {
      const { out, err, exit } = await chat(["--demo"], { stdin });
      expect(exit).toBe(2);
      expect(out).toBe("");
      expect(err).toContain("No prompt. Pass one, or pipe it: echo hi | amazon-chat chat");
    }
  });

  test("words and stdin: the piped text first, between tags, then the words", async () => {
    const { out, exit } = await chat(["--demo", "sum", "this", "up"], { stdin: "a\nb\n" });
    expect(out).toBe("<stdin>\na\nb\n</stdin>\n\nsum this up\n");
    expect(exit).toBe(0);
  });

  test("--stdin-as prompt joins them plainly, - marks the place", async () => {
    expect((await chat(["--demo", "--stdin-as", "prompt", "words"], { stdin: "piped\n" })).out).toBe(
      "piped\n\nwords\n",
    );
    expect((await chat(["--demo", "before", "-", "behind"], { stdin: "piped\n" })).out).toBe(
      "before\n\npiped\n\nbehind\n",
    );
  });

  test("--no-stdin and AMAZON_CHAT_NO_STDIN leave it alone", async () => {
    expect((await chat(["--demo", "--no-stdin", "words"], { stdin: "piped" })).out).toBe("words\n");
    const env = { AMAZON_CHAT_NO_STDIN: "1" };
    expect((await chat(["--demo", "words"], { stdin: "piped", env })).out).toBe("words\n");
  });

  test("stdin that is not UTF-8: what cannot be read is told, the rest is sent", async () => {
    const shown = await shell(`printf 'caf\\xe9 au lait, s\\303\\251 ?' | "$@" chat --demo 2>&1 | cat`);
    expect(shown).toContain("Standard input is not all UTF-8: what could not be read became U+FFFD.");
    expect(shown).toContain("caf\ufffd au lait, sé ?");
  });

  test("/dev/null, a closed stdin and a file", async () => {
    const file = join(home, "prompt.txt");
    writeFileSync(file, "from a file");
    expect(await shell(`"$@" chat --demo words </dev/null 2>/dev/null | cat`)).toBe("words\r\n");
    expect(await shell(`"$@" chat --demo words <&- 2>/dev/null | cat`)).toBe("words\r\n");
    expect(await shell(`"$@" chat --demo < ${file} 2>/dev/null | cat`)).toBe("from a file\r\n");
    expect(await shell(`"$@" chat --demo </dev/null; echo "exit $?"`)).toContain("exit 2");
  });
});

test("a stdin that never ends: a hint after three seconds, and Ctrl-C ends it with 130", async () => {
  const session = new Session(["bash", "-c", `sleep 60 | "$@" chat --demo words`, "bash", ...program], { env: clean });
  await session.on("Waiting for input on stdin… (use --no-stdin or </dev/null to skip)", "\x03");
  expect(await session.ended()).toBe(130);
});
