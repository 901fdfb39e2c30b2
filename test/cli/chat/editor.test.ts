/** The parts of the line editor without a terminal, held against all inputs and against the terminal's own arithmetic. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Editor } from "../../../src/cli/chat/repl/editor.ts";
import { type Key, KeyDecoder } from "../../../src/cli/chat/repl/keys.ts";
import { layout } from "../../../src/cli/chat/repl/layout.ts";
import { Painter } from "../../../src/cli/chat/repl/painter.ts";
import { looksSecret } from "../../../src/cli/chat/repl/secret-looking.ts";
import { Screen } from "../../terminal/screen.ts";

/** All keys of some bytes, in pieces of any size. */
function decode(bytes: Uint8Array, cuts: readonly number[] = []): Key[] {
  const decoder = new KeyDecoder();
  const keys: Key[] = [];
  let from = 0;
  for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    keys.push(...decoder.push(bytes.subarray(from, to)));
    from = to;
  }
  return [...joined(keys), ...decoder.flush()];
}

/** Texts that stand beside each other are one: where they were cut says nothing. */
function joined(keys: readonly Key[]): Key[] {
  const out: Key[] = [];
  for (const key of keys) {
    const last = out.at(-1);
    if (key.kind === "text" && last?.kind === "text")
      out[out.length - 1] = { kind: "text", text: last.text + key.text };
    else out.push(key);
  }
  return out;
}

const names = (text: string): string[] =>
  decode(Buffer.from(text)).map((key) => (key.kind === "key" ? key.name : `${key.kind}:${key.text}`));

describe("KeyDecoder", () => {
  const rows: [string, string[]][] = [
    ["a日本", ["text:a日本"]],
    ["\r\n\t\x7f\b", ["enter", "newline", "tab", "backspace", "backspace"]],
    ["\x01\x18\x05\x1a\x1d", ["ctrl-a", "ctrl-x", "ctrl-e", "ctrl-z", "ctrl-]"]],
    ["\x1b[A\x1bOB\x1b[1;5C\x1b[1;3D\x1b[1;2C", ["up", "down", "word-right", "word-left", "right"]],
    ["\x1b[H\x1b[4~\x1b[3~\x1b[Z", ["home", "end", "delete", "shift-tab"]],
    ["\x1b\r\x1b[13;2u\x1b[27;2;13~\x1b[13u", ["newline", "newline", "newline", "enter"]],
    ["\x1bb\x1b\x7f\x1b[99;5u", ["alt-b", "alt-backspace", "ctrl-c"]],
    ["\x1b[200~a\rb\x1b[31m\x1b[201~c", ["paste:a\nb\x1b[31m", "text:c"]],
    ["\x1b[I\x1b[<0;3;4M\x1b[15~x", ["text:x"]],
    ["\x1b", ["escape"]],
    ["\x1b\x1b[A", ["escape", "up"]],
    ["\x1b[", []],
    ["\x1b[200~never ends", []],
  ];
  for (const [text, keys] of rows) test(JSON.stringify(text), () => expect(names(text)).toEqual(keys));

  test("it does not matter where the bytes are cut", () => {
    const part = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(...rows.map(([text]) => text).filter((text) => text !== "\x1b[200~never ends")),
    );
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(200)), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(""));
        const inside = cuts.filter((cut) => cut < bytes.length);
        expect(decode(bytes, inside)).toEqual(joined(decode(bytes)));
      }),
    );
  });
});

describe("Editor", () => {
  test("never loses its cursor, whatever is pressed, and the screen shows what the line holds", () => {
    // Letters that the test's own terminal knows: of one cell and of two, none that are put together of several.
    const unit = fc.constantFrom("a", "b", " ", "日", "é", "\n", "\t", "\x1b", "x");
    const key: fc.Arbitrary<Key> = fc.oneof(
      fc.record({ kind: fc.constantFrom("text" as const, "paste" as const), text: fc.string({ unit }) }),
      fc.record({
        kind: fc.constant("key" as const),
        name: fc.constantFrom(
          ...[
            "left",
            "right",
            "up",
            "down",
            "home",
            "end",
            "backspace",
            "delete",
            "newline",
            "word-left",
            "word-right",
          ],
          ...["ctrl-w", "ctrl-u", "ctrl-k", "ctrl-y", "ctrl-r", "alt-d", "escape", "tab", "ctrl-g"],
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), fc.integer({ min: 12, max: 60 }), (keys, columns) => {
        const editor = new Editor({ prompt: "› ", text: "", prompts: ["one", "two\nlines", "日本語"] });
        const screen = new Screen(columns, 200);
        const painter = new Painter(
          (text) => screen.write(text),
          () => columns,
        );
        painter.paint(layout(editor.shown, columns, 200));
        for (const one of keys) {
          editor.press(one);
          const { cursor, text } = editor.line;
          expect(cursor).toBeGreaterThanOrEqual(0);
          expect(cursor).toBeLessThanOrEqual(text.length);
          const frame = layout(editor.shown, columns, 200);
          painter.paint(frame);
          expect(frame.rows.every((row) => Bun.stringWidth(row) < columns)).toBe(true);
        }
        const { rows } = layout(editor.shown, columns, 200);
        expect(screen.text()).toBe(
          rows
            .map((row) => row.trimEnd())
            .join("\n")
            .trimEnd(),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("a paste of a megabyte is laid out at once, and only what fits is shown", () => {
    const editor = new Editor({ prompt: "› ", text: "", prompts: [] });
    const started = performance.now();
    editor.press({ kind: "paste", text: `${"x".repeat(1_000)}\n`.repeat(1_000) });
    const { rows, cursorRow } = layout(editor.shown, 80, 24);
    expect(rows.length).toBe(23);
    expect(cursorRow).toBe(22);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

test("what looks like a secret", () => {
  for (const text of [
    "key sk-proj-0123456789",
    "AKIAIOSFODNN7EXAMPLE",
    "-----BEGIN RSA PRIVATE KEY-----",
    "curl -H 'Authorization: Bearer abcdefgh'",
    "export API_KEY=0123456789",
    '{"password": "correct horse"}',
  ]) {
    expect(looksSecret(text), text).toBe(true);
  }
  for (const text of ["what is a key?", "explain tokens", "my task-list is long", "password: how to choose one?"]) {
    expect(looksSecret(text), text).toBe(false);
  }
});
