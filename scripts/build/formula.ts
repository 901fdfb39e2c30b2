import { join } from "node:path";
import { root } from "./compile.ts";
import { repository } from "./repository.ts";

const releases = `https://github.com/${repository}/releases`;

/** The Homebrew formula of a release. `sums` holds lines of SHA256SUMS. Throws when an archive it names has no sum. */
export async function formula(version: string, sums: readonly string[]): Promise<string> {
  const template = await Bun.file(join(root, "scripts/homebrew/amazon-chat.rb.template")).text();
  const withoutFirstLine = template.slice(template.indexOf("\n") + 1);
  return withoutFirstLine.replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => {
    if (name === "version") return version;
    if (name === "releases") return releases;
    const line = sums.find((one) => one.endsWith(`  amazon-chat-${version}-${name}.tar.gz`));
    if (line === undefined) throw new Error(`no sum for ${name}`);
    return line.slice(0, line.indexOf(" "));
  });
}
