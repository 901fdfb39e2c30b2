/** The bench's figures as Markdown. */
import type { Case } from "./cases.ts";
import type { Course } from "./memory.ts";
import type { StartTimes } from "./start-time.ts";

export type Figures = {
  cpuMicros: number;
  perSecond: number;
  /** ms */
  p50: number;
  p99: number;
  firstP50: number;
  firstP99: number;
  worstStall: number;
};

export type Memory = { idle: number[]; after: number[]; passThrough: number[] };

type Results = Record<string, Record<string, Figures[]>>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function table(
  cases: readonly Case[],
  results: Results,
  memory: Memory,
  started: StartTimes,
  course?: Course,
): string {
  const lines = [
    "| work | figure | direct | pass-through | gateway (spread) | gateway : pass-through |",
    "|---|---|---:|---:|---:|---:|",
    ...cases.flatMap((entry) => rows(entry, results)),
    "",
    `RSS of the gateway's processes, MB: idle ${list(memory.idle)}, after the load ${list(memory.after)}; pass-through ${list(memory.passThrough)}`,
    `Start to first answer ${started.firstAnswerMs.toFixed(0)} ms, --version ${started.versionMs.toFixed(0)} ms`,
  ];
  if (course)
    lines.push(
      `RSS of a fresh worker, MB: idle ${course.idle.toFixed(0)}, after 20,000 … 100,000 requests ${course.requests.map((mb) => mb.toFixed(0)).join(", ")}, with 1,000 streams ${course.streaming.toFixed(0)}, after them ${course.after.toFixed(0)}`,
    );
  return lines.join("\n");
}

const list = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(" + ");

type Figure = { title: string; of: (figures: Figures) => number; added: boolean };

function figuresOf(entry: Case): Figure[] {
  const out: Figure[] = [];
  if (entry.shows.includes("cpu")) {
    out.push({ title: "CPU µs a request", of: (f) => f.cpuMicros, added: false });
    const { unit } = entry;
    if (unit) out.push({ title: `CPU µs a ${unit.name}`, of: (f) => f.cpuMicros / unit.perRequest, added: false });
  }
  if (entry.shows.includes("latency")) {
    out.push(
      { title: "p50 ms, added", of: (f) => f.p50, added: true },
      { title: "p99 ms, added", of: (f) => f.p99, added: true },
    );
  }
  if (entry.shows.includes("first byte")) {
    out.push(
      { title: "first byte p50 ms", of: (f) => f.firstP50, added: false },
      { title: "first byte p99 ms", of: (f) => f.firstP99, added: false },
    );
  }
  if (entry.shows.includes("stall")) out.push({ title: "worst stall ms", of: (f) => f.worstStall, added: false });
  return out;
}

function rows(entry: Case, results: Results): string[] {
  const own = results[entry.name] ?? {};
  const referred = results[entry.reference || entry.name] ?? {};
  return figuresOf(entry).map(({ title, of, added }) => {
    const values = (figures: Figures[] | undefined): number[] => (figures ?? []).map(of);
    const direct = median(values(own["direct"]));
    const reference = median(values(referred["pass-through"]));
    const gateway = values(own["gateway"]);
    const base = added ? direct : 0;
    const ratio = (median(gateway) - base) / (reference - base);
    const spread =
      gateway.length > 1 ? ` (${show(Math.min(...gateway) - base)}–${show(Math.max(...gateway) - base)})` : "";
    const cells = [
      show(direct),
      show(reference - base),
      `${show(median(gateway) - base)}${spread}`,
      Number.isNaN(ratio) ? "–" : `${ratio.toFixed(2)} ×`,
    ];
    return `| ${entry.name} | ${title} | ${cells.join(" | ")} |`;
  });
}

function show(value: number): string {
  if (Number.isNaN(value)) return "–";
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}
