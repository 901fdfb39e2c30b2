/** The web pages in a real browser, against the demo models. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { testNeeding } from "../needs.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { launch, noChromium } from "./chromium.ts";
import { open, seriousViolations } from "./gateway-page.ts";

let browser: Browser;
let gateway: Gateway;
beforeAll(async () => {
  if (noChromium !== undefined) return;
  gateway = await startGateway("http://127.0.0.1:9", { args: ["--demo"] });
  browser = await launch();
}, 60_000);
afterAll(async () => {
  if (noChromium !== undefined) return;
  await browser.close();
  await gateway.stop();
});

const inBrowser = (title: string, body: () => Promise<void>): void => testNeeding(noChromium, title, body, 60_000);
const text = async (page: Page, selector: string): Promise<string> => (await page.textContent(selector)) ?? "";
const done = (page: Page) => page.waitForFunction(() => document.getElementById("state")?.textContent === "Done");
const scrollsSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe("every page", () => {
  for (const path of ["/", "/docs", "/redoc"]) {
    for (const scheme of ["light", "dark"] as const) {
      inBrowser(`${path} loads in ${scheme} without a complaint or a call elsewhere`, async () => {
        const { page, wrongs } = await open(browser, gateway.url, { path, scheme });
        await page.getByText("amazon-chat").first().waitFor();
        expect(wrongs).toEqual([]);
        await page.context().close();
      });
    }
  }
});

describe("playground", () => {
  inBrowser("streams an answer and tells tokens, time, upstream request", async () => {
    const { page, wrongs } = await open(browser, gateway.url, { path: "/" });
    await page.selectOption("#model", "demo-lorem");
    await page.click("#send");
    // In the middle: some text is there while it is still being answered.
    await page.waitForFunction(
      () =>
        (document.querySelector("#answer .text")?.textContent ?? "").length > 5 &&
        document.getElementById("state")?.textContent === "Answering…",
    );
    const early = (await text(page, "#answer .text")).length;
    await done(page);
    expect((await text(page, "#answer .text")).length).toBeGreaterThan(early);
    expect(await text(page, "#first-token")).toMatch(/^\d+ ms$/);
    expect(await text(page, "#total-time")).toMatch(/^[\d.]+ m?s$/);
    expect(Number(await text(page, "#tokens-in"))).toBeGreaterThan(0);
    expect(Number(await text(page, "#tokens-out"))).toBeGreaterThan(10);
    expect(await text(page, "#finish")).toBe("stop");
    expect(await text(page, "#raw")).toEndWith("data: [DONE]\n\n");
    expect(await text(page, "#upstream")).toContain("demo:demo-lorem");
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  inBrowser("shows the same request and answer in each format", async () => {
    const { page, wrongs } = await open(browser, gateway.url, { path: "/" });
    await page.fill("#message", "Same words");
    await page.click("#send");
    await done(page);
    const marks = {
      bedrock_claude: "message_stop",
      bedrock_titan: "completionReason",
      openai: "chat.completion.chunk",
    };
    const fields = { bedrock_claude: "anthropic_version", bedrock_titan: "inputText", openai: "stream_options" };
    for (const format of ["bedrock_claude", "bedrock_titan", "openai"] as const) {
      await page.check(`input[value=${format}]`, { force: true });
      await page.waitForFunction((mark) => document.getElementById("raw")?.textContent?.includes(mark), marks[format]);
      await done(page);
      expect(await text(page, "#request")).toContain(fields[format]);
      expect(await text(page, "#upstream-line")).toContain(`${format} → `);
      expect(await text(page, "#answer .text")).toBe("Same words");
    }
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  inBrowser("shows losses, without sending", async () => {
    const { page } = await open(browser, gateway.url, { path: "/" });
    await page.selectOption("#model", "other");
    await page.fill("#other-model", "us.anthropic.claude-opus-4-7");
    await page.click("summary");
    await page.fill("#temperature", "0.5");
    await page.click("#explain");
    await done(page);
    expect(await text(page, "#upstream")).toContain("/model/us.anthropic.claude-opus-4-7/converse");
    expect(await text(page, "#loss-list")).toContain("temperature");
    expect(await page.isVisible("#losses")).toBe(true);
    await page.context().close();
  });

  inBrowser("says when an answer breaks off, and when a request is refused", async () => {
    const { page } = await open(browser, gateway.url, { path: "/" });
    for (const [model, words] of [
      ["demo-cut", "Broken off: The upstream stream ended unexpectedly."],
      ["demo-error-429", "429: Too many requests."],
    ] as const) {
      await page.selectOption("#model", model);
      await page.click("#send");
      await page.waitForFunction((words) => document.getElementById("failure")?.textContent?.includes(words), words);
      expect(await page.isVisible("#failure")).toBe(true);
    }
    await page.context().close();
  });

  inBrowser("works from the keyboard alone", async () => {
    const { page, wrongs } = await open(browser, gateway.url, { path: "/" });
    const focused = () =>
      page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("value"));
    const tabTo = async (id: string): Promise<void> => {
      for (let step = 0; step < 30; step += 1) {
        if ((await focused()) === id) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`the Tab key does not reach ${id}`);
    };
    await tabTo("model");
    await page.keyboard.type("demo-lorem");
    await tabTo("openai");
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("bedrock_claude");
    await tabTo("message");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("By keys");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#answer .text");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.getElementById("state")?.textContent === "Stopped");
    expect(await text(page, "#request")).toContain('"model": "demo-lorem"');
    await tabTo("send");
    await page.keyboard.press("Enter");
    await done(page);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  for (const scheme of ["light", "dark"] as const) {
    inBrowser(`fits a phone of 360 px and has no serious fault for axe in ${scheme}`, async () => {
      const { page } = await open(browser, gateway.url, { path: "/", width: 360, scheme });
      await page.click("summary");
      await page.selectOption("#model", "demo-tools");
      await page.click("#send");
      await done(page);
      expect(await scrollsSideways(page)).toBe(false);
      expect(await seriousViolations(page)).toEqual([]);
      await page.context().close();
    });
  }
});

describe("documents", () => {
  inBrowser("Try it out sends, and shows the answer and the stream", async () => {
    const { page, wrongs } = await open(browser, gateway.url, { path: "/docs" });
    await page.getByText("/v1/chat/completions", { exact: true }).first().click();
    await page.click("button.execute");
    await page.waitForSelector(".live-responses-table");
    expect(await text(page, ".live-responses-table")).toContain("chat.completion");
    const examples = page.locator(".examples-select-element").first();
    await examples.selectOption({ label: "OpenAI: streamed, with usage" });
    await page.click("button.execute");
    await page.waitForFunction(() => document.querySelector(".live-responses-table")?.textContent?.includes("[DONE]"));
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  inBrowser("Try it out fits a phone of 360 px, its answer too", async () => {
    const { page } = await open(browser, gateway.url, { path: "/docs", width: 360 });
    await page.getByText("/v1/chat/completions", { exact: true }).first().click();
    await page.click("button.execute");
    await page.waitForSelector(".live-responses-table");
    expect(await scrollsSideways(page)).toBe(false);
    await page.context().close();
  });

  inBrowser("the reference names the three formats and fits a phone", async () => {
    const { page } = await open(browser, gateway.url, { path: "/redoc", width: 360 });
    for (const name of ["OpenAI", "Bedrock Claude", "Bedrock Titan"]) await page.getByText(name).first().waitFor();
    expect(await scrollsSideways(page)).toBe(false);
    await page.context().close();
  });
});

describe("with a key", () => {
  inBrowser("the playground asks for it, and keeps it in memory alone", async () => {
    const locked = await startGateway("http://127.0.0.1:9", { args: ["--demo"], env: { API_KEY: "open-sesame" } });
    const { page } = await open(browser, locked.url, { path: "/" });
    expect(await text(page, "#failure")).toContain("asks for a key");
    await page.fill("#key", "open-sesame");
    await page.keyboard.press("Tab");
    await page.waitForSelector("option[value=demo-echo]", { state: "attached" });
    await page.selectOption("#model", "demo-echo");
    await page.click("#send");
    await done(page);
    expect(await text(page, "#answer .text")).toContain("Hello!");
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length)).toBe(0);
    await page.reload({ waitUntil: "networkidle" });
    expect(await page.inputValue("#key")).toBe("");
    await page.context().close();
    await locked.stop();
  });
});
