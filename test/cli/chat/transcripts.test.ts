/** Whole conversations as a person sees them, on the screen of a real terminal. */
import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openaiError } from "../../fakes/openai.ts";
import { keys, type Session } from "../../terminal/session.ts";
import { calls, golden, halting, says, Talk } from "./talk.ts";

/** An answer is there, and the prompt below it. */
const answered = / · \d+\.\d s\n›$/;

/** Where paths of this machine's temporary folder are shown, they fit a row. */
const wide = { columns: 300 };

async function leave(session: Session): Promise<string> {
  await session.on(/›$/, keys.end);
  expect(await session.ended()).toBe(0);
  return golden(session.screen.text());
}

describe("golden transcripts", () => {
  test("a paste of five lines with an empty one", async () => {
    const talk = new Talk(() => says("Five lines, ", "one of them empty."));
    const session = talk.open();
    await session.on("›", "\x1b[200~one\rtwo\r\rfour\rfive\x1b[201~", keys.enter);
    await session.shows(answered);
    expect(await leave(session)).toMatchSnapshot();
    expect(talk.sent(0)).toEqual([{ role: "user", content: "one\ntwo\n\nfour\nfive" }]);
  });

  test("interrupt: the text stays, the conversation goes on with it", async () => {
    const talk = new Talk(
      () => halting("Half an answer"),
      () => says("And the rest."),
    );
    const session = talk.open();
    await session.on("›", `Tell me${keys.enter}`);
    await session.on("Half an answer", keys.interrupt);
    await talk.wire.seen[0]?.closed;
    await session.on(/\[interrupted\]\n›$/, `/continue${keys.enter}`);
    await session.shows(answered);
    expect(await leave(session)).toMatchSnapshot();
    expect(talk.sent(1)).toEqual([
      { role: "user", content: "Tell me" },
      { role: "assistant", content: "Half an answer" },
      { role: "user", content: "Continue exactly where you stopped." },
    ]);
  });

  test("a failure gives the text back; it is corrected, then asked again with another model", async () => {
    const talk = new Talk(
      () => openaiError(400, { message: "No such thing.", code: "invalid_value" }),
      () => says("The first answer."),
      () => says("The second answer."),
    );
    const session = talk.open(["-s", "Be brief."]);
    await session.on("›", `Wrogn${keys.enter}`);
    await session.on(/No such thing[\s\S]*› Wrogn$/, `${keys.backspace.repeat(4)}rong${keys.enter}`);
    await session.on(answered, `/retry -m gpt-4o${keys.enter}`);
    await session.shows("The second answer.");
    await session.shows(answered);
    expect(await leave(session)).toMatchSnapshot();
    const asked = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Wrong" },
    ];
    expect(talk.sent(1)).toEqual(asked);
    expect(talk.sent(2)).toEqual(asked);
    expect(talk.body(2)["model"]).toBe("gpt-4o");
  });

  test("a switch of the model: by a part of its id, and out of a list", async () => {
    const talk = new Talk();
    const session = talk.open(["--demo"], { OPENAI_API_KEY: "", OPENAI_BASE_URL: "" });
    await session.on("›", `/model lor${keys.enter}`);
    await session.on("Model: demo-lorem\n›", `/model no-such-model${keys.enter}`);
    await session.on("not found", `/model error-4${keys.enter}`);
    await session.on("Model (type a part", "413", keys.enter);
    await session.on("Model: demo-error-413\n›", `/model error${keys.enter}`);
    await session.on(/Model \(type[\s\S]*Model \(type/, keys.escape);
    await session.shows(/Model: demo-error-413\n[\s\S]*Model: demo-error-413\n›$/);
    expect(await leave(session)).toMatchSnapshot();
  });

  test("edit: the editor's text comes into the line", async () => {
    const talk = new Talk();
    const editor = join(talk.folder, "editor");
    // Arguments in the variable, a file that only its owner may read, and keys that belong to the editor.
    writeFileSync(
      editor,
      '#!/bin/sh\nstat -c "mode %a" "$2"\nread -r typed\nprintf "%s\\n%s, %s\\n" "$(cat "$2")" "$1" "$typed" > "$2.new" && mv "$2.new" "$2"\n',
    );
    chmodSync(editor, 0o700);
    const session = talk.open([], { EDITOR: `${editor} --flag` });
    await session.on("›", "written", "\x18\x05");
    await session.on("mode 600", `typed there${keys.enter}`);
    await session.on(/› written\n {2}--flag, typed there$/, keys.enter);
    await session.on(answered, `/edit another${keys.enter}`);
    await session.on(/mode 600[\s\S]*mode 600/, `more${keys.enter}`);
    await session.on(/› another\n {2}--flag, more$/, keys.enter);
    await session.shows(/another[\s\S]* s\n›$/);
    expect(await leave(session)).toMatchSnapshot();
    expect(talk.sent(1).at(-1)?.content).toBe("another\n--flag, more");
  });

  test("save and load", async () => {
    const talk = new Talk(
      () => says("First answer."),
      () => says("Second answer."),
    );
    const session = talk.open(["-s", "Be brief."], {}, wide);
    await session.on("›", `First question${keys.enter}`);
    await session.on(answered, `/save talk.md${keys.enter}`);
    await session.on("talk.md", `/save talk.json${keys.enter}`);
    await session.on("talk.json", `/save nowhere/x.json${keys.enter}`);
    await session.on("Cannot write", `/save talk.txt${keys.enter}`);
    await session.shows(/\.md or \.json\.[\s\S]*›$/);
    expect(await leave(session)).toMatchSnapshot();
    const markdown = readFileSync(join(talk.folder, "talk.md"), "utf8");
    expect(markdown.replace(/\d{4}-\d\d-\d\d/, "DATE")).toMatchSnapshot();
    expect(statSync(join(talk.folder, "talk.json")).mode & 0o777).toBe(0o600);

    const other = talk.open(["--no-save", "-m", "gpt-4o"], {}, wide);
    await other.on("›", `/load talk.md${keys.enter}`);
    await other.on("holds no conversation", `/load nowhere.json${keys.enter}`);
    await other.on("no such file", `/load talk.json${keys.enter}`);
    await other.on("2 messages, gpt-4o-mini", `/save talk.json${keys.enter}`);
    await other.on("is there already", `Second question${keys.enter}`);
    await other.shows(answered);
    expect(await leave(other)).toMatchSnapshot();
    expect(talk.sent(1)).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "First question" },
      { role: "assistant", content: "First answer." },
      { role: "user", content: "Second question" },
    ]);
  });

  test("tool calls are shown and answered by hand", async () => {
    const talk = new Talk(
      () => calls("I need to use some tools", "get_weather", '{"city":"Paris"}'),
      () => says("It is sunny in Paris."),
    );
    const session = talk.open();
    await session.on("›", `Weather?${keys.enter}`);
    await session.on("Result of get_weather ›", `sunny${keys.enter}`);
    await session.on("It is sunny in Paris.");
    await session.shows(answered);
    expect(await leave(session)).toMatchSnapshot();
    expect(talk.sent(1)).toEqual([
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "I need to use some tools",
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Paris"}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "sunny" },
    ]);
  });
});

describe.concurrent("tools", () => {
  test("a result that the person does not give: the prompt comes back, the next request is whole", async () => {
    const talk = new Talk(() => calls("", "rm\x1b]0;title\x07", "{}"));
    const session = talk.open();
    await session.on("›", `Do it${keys.enter}`);
    await session.on(/Result of rm.* ›$/, keys.interrupt);
    await session.on(/there is no result\.\n›$/, `Then not${keys.enter}`);
    await session.shows(answered);
    await leave(session);
    expect(talk.sent(1).slice(2)).toEqual([
      { role: "tool", tool_call_id: "call_1", content: "The user gave no result." },
      { role: "user", content: "Then not" },
    ]);
    expect(session.raw).not.toContain("\x1b]0;title");
  });
});

describe.concurrent("resize", () => {
  test("while an answer comes: nothing is lost or doubled", async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const words = Array.from({ length: 60 }, (_, at) => `word${at}`);
    const talk = new Talk(() =>
      halting(words.slice(0, 30).join(" "), gates[0]?.promise, ` ${words.slice(30).join(" ")}`, "\n\n**last** part"),
    );
    const session = talk.open([], {}, { columns: 90, rows: 30 });
    await session.on("›", `go${keys.enter}`);
    await session.shows("word29");
    session.resize(50, 20);
    gates[0]?.resolve();
    await session.shows("last part");
    await session.shows(answered);
    await leave(session);
    const shown = Bun.stripANSI(session.raw).replaceAll(/\s/g, "");
    for (const word of words) expect(shown.split(word).length, word).toBeGreaterThan(1);
    expect(session.screen.text().replaceAll(/\s/g, "")).toContain(`${words.join("")}lastpart`);
  });
});

describe.concurrent("suspend and resume", () => {
  test("at the prompt: the shell has its terminal back, fg brings the prompt with its text", async () => {
    const talk = new Talk();
    const session = talk.shell(
      `set -m; "$@" chat; echo "status $?"; stty -a | grep -ow -e -icanon -e icanon; fg %1 >/dev/null; echo "ended $?"`,
    );
    await session.on("›", "half a prompt");
    await session.on("› half a prompt", keys.suspend);
    await session.shows(/status 148\s+icanon\s+› half a prompt$/);
    session.send(` and the rest${keys.enter}`);
    await session.on(answered, keys.end);
    await session.shows("ended 0");
    expect(await session.ended()).toBe(0);
    expect(talk.sent(0)).toEqual([{ role: "user", content: "half a prompt and the rest" }]);
  });

  test("while an answer comes: it goes on where it was", async () => {
    const gate = Promise.withResolvers<void>();
    const talk = new Talk(() => halting("half ", gate.promise, "and half"));
    const session = talk.shell(`set -m; "$@" chat --raw; echo "status $?"; fg %1 >/dev/null; echo "ended $?"`);
    await session.on("›", `go${keys.enter}`);
    await session.on("half", keys.suspend);
    await session.shows("status 148");
    gate.resolve();
    await session.on(/and half\n[\s\S]*›$/, keys.end);
    await session.shows("ended 0");
    expect(await session.ended()).toBe(0);
  });

  test("without a shell that could wake it: the prompt stays", async () => {
    const talk = new Talk();
    const session = talk.open();
    await session.on("›", "text", keys.suspend);
    await session.on(/› text\n› text$/, keys.interrupt);
    await leave(session);
  });
});

describe.concurrent("SIGKILL in the middle of an answer", () => {
  test("nothing before that answer is lost, and the prompt comes back", async () => {
    const talk = new Talk(
      () => says("The first answer."),
      () => halting("half of the sec"),
    );
    const session = talk.open();
    await session.on("›", `first question${keys.enter}`);
    await session.on(answered, `second question${keys.enter}`);
    await session.shows("half of the sec");
    session.kill("SIGKILL");
    expect(await session.ended()).toBe(137);
    const folder = join(talk.folder, "amazon-chat", "sessions");
    const [file = "", ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    const kept: { messages: { content: string }[] } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    expect(kept.messages.map(({ content }) => content)).toEqual([
      "first question",
      "The first answer.",
      "second question",
    ]);
    const again = talk.open(["-c"]);
    await again.on(/› first question\nThe first answer\.\n› second question$/, keys.enter);
    await again.shows(answered);
    await leave(again);
    expect(talk.sent(2).map(({ content }) => content)).toEqual([
      "first question",
      "The first answer.",
      "second question",
    ]);
    expect(existsSync(join(talk.folder, "amazon-chat", "prompt_history"))).toBe(true);
  });

  test("while a tool waits for its result: it is asked for again", async () => {
    const talk = new Talk(
      () => calls("", "look", "{}"),
      () => says("Thanks."),
    );
    const session = talk.open();
    await session.on("›", `use it${keys.enter}`);
    await session.shows("Result of look ›");
    session.kill("SIGKILL");
    await session.ended();
    const again = talk.open(["-c"]);
    await again.on("Result of look ›", `seen${keys.enter}`);
    await again.on("Thanks.");
    await leave(again);
    expect(talk.sent(1).at(-1)).toEqual({ role: "tool", tool_call_id: "call_1", content: "seen" });
  });
});
