import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file with secrets whole or not at all, readable by its owner only (0600, also over a file that was wider).
 * A symbolic link stays one. `createDirectory` makes missing directories, 0700. Throws the system's error.
 */
export function writeWhole(path: string, text: string, createDirectory: boolean): void {
  if (createDirectory) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const target = existsSync(path) ? realpathSync(path) : path;
  // A rename would replace a file that its owner made read-only.
  if (existsSync(target)) accessSync(target, constants.W_OK);
  const temporary = `${target}.${process.pid}.${Date.now().toString(36)}.tmp`;
  // Bun.write ignores the mode, and writeFileSync does so for files that exist (design.md section 7).
  const file = openSync(temporary, "wx", 0o600);
  try {
    try {
      writeFully(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeFully(file: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
