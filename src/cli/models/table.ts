import { type Output, plain } from "../terminal.ts";
import type { DescribedModel } from "./described.ts";

const titles = ["ID", "PROVIDER", "OWNER", "CAPABILITIES"] as const;

/** For people a table with a header, in a pipe the same columns with tabs and nothing else (cli.md 3.8). */
export async function printModels(out: Output, models: readonly DescribedModel[], usual: string): Promise<void> {
  const rows = models.map(({ id, provider, owned_by, capabilities }) =>
    [id, provider, owned_by, capabilities.join(" ")].map((cell) => plain(cell).replaceAll(/[\t\n]/g, " ")),
  );
  if (!out.isTTY) {
    await out.write(rows.map((row) => `${row.join("\t")}\n`).join(""));
    return;
  }
  const marked = rows.map(([id = "", ...rest]) => [id === usual ? `${id} *` : id, ...rest]);
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...marked.map((row) => Bun.stringWidth(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - Bun.stringWidth(cell))))
      .join("  ")
      .trimEnd();
  if (rows.length > 0) await out.line(out.paint.bold(line(titles)));
  await out.write(marked.map((row) => `${line(row)}\n`).join(""));
}
