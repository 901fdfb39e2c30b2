/** The unfinished end of an answer on a terminal, held against what the terminal shows. */
import { describe, expect, test } from "bun:test";
import { MarkdownWriter } from "../../../src/cli/chat/markdown-writer.ts";
import { paint } from "../../../src/cli/paint.ts";
import type { Output } from "../../../src/cli/terminal.ts";
import { Screen } from "../../terminal/screen.ts";

const paragraph = "The quick brown fox jumps over the lazy dog. ".repeat(6).trim();

type Shown = Output & {
  columns: number;
  /** Settles at the next write that is no empty one. */ painted(): Promise<void>;
};

/** An output on a screen. `written` gets each write. */
function outputOn(screen: Screen, written: string[]): Shown {
  let next = Promise.withResolvers<void>();
  const write = async (text: string): Promise<void> => {
    written.push(text);
    screen.write(text.replaceAll("\n", "\r\n"));
    if (text === "") return;
    next.resolve();
    next = Promise.withResolvers<void>();
  };
  return {
    isTTY: true,
    columns: screen.columns,
    color: false,
    paint: paint(false),
    stream: { rows: screen.rows } as NodeJS.WriteStream,
    write,
    line: (text = "") => write(`${text}\n`),
    untrusted: write,
    painted: () => next.promise,
  };
}

/** Where rows are wrapped is not what is looked at. */
const solid = (text: string): string => text.replaceAll(/\s/g, "");

describe("MarkdownWriter", () => {
  test("what stands there is not written again while the end grows", async () => {
    const screen = new Screen(40, 30);
    const written: string[] = [];
    const output = outputOn(screen, written);
    const writer = new MarkdownWriter(output);
    await writer.push(paragraph.slice(0, 60));
    await output.painted();
    await writer.push(paragraph.slice(60, 90));
    await output.painted();
    expect(solid(screen.text())).toBe(solid(paragraph.slice(0, 90)));
    expect(solid(written.join(""))).toBe(solid(paragraph.slice(0, 90)));
    await writer.end();
    expect(solid(screen.text())).toBe(solid(paragraph.slice(0, 90)));
  });

  test("a resize in the open block: it goes on as it is, nothing is written twice, the next one is rendered", async () => {
    const screen = new Screen(80, 30);
    const written: string[] = [];
    const output = outputOn(screen, written);
    const writer = new MarkdownWriter(output);
    await writer.push(`**loud** ${paragraph.slice(0, 60)}`);
    await output.painted();
    output.columns = 50;
    await writer.push(paragraph.slice(60, 100));
    await output.painted();
    await writer.push(`${paragraph.slice(100)}\n\n**next** one\n\nlast`);
    await writer.end();
    expect(solid(screen.text())).toBe(solid(`**loud** ${paragraph} next one last`));
    // The cursor never went back over rows that the terminal may have wrapped anew.
    expect(written.join("")).not.toContain("\x1b[");
  });

  test("a block without an end does not take the square of its length", async () => {
    const screen = new Screen(80, 24);
    const writer = new MarkdownWriter({ ...outputOn(screen, []), isTTY: false, write: async () => undefined });
    const started = performance.now();
    for (let at = 0; at < 50_000; at++) await writer.push("twenty letters here ");
    await writer.end();
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
