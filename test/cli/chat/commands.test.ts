/** Slash commands, and what can be typed wrong at a prompt. */
import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openaiError } from "../../fakes/openai.ts";
import { keys, type Session } from "../../terminal/session.ts";
import { calls, halting, says, Talk } from "./talk.ts";

const answered = / · \d+\.\d s\n›$/;

async function leave(session: Session): Promise<void> {
  await session.on(/›$/, keys.end);
  expect(await session.ended()).toBe(0);
}

describe.concurrent("what was said", () => {
  test("/undo takes back a pair, /clear all of it, /new the settings too", async () => {
    const talk = new Talk();
    const session = talk.open(["-s", "Be brief."]);
    for (const prompt of ["one", "two"])
      await session.on(/›$/, `${prompt}${keys.enter}`).then(() => session.shows(answered));
    await session.on(/›$/, `/undo${keys.enter}`);
    await session.on("Taken back: two\n›", `/set temperature=0.5${keys.enter}`);
    await session.on("temperature = 0.5\n›", `three${keys.enter}`);
    await session.shows(answered);
    expect(talk.sent(2).map(({ content }) => content)).toEqual(["Be brief.", "one", "ok", "three"]);
    expect(talk.body(2)["temperature"]).toBe(0.5);
    session.send(`/system Be long.${keys.enter}`);
    await session.on("System prompt updated.\n›", `/clear${keys.enter}`);
    await session.on(/Forgotten\..*\n›$/, `four${keys.enter}`);
    await session.shows(answered);
    expect(talk.sent(3).map(({ content }) => content)).toEqual(["Be long.", "four"]);
    session.send(`/new${keys.enter}`);
    await session.on(/New session .*\n›$/, `five${keys.enter}`);
    await session.shows(answered);
    expect(talk.sent(4).map(({ content }) => content)).toEqual(["Be brief.", "five"]);
    expect(talk.body(4)["temperature"]).toBeUndefined();
    // Each of them is kept.
    session.send(`/sessions${keys.enter}`);
    await session.shows(/ {2}five\n.* {2}four\n.* {2}one\n›$/);
    await leave(session);
  });

  test("/retry puts a new answer in the old one's place, and keeps the old one when none comes", async () => {
    const talk = new Talk(
      () => says("old"),
      () => openaiError(400, { message: "Not now." }),
      () => says("new"),
    );
    const session = talk.open(["--raw"]);
    await session.on("›", `hi${keys.enter}`);
    await session.on(answered, `/retry${keys.enter}`);
    await session.on(/Not now\.\n›$/, `/copy${keys.enter}`);
    await session.on("Copied 3 characters", `/retry${keys.enter}`);
    await session.on(/new\n.* s\n›$/, `and${keys.enter}`);
    await session.shows(/and\nok/);
    await leave(session);
    expect(talk.sent(3).map(({ content }) => content)).toEqual(["hi", "new", "and"]);
  });

  test("an answer that breaks off is kept, and /continue goes on", async () => {
    const gate = Promise.withResolvers<void>();
    const talk = new Talk(function* () {
      for (const step of halting("half", gate.promise)) {
        yield step;
        if ("until" in step) return yield { then: "end" as const };
      }
    });
    const session = talk.open(["--raw"]);
    await session.on("›", `hi${keys.enter}`);
    await session.shows("half");
    gate.resolve();
    await session.on(/What came is kept.*\n›$/, `/continue${keys.enter}`);
    await session.shows(answered);
    await leave(session);
    expect(
      talk
        .sent(1)
        .map(({ content }) => content)
        .slice(0, 2),
    ).toEqual(["hi", "half"]);
  });
});

describe.concurrent("files", () => {
  test("/attach and /file go with the next prompt, and come back with it when it fails", async () => {
    const talk = new Talk(() => openaiError(400, { message: "Too much." }));
    writeFileSync(join(talk.folder, "note.txt"), "the note");
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=",
      "base64",
    );
    writeFileSync(join(talk.folder, "a picture.dat"), png);
    const session = talk.open();
    await session.on("›", `/attach "a picture.dat"${keys.enter}`);
    await session.on(/Attached a picture.dat \(\d+ B\).*\n\(\+1\) ›$/, `/file note.txt${keys.enter}`);
    await session.on(/\(\+2\) ›$/, `what?${keys.enter}`);
    await session.on(/Too much\.\n\(\+2\) › what\?$/, keys.enter);
    await session.shows(answered);
    await leave(session);
    const content = [
      { type: "image_url", image_url: { url: `data:image/png;base64,${png.toString("base64")}` } },
      { type: "text", text: `${join(talk.folder, "note.txt")}:\n\`\`\`txt\nthe note\n\`\`\`` },
      { type: "text", text: "what?" },
    ];
    expect(talk.sent(0)).toEqual([{ role: "user", content }]);
    expect(talk.sent(1)).toEqual([{ role: "user", content }]);
  });

  test("/copy goes to the terminal over SSH, and says so", async () => {
    const talk = new Talk(() => says("a[i]\n\n```js\nlet a;\n```\n"));
    const session = talk.open([], { SSH_TTY: "/dev/pts/9" });
    await session.on("›", `hi${keys.enter}`);
    await session.on(answered, `/copy code${keys.enter}`);
    await session.shows("Copied 7 characters with the terminal (OSC 52).");
    expect(session.raw).toContain(`\x1b]52;c;${btoa("let a;\n")}\x07`);
    await leave(session);
  });

  test("/copy uses the system's clipboard where the person sits", async () => {
    const talk = new Talk(() => says("to be copied"));
    const program = join(talk.folder, "wl-copy");
    writeFileSync(program, '#!/bin/sh\ncat > "$XDG_STATE_HOME/clipboard"\n', { mode: 0o700 });
    const session = talk.open([], { WAYLAND_DISPLAY: "wayland-0", PATH: `${talk.folder}:${process.env["PATH"]}` });
    await session.on("›", `hi${keys.enter}`);
    await session.on(answered, `/copy${keys.enter}`);
    await session.shows("Copied 12 characters with wl-copy.");
    await leave(session);
    expect(readFileSync(join(talk.folder, "clipboard"), "utf8")).toBe("to be copied");
  });
});

describe.concurrent("bad input", () => {
  const rows: [string, string | RegExp][] = [
    ["/nonsense", "Unknown command /nonsense. /help"],
    ["/modle", "Did you mean /model?"],
    ["/constructor", "Unknown command /constructor."],
    ["/set temperature=hot", "temperature must be a number from 0 to 2, not hot."],
    ["/set max_tokens=0", "max_tokens must be a whole number above 0, not 0."],
    ["/set nothing", '/set takes key=value, not "nothing".'],
    ["/set messages=[]", "messages cannot be set so."],
    ["/attach", "/attach needs a path."],
    ["/attach no/such/file", "There is no such file."],
    ["/attach /", "is a folder."],
    ["/attach /dev/zero", "is no file."],
    ["/attach http://127.0.0.1:9/x.png", "Cannot get http://127.0.0.1:9/x.png."],
    ["/file /etc", "is a folder."],
    ["/load", "/load needs a file or the id of a session."],
    ["/load nobody", 'There is no session "nobody".'],
    ["/save", "/save needs a path."],
    ["/retry", "Nothing was asked yet."],
    ["/retry twice", '/retry takes -m and a model, not "twice".'],
    ["/undo", "Nothing was asked yet."],
    ["/continue", "Nothing was asked yet."],
    ["/copy", "There is nothing to copy."],
    ["/copy everything", "/copy takes a number, code or all"],
    ["/raw maybe", '/raw takes on or off, not "maybe".'],
  ];
  test("each is told, nothing is sent, the prompt stands", async () => {
    const talk = new Talk();
    const session = talk.open();
    for (const [line, text] of rows) {
      await session.on(/›$/, `${line}${keys.enter}`);
      await session.shows(text);
      await session.shows(/›$/);
    }
    await leave(session);
    expect(talk.wire.seen).toEqual([]);
    expect(session.screen.text()).not.toContain("--help");
  });

  test("//x is sent as /x, a path is no command", async () => {
    const talk = new Talk();
    const session = talk.open();
    await session.on("›", `//help${keys.enter}`);
    await session.on(answered, `/etc/hosts is what?${keys.enter}`);
    await session.shows(/what\?\nok\n.* s\n›$/);
    await leave(session);
    expect(talk.sent(1).map(({ content }) => content)).toEqual(["/help", "ok", "/etc/hosts is what?"]);
  });
});

describe.concurrent("what may be better in a moment", () => {
  const busy = (): ReturnType<typeof openaiError> =>
    openaiError(429, { message: "Slow down.", code: "rate_limit_exceeded" }, { "retry-after": "1" });

  test("is tried again behind a countdown", async () => {
    const talk = new Talk(busy, () => says("Now."));
    const session = talk.open();
    await session.on("›", `hi${keys.enter}`);
    await session.shows(/Slow down\. Again in 1 s\. Ctrl-C stops\./);
    await session.shows("Now.");
    await session.shows(answered);
    await leave(session);
    expect(session.screen.text()).not.toContain("Again in");
    expect(talk.wire.seen.length).toBe(2);
  });

  test("Ctrl-C ends the countdown and gives the prompt back", async () => {
    const talk = new Talk(() => openaiError(429, { message: "Slow down." }, { "retry-after": "30" }));
    const session = talk.open();
    await session.on("›", `hi${keys.enter}`);
    await session.on("Again in 30 s.", keys.interrupt);
    await session.on(/\[interrupted\]\n› hi$/, keys.interrupt);
    await leave(session);
    expect(talk.wire.seen.length).toBe(1);
  });

  test("--retries 0 and a used-up quota do not wait", async () => {
    const talk = new Talk(busy, () => openaiError(429, { message: "Quota.", code: "insufficient_quota" }));
    const session = talk.open(["--retries", "0"]);
    await session.on("›", `hi${keys.enter}`);
    await session.on(/Slow down\.[\s\S]*› hi$/, keys.interrupt);
    await leave(session);
    const other = talk.open();
    await other.on("›", `hi${keys.enter}`);
    await other.on(/Quota\.[\s\S]*› hi$/, keys.interrupt);
    await leave(other);
    expect(talk.wire.seen.length).toBe(2);
  });
});

test("names of tools do not reach the terminal raw", async () => {
  const talk = new Talk(() => calls("\x1b]2;words\x07", "look\x1b[2J", '{"a":"\x1b[5m"}'));
  const session = talk.open();
  await session.on("›", `hi${keys.enter}`);
  await session.on(/Result of look.* ›$/, keys.interrupt);
  await session.shows("there is no result");
  await leave(session);
  for (const bad of ["\x1b]2;", "\x1b[2J", "\x1b[5m", "\x07"]) expect(session.raw).not.toContain(bad);
});
