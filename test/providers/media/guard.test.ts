import { describe, expect, test } from "bun:test";
import { checkUrl } from "../../../src/providers/media/guard.ts";
import { mediaDefaults, mediaFetcher } from "../../../src/providers/media/fetch.ts";
import { hostile } from "./hostile-urls.ts";

const names: Record<string, string[]> = {
  "public.example": ["93.184.216.34"],
  "six.example": ["2606:2800:220:1::1"],
  "private.example": ["10.0.0.5"],
  "mixed.example": ["93.184.216.34", "127.0.0.1"],
  "meta.example": ["169.254.169.254"],
  "mapped.example": ["::ffff:169.254.169.254"],
  "nat64.example": ["64:ff9b::a9fe:a9fe"],
  "ula.example": ["fd00:ec2::254"],
  "empty.example": [],
};
const resolve = async (host: string): Promise<string[]> => {
  const found = names[host];
  if (!found) throw new Error("ENOTFOUND");
  return found;
};
const guard = { allowHttp: false, resolve };

describe("SSRF guard (mapping B.7)", () => {
  test("knows at least 60 hostile URLs", () => expect(hostile.length).toBeGreaterThanOrEqual(60));
  for (const url of hostile) test(`refuses ${url}`, () => expect(checkUrl(url, guard)).rejects.toThrow());

  test("lets public names and addresses through, pinned to the checked address", async () => {
    expect((await checkUrl("https://public.example/a.png", guard)).address).toBe("93.184.216.34");
    expect((await checkUrl("https://six.example/a.png", guard)).address).toBe("2606:2800:220:1::1");
    expect((await checkUrl("https://93.184.216.34/", guard)).address).toBe("93.184.216.34");
    expect((await checkUrl("http://public.example/", { ...guard, allowHttp: true })).address).toBe("93.184.216.34");
  });
});

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const fetcher = (open: (url: URL, address: string) => Response, more = {}) =>
  mediaFetcher({ ...mediaDefaults, resolve, open: async ({ url, address }) => open(url, address), ...more });
const never = new AbortController().signal;

describe("media fetcher", () => {
  test("sniffs the type and gives base64", async () => {
    const got = await fetcher(() => new Response(png, { headers: { "content-type": "image/jpeg" } }))(
      "https://public.example/a",
      "image",
      never,
    );
    expect(got).toEqual({ data: Buffer.from(png).toString("base64"), mediaType: "image/png" });
  });

  test("a store that says nothing of its objects is taken at the object's name", async () => {
    const typed = async (path: string, type: string): Promise<string> => {
      const run = fetcher(() => new Response("a,b", { headers: { "content-type": type } }));
      return (await run(`https://public.example/${path}`, "document", never)).mediaType;
    };
    expect(await typed("files/a.csv?sig=1.pdf", "binary/octet-stream")).toBe("text/csv");
    expect(await typed("a.mov", "application/octet-stream")).toBe("video/quicktime");
    expect(await typed("a.csv", "text/plain; charset=utf-8")).toBe("text/plain");
    expect(await typed("a", "application/octet-stream")).toBe("application/octet-stream");
  });

  test("checks every hop of a redirect chain", async () => {
    for (const location of [
      "https://private.example/",
      "http://public.example/",
      "https://169.254.169.254/",
      "//localhost/x",
    ]) {
      const run = fetcher((url) =>
        url.pathname === "/start" ? new Response(null, { status: 302, headers: { location } }) : new Response(png),
      );
      await expect(run("https://public.example/start", "image", never)).rejects.toThrow(/not allowed|only https/);
    }
  });

  test("follows three hops and no more", async () => {
    const run = (hops: number) =>
      fetcher((url) => {
        const n = Number(url.searchParams.get("n"));
        return n < hops
          ? new Response(null, { status: 301, headers: { location: `/x?n=${n + 1}` } })
          : new Response(png);
      })("https://public.example/x?n=0", "image", never);
    expect((await run(3)).mediaType).toBe("image/png");
    await expect(run(4)).rejects.toThrow(/more than 3/);
  });

  test("a name that changes its address between hops is judged by what it says then", async () => {
    let asked = 0;
    const rebinding = async (): Promise<string[]> => (++asked === 1 ? ["93.184.216.34"] : ["127.0.0.1"]);
    const run = fetcher(
      () => new Response(null, { status: 302, headers: { location: "https://public.example/again" } }),
      { resolve: rebinding },
    );
    await expect(run("https://public.example/", "image", never)).rejects.toThrow(/not allowed/);
  });

  test("bounds the size", async () => {
    const run = fetcher(() => new Response(new Uint8Array(2000)), {
      maxBytes: { ...mediaDefaults.maxBytes, image: 1000 },
    });
    await expect(run("https://public.example/", "image", never)).rejects.toThrow(/larger than 1000/);
  });

  test("says what the server answered", async () => {
    await expect(
      fetcher(() => new Response("no", { status: 404 }))("https://public.example/", "image", never),
    ).rejects.toThrow(/status 404/);
  });
});
