import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { CliError, exits } from "../failure.ts";

/** Bytes of the largest file that goes into a request: no provider takes more. */
export const largestFile = 20 * 2 ** 20;

/** A file's bytes. Throws exit 2 for what is missing, a folder, a device or too large. */
export function readBounded(path: string): Uint8Array {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) throw fileError(`${path} is a folder.`, "Name a file.");
    // A shell's <(…) is a FIFO.
    if (!stat.isFile() && !stat.isFIFO()) throw fileError(`${path} is no file.`, "Name a file.");
    if (stat.size > largestFile) throw tooLarge(path);
    return bytesOf(file, path);
  } finally {
    closeSync(file);
  }
}

function bytesOf(file: number, path: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let total = 0; ;) {
    const piece = new Uint8Array(64 * 1024);
    const read = readSync(file, piece);
    if (read === 0) return Buffer.concat(pieces);
    total += read;
    if (total > largestFile) throw tooLarge(path);
    pieces.push(piece.subarray(0, read));
  }
}

export function tooLarge(name: string): CliError {
  return fileError(`${name} is too large.`, `The limit is ${largestFile / 2 ** 20} MiB.`);
}

export function fileError(message: string, ...hint: string[]): CliError {
  return new CliError({ exit: exits.usage, message, hint });
}

function unreadable(path: string, cause: unknown): CliError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  const why = code === "ENOENT" ? "There is no such file." : code === "EACCES" ? "You may not read it." : "";
  return new CliError({ exit: exits.usage, message: `Cannot read ${path}.`, hint: why === "" ? [] : [why], cause });
}
