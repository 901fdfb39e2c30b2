/** What a release holds: our name, Bun's name, and how it is packed. */
export const targets = [
  { name: "linux-x64", bun: "bun-linux-x64", pack: "tar.gz" },
  { name: "linux-x64-baseline", bun: "bun-linux-x64-baseline", pack: "tar.gz" },
  { name: "linux-x64-musl", bun: "bun-linux-x64-musl", pack: "tar.gz" },
  { name: "linux-x64-musl-baseline", bun: "bun-linux-x64-musl-baseline", pack: "tar.gz" },
  { name: "linux-arm64", bun: "bun-linux-arm64", pack: "tar.gz" },
  { name: "linux-arm64-musl", bun: "bun-linux-arm64-musl", pack: "tar.gz" },
  { name: "darwin-x64", bun: "bun-darwin-x64", pack: "tar.gz" },
  { name: "darwin-arm64", bun: "bun-darwin-arm64", pack: "tar.gz" },
  { name: "windows-x64", bun: "bun-windows-x64", pack: "zip" },
] as const;

export type Target = (typeof targets)[number];

/** The name of the program's file on that target. */
export function programFile(target: Target | undefined): string {
  const windows = target === undefined ? process.platform === "win32" : target.name.startsWith("windows");
  return windows ? "amazon-chat.exe" : "amazon-chat";
}
