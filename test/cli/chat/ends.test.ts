/** However a conversation ends, and in whatever terminal: the terminal is as it was, and no process is left. */
import { describe, expect, test } from "bun:test";
import { openaiError } from "../../fakes/openai.ts";
import { keys, type Session } from "../../terminal/session.ts";
import { calls, halting, says, Talk } from "./talk.ts";

const answered = / · \d+\.\d s\n›$/;
/** What the shell finds behind the program. */
const modes = `echo "status $?"; stty -a | grep -ow -e '-\\?icanon' -e '-\\?echo' -e '-\\?isig' | tr '\\n' ' '`;
const asFound = /isig icanon echo|icanon isig echo|isig echo icanon/;

describe.concurrent("the terminal's modes", () => {
  const ways: [string, number, (session: Session) => Promise<void>][] = [
    ["Ctrl-D", 0, (session) => session.on("›", keys.end)],
    ["/exit", 0, (session) => session.on("›", `/exit${keys.enter}`)],
    ["quit", 0, (session) => session.on("›", `quit${keys.enter}`)],
    [
      "Ctrl-C twice",
      130,
      async (session) => {
        await session.on("›", keys.interrupt);
        await session.on("(Ctrl-C again or Ctrl-D to exit)", keys.interrupt);
      },
    ],
  ];
  for (const [name, status, act] of ways) {
    test(`${name}: ${status}`, async () => {
      const talk = new Talk(() => halting("half"));
      const session = talk.shell(`"$@" chat; ${modes}`);
      await act(session);
      await session.shows(`status ${status}`);
      await session.shows(asFound);
      expect(session.screen.text()).not.toContain("-icanon");
      await session.ended();
      // Bracketed paste is off again.
      expect(session.raw.lastIndexOf("\x1b[?2004l")).toBeGreaterThan(session.raw.lastIndexOf("\x1b[?2004h"));
    });
  }

  for (const [where, prompt] of [
    ["at the prompt", ""],
    ["in an answer", `hi${keys.enter}`],
  ] as const) {
    test(`SIGTERM ${where}: 143`, async () => {
      const talk = new Talk(() => halting("half"));
      const session = talk.shell(`"$@" chat & echo "pid $!"; fg >/dev/null; ${modes}`, {}, "-m");
      await session.on("›", prompt);
      if (prompt !== "") await session.shows("half");
      process.kill(Number(/pid (\d+)/.exec(session.screen.text())?.[1]), "SIGTERM");
      await session.shows("status 143");
      await session.shows(asFound);
      expect(session.screen.text()).not.toContain("-icanon");
      await session.ended();
    });
  }

  test("a window that is closed in the middle of an answer ends it, and the upstream is let go", async () => {
    const talk = new Talk(() => halting("half"));
    const session = talk.open();
    await session.on("›", `hi${keys.enter}`);
    await session.shows("half");
    session.hangUp();
    await talk.wire.seen[0]?.closed;
    // 129 is SIGHUP; a terminal that merely went away is the end of input.
    expect([0, 129]).toContain(await session.ended());
  });
});

describe.concurrent("terminals that can do less", () => {
  test("TERM=dumb: lines as the terminal edits them, and no escape sequence at all", async () => {
    const talk = new Talk(
      () => says("**loud** \x1b[31mred"),
      () => calls("", "look", "{}"),
    );
    const session = talk.open([], { TERM: "dumb" });
    await session.on("›", "one\\\n");
    await session.on(/\n\.$/, "two\n");
    await session.on(/\*\*loud\*\* \[31mred\n.* s\n›$/, "/model\n");
    await session.on("Model: gpt-4o-mini", "use it\n");
    await session.on("Result of look ›", "seen\n");
    await session.shows(/^ok$/m);
    session.send(keys.end);
    expect(await session.ended()).toBe(0);
    expect(session.raw).not.toContain("\x1b");
    expect(talk.sent(0)[0]?.content).toBe("one\ntwo");
    expect(talk.sent(2).at(-1)?.content).toBe("seen");
  });

  test("TERM=dumb: Ctrl-C stops the answer, twice at the prompt ends it; a failure says how to ask again", async () => {
    const talk = new Talk(
      () => openaiError(400, { message: "No such thing." }),
      () => halting("half"),
    );
    const session = talk.open([], { TERM: "dumb" });
    await session.on("›", "hi\n");
    await session.on(/No such thing\.\nThe prompt is kept: \/retry asks it again\.\n›$/, "/retry\n");
    await session.on("half", keys.interrupt);
    expect(talk.sent(1)).toEqual(talk.sent(0));
    await session.on(/\[interrupted\]\n›$/, keys.interrupt);
    await session.on("(Ctrl-C again or Ctrl-D to exit)", keys.interrupt);
    expect(await session.ended()).toBe(130);
  });

  test("20 columns: a prompt of several rows, rendered; 10 columns: as it is", async () => {
    for (const columns of [20, 10]) {
      const talk = new Talk(() => says("**loud** words of an answer that is wider than the window"));
      const session = talk.open([], {}, { columns, rows: 30 });
      await session.on("›", "a prompt that is wider than the window");
      session.send(columns < 20 ? "\n" : keys.enter);
      await session.shows(/window[\s\S]*s\n›$/);
      session.send(keys.end);
      expect(await session.ended()).toBe(0);
      expect(talk.sent(0)[0]?.content).toBe("a prompt that is wider than the window");
      expect(session.screen.text().replaceAll(/\s/g, "")).toContain("wordsofananswerthatiswiderthanthewindow");
      expect(session.screen.text().includes("**loud**")).toBe(columns < 20);
    }
  });

  for (const env of [{ NO_COLOR: "1" }, { NO_COLOR: "true" }]) {
    test(`NO_COLOR=${env.NO_COLOR}: no colour in a whole conversation`, async () => {
      const talk = new Talk(() => says("**loud**\n\n```js\nlet a;\n```\n"));
      const session = talk.open([], env);
      await session.on("›", `hi${keys.enter}`);
      await session.on(answered, `/nonsense${keys.enter}`);
      await session.on("Unknown command", keys.end);
      expect(await session.ended()).toBe(0);
      expect(session.raw).not.toMatch(/\x1b\[[\d;]*m/);
    });
  }

  test("2>file: the prompt is still seen, the reasoning and the usage line are in the file", async () => {
    const talk = new Talk();
    const session = talk.shell(`"$@" chat --demo -m demo-reasoning --show-reasoning -u 2>err; echo "--"; cat err`);
    await session.on("›", `think${keys.enter}`);
    await session.shows(/You said: think[\s\S]*›$/);
    session.send(keys.end);
    await session.shows(/--\n[\s\S]*honest answer is to repeat/);
    expect(await session.ended()).toBe(0);
    const [seen = ""] = session.screen.text().split("--");
    expect(seen).not.toContain("honest answer");
    expect(session.screen.text().split("--")[1]).toMatch(/demo-reasoning · \d+ in/);
  });

  test("reasoning is dim, and apart from the answer", async () => {
    const session = new Talk().open(["--demo", "-m", "demo-reasoning"]);
    await session.on("›", `think${keys.enter}`);
    await session.on(answered, keys.end);
    expect(await session.ended()).toBe(0);
    expect(session.raw).toMatch(/\x1b\[2mThe\x1b\[22m\x1b\[2m user/);
    expect(session.screen.text()).toMatch(/they are\.\n\nYou said: think/);
  });
});

test("stdin is a pipe and -i: the piped text is the first prompt, keys come from the terminal", async () => {
  const talk = new Talk(() => says("first answer"));
  const session = talk.shell(`echo piped | "$@" chat -i; ${modes}`);
  await session.on(answered, `second${keys.enter}`);
  await session.shows(/second\nok\n.* s\n›$/);
  session.send(keys.end);
  await session.shows("status 0");
  await session.shows(asFound);
  await session.ended();
  expect(talk.sent(1).map(({ content }) => content)).toEqual(["piped", "first answer", "second"]);
});
