import { environment } from "./environment.ts";

/** What the environment says about colour: `NO_COLOR` (any text), `TERM=dumb`, `FORCE_COLOR` (cli.md 3.3). */
export function colorWish(): "always" | "never" | "auto" {
  const { NO_COLOR = "", FORCE_COLOR = "", TERM } = environment();
  if (NO_COLOR !== "") return "never";
  if (FORCE_COLOR !== "") return FORCE_COLOR === "0" || FORCE_COLOR === "false" ? "never" : "always";
  return TERM === "dumb" ? "never" : "auto";
}

/** A terminal whose cursor cannot go back. */
export function dumbTerminal(): boolean {
  return environment().TERM === "dumb";
}

/** Libraries look at the environment at import, each in its own way: the decision is put where all of them find it. */
export function pinColor(on: boolean): void {
  delete process.env["NO_COLOR"];
  delete process.env["FORCE_COLOR"];
  process.env[on ? "FORCE_COLOR" : "NO_COLOR"] = "1";
}
