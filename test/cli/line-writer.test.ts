import { expect, test } from "bun:test";
import { lineWriter } from "../../src/cli/line-writer.ts";

test("a reader that stands still costs a bounded memory, and is told what it missed", async () => {
  const written: string[] = [];
  let taken = Promise.withResolvers<void>();
  const lines = lineWriter(
    (text) => {
      written.push(text);
      return taken.promise;
    },
    (count) => `${count} lost\n`,
  );
  const megabyte = `${"x".repeat(2 ** 20 - 1)}\n`;
  for (let n = 0; n < 20; n += 1) {
    lines.line(() => megabyte);
    lines.flush();
  }
  expect(written.join("").length).toBe(5 * 2 ** 20);
  taken.resolve();
  await taken.promise;
  taken = Promise.withResolvers();
  lines.line(() => "next\n");
  lines.flush();
  expect(written.at(-1)).toBe("15 lost\nnext\n");
});

test("lines of one moment are written together, in their order", () => {
  const written: string[] = [];
  const lines = lineWriter(
    async (text) => void written.push(text),
    () => "",
  );
  lines.line(() => "a\n");
  lines.line(() => "b\n");
  expect(written).toEqual([]);
  lines.flush();
  lines.flush();
  expect(written).toEqual(["a\nb\n"]);
});
