import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { amazonChat, type Ended } from "../spawn.ts";

/** A temporary home with a working directory in it, and the program run there with nothing else in its environment. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), "home-"));
  readonly work = join(this.path, "work");
  readonly config = join(this.path, ".config", "amazon-chat", "config.env");

  constructor() {
    mkdirSync(this.work);
  }

  write(path: string, text: string, mode = 0o600): string {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  }

  /** The user's configuration file, undefined when there is none. */
  read(path = ".config/amazon-chat/config.env"): string | undefined {
    const file = join(this.path, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  run(args: string[], { env = {}, stdin = "" }: { env?: Record<string, string>; stdin?: string } = {}): Promise<Ended> {
    return amazonChat(args, { cwd: this.work, env: { HOME: this.path, ...env }, stdin });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
