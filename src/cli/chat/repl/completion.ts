import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What may stand from `from` to the cursor. */
export type Completion = { from: number; candidates: readonly string[] };

/** What can be completed, beside files. */
export type Known = {
  commands: readonly string[];
  models(): Promise<readonly string[]>;
  sessions(): readonly string[];
};

const nothing: Completion = { from: 0, candidates: [] };

/** Tab in a prompt (cli.md 3.9): slash commands, model ids behind /model, file names behind /attach and the like and @. */
export async function completionOf(before: string, known: Known): Promise<Completion> {
  if (/^\/\w*$/.test(before)) {
    return { from: 0, candidates: known.commands.map((name) => `/${name}`).filter((name) => name.startsWith(before)) };
  }
  const [, command = "", rest = ""] = /^\/(\w+)\s+(.*)$/s.exec(before) ?? [];
  const from = before.length - rest.length;
  switch (command) {
    case "model":
      return { from, candidates: near(rest, await known.models()) };
    case "retry": {
      const [, flag = "", typed = ""] = /^(-m\s+)(\S*)$/.exec(rest) ?? [];
      if (flag === "") return nothing;
      return { from: from + flag.length, candidates: near(typed, await known.models()) };
    }
    case "load":
      return { from, candidates: [...near(rest, known.sessions()), ...files(rest)] };
    case "raw":
      return { from, candidates: near(rest, ["on", "off"]) };
    case "attach":
    case "file":
    case "save":
      return { from, candidates: files(rest) };
    default:
      return atFile(before);
  }
}

/** `@path` anywhere in a prompt. */
function atFile(before: string): Completion {
  const [, typed] = /(?:^|\s)@(\S*)$/.exec(before) ?? [];
  return typed === undefined ? nothing : { from: before.length - typed.length, candidates: files(typed) };
}

/** Those that start so, else those that hold it. */
function near(typed: string, words: readonly string[]): string[] {
  const wanted = typed.toLowerCase();
  const starting = words.filter((word) => word.toLowerCase().startsWith(wanted));
  return starting.length > 0 ? starting : words.filter((word) => word.toLowerCase().includes(wanted));
}

/** Files and folders that the typed path may become; hidden ones only behind a dot. */
function files(typed: string): string[] {
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  const start = typed.slice(folder.length);
  const real = folder.startsWith("~/") ? join(homedir(), folder.slice(2)) : folder || ".";
  try {
    return readdirSync(real, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start.startsWith(".") || !name.startsWith(".")))
      .map((entry) => {
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(join(real, entry.name)));
        return `${folder}${entry.name}${isFolder ? "/" : ""}`;
      })
      .sort();
  } catch {
    return [];
  }
}

function leadsToFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
