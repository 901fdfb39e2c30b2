/** The keys of cli.md 3.9, one by one. */
import { describe, expect, test } from "bun:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keys } from "../../terminal/session.ts";
import { halting, Talk } from "./talk.ts";

const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;
const fiveLines = "first\nsecond\n\nfourth \x1b[31mred\nfifth";

describe.concurrent("writing a prompt", () => {
  test("a paste of five lines with an empty one is one prompt, sent at Enter", async () => {
    const talk = new Talk();
    const session = talk.open(["--raw"]);
    await session.on("›", paste(fiveLines.replaceAll("\n", "\r")));
    await session.on("fifth", " and more", keys.enter);
    await session.on(/gpt-4o-mini · .*\n›/, keys.end);
    expect(await session.ended()).toBe(0);
    expect(talk.wire.seen.length).toBe(1);
    // Whatever was pasted, the terminal is not painted by it.
    expect(talk.sent(0)).toEqual([{ role: "user", content: "first\nsecond\n\nfourth [31mred\nfifth and more" }]);
    expect(session.raw).not.toContain("\x1b[31m");
  });

  test("new lines by Alt-Enter, Ctrl-J, Shift-Enter and a backslash", async () => {
    const talk = new Talk();
    const session = talk.open();
    await session.on("›", `a${keys.altEnter}b\nc\x1b[13;2ud\\${keys.enter}e${keys.enter}`);
    await session.on(/gpt-4o-mini · .*\n›/, keys.end);
    expect(await session.ended()).toBe(0);
    expect(talk.sent(0)).toEqual([{ role: "user", content: "a\nb\nc\nd\ne" }]);
  });

  test("moving and cutting: letters of two cells, words, a line of several rows", async () => {
    const talk = new Talk();
    const session = talk.open([], {}, { columns: 30 });
    // 日本 is typed, one letter taken back; then a word in front, and the last word cut and put back twice.
    await session.on("›", "日本", keys.backspace, " end of it");
    await session.on("日 end of it", "\x01start ", "\x05", "\x17", "\x19\x19");
    await session.on("start 日 end of itit", ` ${"x".repeat(60)}`, keys.left, keys.left, "y", keys.enter);
    await session.on(/gpt-4o-mini/, keys.end);
    await session.shows(/s\n›$/);
    session.send(keys.end);
    expect(await session.ended()).toBe(0);
    expect(talk.sent(0)).toEqual([{ role: "user", content: `start 日 end of itit ${"x".repeat(58)}yxx` }]);
  });

  test("Ctrl-C and Esc clear the line, Ctrl-Y brings it back, Ctrl-D deletes before it leaves", async () => {
    const talk = new Talk();
    const session = talk.open();
    await session.on("›", "gone");
    await session.on("› gone", keys.interrupt);
    await session.on(/›$/, "\x19");
    await session.on("› gone", keys.escape);
    // Esc is known by what does not follow it.
    await session.on(/›$/, "ab", keys.left, keys.end);
    await session.on(/› a$/, keys.backspace, keys.end);
    expect(await session.ended()).toBe(0);
    expect(talk.wire.seen).toEqual([]);
  });

  test("a window that gets narrower in the middle of a prompt", async () => {
    const talk = new Talk();
    const session = talk.open([], {}, { columns: 80 });
    await session.on("›", "x".repeat(70));
    await session.shows("x".repeat(70));
    session.resize(40, 30);
    session.send("y");
    await session.on(/y/, keys.enter);
    await session.on(/gpt-4o-mini · .*\n›/, keys.end);
    expect(await session.ended()).toBe(0);
    expect(talk.sent(0)[0]?.content).toBe(`${"x".repeat(70)}y`);
  });
});

describe.concurrent("what was typed before", () => {
  test("↑ ↓ and Ctrl-R, in this run and the next; private lines stay out of the file", async () => {
    const talk = new Talk();
    const first = talk.open();
    const secret = "my key is sk-proj-canary0123456789";
    const prompts = ["one apple", "two\npears", " private", secret];
    for (const prompt of prompts) {
      await first.on(/›$/, paste(prompt));
      await first.on(prompt.split("\n").at(-1)!.trim(), keys.enter);
      await first.shows(/ s\n›$/);
    }
    // What is not kept is there as long as the program runs.
    first.send(keys.up);
    await first.on(secret, keys.interrupt);
    await first.on(/›$/, keys.end);
    expect(await first.ended()).toBe(0);

    const file = join(talk.folder, "amazon-chat", "prompt_history");
    expect(readFileSync(file, "utf8")).toBe('"one apple"\n"two\\npears"\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const second = talk.open();
    await second.on("›", keys.up);
    await second.on(/› two\n {2}pears$/, keys.up, keys.up);
    await second.on("› one apple", keys.down);
    await second.on(/› two\n {2}pears$/, keys.down);
    await second.on(/›$/, `${keys.search}app`);
    await second.on("(search: app) one apple", keys.enter);
    await second.on(/gpt-4o-mini · .*\n›/, keys.end);
    expect(await second.ended()).toBe(0);
    expect(talk.sent(4)).toEqual([{ role: "user", content: "one apple" }]);
  });

  test("a damaged history, and --no-save leaves it alone", async () => {
    const talk = new Talk();
    const first = talk.open();
    await first.on("›", `kept${keys.enter}`);
    await first.on(/ s\n›$/, keys.end);
    await first.ended();
    const file = join(talk.folder, "amazon-chat", "prompt_history");
    const damaged = `{nonsense\n${readFileSync(file, "utf8")}\0\0\n`;
    writeFileSync(file, damaged);
    const second = talk.open(["--no-save"]);
    await second.on("›", `not kept${keys.enter}`);
    await second.on(/ s\n›$/, keys.end);
    await second.ended();
    expect(readFileSync(file, "utf8")).toBe(damaged);
    const third = talk.open();
    await third.on("›", keys.up);
    await third.on("› kept", keys.interrupt, keys.end);
    expect(await third.ended()).toBe(0);
  });
});

describe.concurrent("Tab", () => {
  test("commands, models, files", async () => {
    const talk = new Talk();
    writeFileSync(join(talk.folder, "notes one.txt"), "");
    writeFileSync(join(talk.folder, "picture.txt"), "the text of it");
    const session = talk.open(["--demo"]);
    await session.on("›", "/he\t");
    await session.on("› /help", keys.interrupt);
    await session.on(/›$/, "/s\t");
    await session.on(/› \/s\n.*\/save +\/sessions +\/set +\/settings +\/system/, keys.interrupt);
    await session.on(/›$/, "/model lor\t");
    await session.on("› /model demo-lorem", keys.interrupt);
    await session.on(/›$/, `/file pi\t${keys.enter}`);
    await session.on("picture.txt goes with the next prompt.", `look at @pic\t${keys.enter}`);
    await session.on(/look at @picture.txt/);
    await session.on(/ s\n›$/, keys.end);
    expect(await session.ended()).toBe(0);
    expect(session.screen.text()).toContain("the text of it");
    // A list that cannot be had leaves the line alone.
    expect(session.raw).not.toContain("could not be had");
  });
});

describe.concurrent("while an answer comes", () => {
  test("what is typed is kept for the next prompt, a whole line is sent behind it", async () => {
    const gate = Promise.withResolvers<void>();
    const talk = new Talk(() => halting("half of ", gate.promise, "it"));
    const session = talk.open();
    await session.on("›", `first${keys.enter}`);
    await session.on("half of", `second${keys.enter}thi`, paste("r\nd"));
    gate.resolve();
    await session.on(/› thir\n {2}d$/, keys.interrupt);
    await session.on(/›$/, keys.end);
    expect(await session.ended()).toBe(0);
    expect(talk.wire.seen.length).toBe(2);
    expect(talk.sent(1).map(({ content }) => content)).toEqual(["first", "half of it", "second"]);
  });

  for (const [name, key] of [
    ["Ctrl-C", keys.interrupt],
    ["Esc", keys.escape],
  ] as const) {
    test(`${name} stops it and keeps its text; what was typed ahead is not sent by itself`, async () => {
      const talk = new Talk(() => halting("half an answer"));
      const session = talk.open(["--raw"]);
      await session.on("›", `first${keys.enter}`);
      await session.on("half an answer", `typed${keys.enter}`, key);
      await session.on(/\[interrupted\]\s+› typed/, keys.backspace, " again", keys.enter);
      await session.on(/ s\n›$/, keys.end);
      expect(await session.ended()).toBe(0);
      expect(talk.sent(1).map(({ content }) => content)).toEqual(["first", "half an answer", "typed again"]);
    });
  }
});
