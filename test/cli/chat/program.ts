/** The compiled program with a home of its own, against nothing but loopback. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "../../binary/program.ts";
import { amazonChat, type Ended } from "../spawn.ts";

export const program = [await binary()];
export const home = mkdtempSync(join(tmpdir(), "amazon-chat-chat-"));
export const clean: Record<string, string> = { HOME: home, AWS_EC2_METADATA_DISABLED: "true" };

export type How = { stdin?: string; env?: Record<string, string>; cwd?: string };

/** Runs `chat` with these arguments to its end; stdin is a pipe, empty where nothing is given. */
export function chat(args: string[], { env = {}, ...how }: How = {}): Promise<Ended> {
  return amazonChat(["chat", ...args], { program, env: { ...clean, ...env }, cwd: home, ...how });
}

/** Settings that send OpenAI's models to a fake. */
export function openaiAt(url: string): Record<string, string> {
  return { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: "sk-fake" };
}
