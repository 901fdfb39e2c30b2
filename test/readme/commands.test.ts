import { describe, expect, test } from "bun:test";
import { amazonChat } from "../cli/spawn.ts";
import { blocks, readme } from "./blocks.ts";

const sections = [...readme.matchAll(/^### `(amazon-chat[^`]*)`$/gm)].map(([, words = ""]) => words);

/** The reference without the spaces that pad help's columns at their ends. */
const trimmed = (text: string): string => text.trimEnd().replaceAll(/ +$/gm, "");

describe("the command reference is what --help prints", () => {
  test("it names every command that help lists", async () => {
    const { out } = await amazonChat(["--help"]);
    const listed = (/USAGE amazon-chat \[OPTIONS\] (\S+)/.exec(out)?.[1] ?? "").split("|");
    expect(listed.length).toBeGreaterThan(4);
    for (const name of listed) expect(sections).toContain(`amazon-chat ${name}`);
  });

  for (const words of sections) {
    test(`${words} --help`, async () => {
      const { out } = await amazonChat([...words.split(" ").slice(1), "--help"]);
      expect(blocks.map(({ text }) => text)).toContain(trimmed(out));
    });
  }
});

test("every file that the README names is there", async () => {
  const named = [...readme.matchAll(/`((?:src|test|scripts)\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(20);
  for (const path of named) {
    // The toy is what the recipe adds.
    if (path.startsWith("src/dialects/toy") || path.startsWith("test/fixtures/toy")) continue;
    const there = path.endsWith("/")
      ? new Bun.Glob(`${path}**`).scanSync().next().done !== true
      : await Bun.file(path).exists();
    expect(there, path).toBe(true);
  }
});
