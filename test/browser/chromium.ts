import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome"];
const executable = names.map((name) => Bun.which(name)).find((path) => path !== null);

/** What is not there; undefined when the browser is. */
export const noChromium = executable === undefined ? "no Chromium on the PATH" : undefined;

/** Headless, and without the calls home that a browser makes by itself. */
export function launch(): Promise<Browser> {
  if (executable === undefined) throw new Error("no Chromium");
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
