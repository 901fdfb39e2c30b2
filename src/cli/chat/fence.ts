/** Text inside a Markdown fence that is longer than any fence in it. `info` is the language. */
export function fenced(text: string, info = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/^\s*(`{3,})/gm)].map(([, ticks = ""]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${info}\n${text.endsWith("\n") ? text : `${text}\n`}${ticks}`;
}

export type CodeBlock = { info: string; code: string };

/** The fenced code blocks of a Markdown text, in order; one that is not closed goes to the end. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; indent: number; info: string; lines: string[] } | undefined;
  for (const line of markdown.split(/\r?\n/)) {
    const [, indent = "", fence, info = ""] = /^( *)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (fence === undefined || (fence.startsWith("`") && info.includes("`"))) continue;
      open = { fence, indent: indent.length, info: info.trim(), lines: [] };
    } else if (fence?.startsWith(open.fence) === true && info.trim() === "") {
      blocks.push(closed(open));
      open = undefined;
    } else open.lines.push(line);
  }
  return open === undefined ? blocks : [...blocks, closed(open)];
}

function closed({ info, indent, lines }: { info: string; indent: number; lines: string[] }): CodeBlock {
  const margin = new RegExp(`^ {0,${indent}}`);
  return { info, code: lines.map((line) => `${line.replace(margin, "")}\n`).join("") };
}
