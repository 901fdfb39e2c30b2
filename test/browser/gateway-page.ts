import axeScript from "axe-core/axe.min.js" with { type: "file" };
import type { Browser, Page } from "playwright-core";

type Look = { path: string; width?: number; scheme?: "light" | "dark" };

/** A page of the gateway with everything that went wrong on it: console errors, broken scripts, calls elsewhere. */
export async function open(browser: Browser, url: string, look: Look): Promise<{ page: Page; wrongs: string[] }> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: 800 },
    colorScheme: look.scheme ?? "light",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const wrongs: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrongs.push(message.text());
  });
  page.on("pageerror", (error) => wrongs.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) wrongs.push(`calls ${request.url()}`);
  });
  await page.goto(`${url}${look.path}`, { waitUntil: "networkidle" });
  return { page, wrongs };
}

/** What axe-core calls serious or critical, as `rule: element`. */
export async function seriousViolations(page: Page, scope?: string): Promise<string[]> {
  // Through the debugger, as the page's own policy lets no foreign script in.
  await page.evaluate(await Bun.file(axeScript).text());
  return page.evaluate(async (scope) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(within: unknown): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(scope ?? document);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  }, scope);
}
