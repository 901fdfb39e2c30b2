import { expect, test } from "bun:test";
import { createPages } from "../../src/server/pages/index.ts";

const pages = createPages({ ui: true, version: "1.2.3" });

test("every page that a page names is there", async () => {
  for (const path of ["/", "/docs", "/redoc"]) {
    const html = await (await pages(path))?.text();
    const named = [...(html ?? "").matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, link]) => link ?? "");
    expect(named.length).toBeGreaterThan(3);
    for (const link of named) expect((await pages(link))?.status, `${path} names ${link}`).toBe(200);
  }
});

test("scripts run from here alone, and nothing frames a page", async () => {
  for (const path of ["/", "/docs", "/redoc", "/ui/playground.js"]) {
    const policy = (await pages(path))?.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.split("; ").filter((rule) => rule.startsWith("script-src"))[0]).not.toContain("unsafe");
  }
  expect((await pages("/"))?.headers.get("content-security-policy")).not.toContain("unsafe");
});

test("no page has a script or a style inside, nor names another host", async () => {
  for (const path of ["/", "/docs", "/redoc"]) {
    const html = (await (await pages(path))?.text()) ?? "";
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/https?:\/\//);
  }
  expect(await (await pages("/ui/redoc.standalone.js"))?.text()).not.toContain("cdn.redoc.ly");
});

test("--no-ui leaves the document and nothing else", async () => {
  const off = createPages({ ui: false, version: "1.2.3" });
  for (const path of ["/", "/docs", "/redoc", "/ui/playground.js"]) expect(off(path)).toBeUndefined();
  expect((await off("/openapi.json"))?.status).toBe(200);
});

test("paths outside the table are no pages", async () => {
  for (const path of ["/ui/", "/ui/../app.ts", "/ui/constructor", "/docs/", "/v1/models"]) {
    expect(await pages(path)).toBeUndefined();
  }
});
