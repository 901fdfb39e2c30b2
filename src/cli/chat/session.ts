import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../config/write-file.ts";
import { isObject, type JsonObject, parseJson } from "../../core/json.ts";
import { CliError, exits } from "../failure.ts";

/** One conversation, as it lies on disk. `messages` are OpenAI's, the system prompt stands beside them. */
export type Session = {
  version: 1;
  id: string;
  title: string;
  model: string;
  /** ISO 8601. */
  created: string;
  updated: string;
  system?: string;
  messages: JsonObject[];
};

export function newSession(model: string, title: string): Session {
  const now = new Date().toISOString();
  const id = crypto.randomUUID().slice(0, 8);
  return { version: 1, id, title, model, created: now, updated: now, messages: [] };
}

/** A session from JSON text; undefined for anything else. */
export function readSession(text: string): Session | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const { id, title, model, created, updated, system, messages } = value;
  if (typeof id !== "string" || typeof model !== "string" || !Array.isArray(messages)) return undefined;
  if (!messages.every((message): message is JsonObject => isObject(message) && typeof message["role"] === "string")) {
    return undefined;
  }
  const time = (given: unknown): string => (typeof given === "string" ? given : new Date(0).toISOString());
  return {
    version: 1,
    id,
    title: typeof title === "string" ? title : "",
    model,
    created: time(created),
    updated: time(updated),
    ...(typeof system === "string" && { system }),
    messages,
  };
}

/** The sessions of a person: one JSON file each, 0600, written whole or not at all. */
export class Sessions {
  readonly #folder: string;
  readonly #warn: (line: string) => void;

  constructor(stateFolder: string, warn: (line: string) => void) {
    this.#folder = join(stateFolder, "sessions");
    this.#warn = warn;
  }

  /** Saving is a convenience: where it fails the answer still counts. */
  save(session: Session): void {
    session.updated = new Date().toISOString();
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeWhole(join(this.#folder, `${session.id}.json`), `${JSON.stringify(session, null, 1)}\n`, true);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#warn(`The session could not be saved: ${why}`);
    }
  }

  /** Newest first. Damaged files are told and left out. */
  *newestFirst(): Generator<Session> {
    const files = this.#names()
      .map((name) => ({ path: join(this.#folder, name), time: modified(join(this.#folder, name)) }))
      .sort((a, b) => b.time - a.time);
    for (const { path } of files) {
      const session = this.#read(path);
      if (session !== undefined) yield session;
    }
  }

  /** The latest ones, for lists and Tab: nobody looks at hundreds, and each is a file to be read. */
  recent(most: number): Session[] {
    const found: Session[] = [];
    for (const session of this.newestFirst()) {
      found.push(session);
      if (found.length === most) break;
    }
    return found;
  }

  latest(): Session {
    for (const session of this.newestFirst()) return session;
    throw new CliError({
      exit: exits.usage,
      message: "There is no session to go on with.",
      hint: ['Start one: amazon-chat chat "hello"'],
    });
  }

  /** The session of an id, or of the only id that starts so. */
  find(id: string): Session {
    const found = /^[\w-]+$/.test(id) ? this.#names().filter((name) => name.startsWith(id)) : [];
    const exact = found.find((name) => name === `${id}.json`) ?? (found.length === 1 ? found[0] : undefined);
    const session = exact === undefined ? undefined : this.#read(join(this.#folder, exact));
    if (session !== undefined) return session;
    const known = this.recent(3).map((one) => `${one.id}  ${one.title}`);
    throw new CliError({
      exit: exits.usage,
      message: `There is no session "${id}".`,
      hint: known.length === 0 ? [] : [`The latest: ${known.join("; ")}`],
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder).filter((name) => name.endsWith(".json"));
    } catch {
      return [];
    }
  }

  #read(path: string): Session | undefined {
    try {
      const session = readSession(readFileSync(path, "utf8"));
      if (session !== undefined) return session;
    } catch {
      // Said below.
    }
    this.#warn(`Skipped a damaged session: ${path}`);
    return undefined;
  }
}

function modified(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
