/** The widest name that still has its description beside it; behind a wider one it stands on the next line. */
const widest = 30;
const gap = "  ";

/**
 * The usage text of citty with its lists in columns that fit 80 characters: names to the left (a missing short flag leaves
 * its place), nothing behind the last word. citty puts names to the right and fills every line up to the longest.
 */
export function inColumns(usage: string): string {
  const out: string[] = [];
  let rows: Row[] = [];
  const flush = (): void => {
    const short = rows.some(({ name }) => plain(name).startsWith("-"));
    const names = rows.map(({ name }) => (short && !/^-\w,/.test(plain(name)) ? `    ${name}` : name));
    const width = Math.max(0, ...names.map((name) => Bun.stringWidth(name)).filter((one) => one <= widest));
    rows.forEach(({ about }, i) => {
      const name = names[i] ?? "";
      const free = width - Bun.stringWidth(name);
      out.push(`  ${name}${free < 0 ? `\n  ${" ".repeat(width)}` : " ".repeat(free)}${gap}${about}`.trimEnd());
    });
    rows = [];
  };
  for (const line of usage.split("\n")) {
    const [, name, about] = /^ {2,}(\S.*?) {4}(\S.*?) *$/.exec(line) ?? [];
    if (name !== undefined && about !== undefined) {
      rows.push({ name, about });
      continue;
    }
    flush();
    out.push(line.trimEnd());
  }
  flush();
  return out.join("\n");
}

type Row = { name: string; about: string };

const plain = (text: string): string => Bun.stripANSI(text);
