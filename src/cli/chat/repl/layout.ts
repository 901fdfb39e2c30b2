/** Rows as they are painted, and where the cursor stands in them. */
export type Frame = { rows: readonly string[]; cursorRow: number; cursorColumn: number };

export type Shown = {
  /** What stands in front of the first line. */
  prompt: string;
  text: string;
  cursor: number;
  /** Lines below the text: candidates of a completion. */
  below: readonly string[];
};

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const tab = "    ";

/**
 * Cuts an edited text into rows of a terminal. The last column stays free: a cursor behind it would hang between two
 * rows, differently in every terminal. Of a text that is higher than the terminal the part around the cursor is shown.
 */
export function layout({ prompt, text, cursor, below }: Shown, columns: number, height: number): Frame {
  const width = Math.max(2, columns - 1);
  const rows: string[] = [];
  let cursorRow = 0;
  let cursorColumn = 0;
  let at = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const lead = index === 0 ? prompt : " ".repeat(Math.min(2, Math.max(0, width - 2)));
    const cut = rowsOf(line, fitting(lead, width), width);
    if (cursor >= at && cursor <= at + line.length) {
      const place = cut.findLastIndex(({ from }) => from <= cursor - at);
      const { from, lead: own, text: row } = cut[place] ?? { from: 0, lead: "", text: "" };
      cursorRow = rows.length + place;
      cursorColumn = Bun.stringWidth(own + visible(row.slice(0, cursor - at - from)));
    }
    for (const row of cut) rows.push(row.lead + visible(row.text));
    at += line.length + 1;
  }
  const room = Math.max(1, height - 1);
  const first = rows.length <= room ? 0 : Math.max(0, Math.min(cursorRow - (room >> 1), rows.length - room));
  const shown = rows.slice(first, first + room);
  const free = Math.max(0, room - shown.length);
  const extra = below.flatMap((line) => rowsOf(line, "", width).map((row) => visible(row.text))).slice(0, free);
  return { rows: [...shown, ...extra], cursorRow: cursorRow - first, cursorColumn };
}

/** A prompt that leaves room for at least one letter. */
function fitting(lead: string, width: number): string {
  return Bun.stringWidth(lead) + 2 <= width ? lead : "";
}

type Row = { from: number; lead: string; text: string };

function rowsOf(line: string, lead: string, width: number): Row[] {
  const rows: Row[] = [];
  let row: Row = { from: 0, lead, text: "" };
  let free = width - Bun.stringWidth(lead);
  const turn = (from: number): void => {
    rows.push(row);
    row = { from, lead: "", text: "" };
    free = width;
  };
  // Letters of one cell each need no look at each of them: a paste may be a megabyte.
  if (/^[ -~]*$/.test(line)) {
    for (let from = 0; ;) {
      row.text = line.slice(from, from + free);
      from += row.text.length;
      if (from >= line.length) break;
      turn(from);
    }
    return [...rows, row];
  }
  for (const { segment, index } of graphemes.segment(line)) {
    const cells = Bun.stringWidth(visible(segment));
    if (cells > free) turn(index);
    row.text += segment;
    free -= cells;
  }
  return [...rows, row];
}

function visible(text: string): string {
  return text.replaceAll("\t", tab);
}
