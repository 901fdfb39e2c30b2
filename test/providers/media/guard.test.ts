import { describe, expect, test } from "bun:test";
import { checkUrl } from "../../../src/providers/media/guard.ts";
import { mediaDefaults, mediaFetcher } from "../../../src/providers/media/fetch.ts";

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

const hostile = [
  "http://public.example/a.png",
  "ftp://public.example/a",
  "file:///etc/passwd",
  "gopher://public.example/",
  "data:image/png;base64,AAAA",
  "javascript:alert(1)",
  "blob:https://public.example/1",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://0x7f.1/",
  "https://127.0.0.1./",
  "https://0/",
  "https://0.0.0.0/",
  "https://10.0.0.1/",
  "https://10.255.255.255/",
  "https://172.16.0.1/",
  "https://172.31.255.255/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://2852039166/",
  "https://0xa9fea9fe/",
  "https://192.0.0.1/",
  "https://198.18.0.1/",
  "https://198.19.255.255/",
  "https://224.0.0.1/",
  "https://240.0.0.1/",
  "https://255.255.255.255/",
  "https://192.0.2.1/",
  "https://203.0.113.9/",
  "https://198.51.100.1/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::ffff:169.254.169.254]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[fc00::1]/",
  "https://[fd00:ec2::254]/",
  "https://[fe80::1]/",
  "https://[ff02::1]/",
  "https://[2001:db8::1]/",
  "https://[2002:7f00:1::]/",
  "https://[::127.0.0.1]/",
  "https://localhost/",
  "https://LOCALHOST/",
  "https://localhost./",
  "https://a.localhost/",
  "https://printer.local/",
  "https://db.internal/",
  "https://metadata.google.internal/",
  "https://router/",
  "https://x.home.arpa/",
  "https://user@public.example/",
  "https://user:pass@public.example/",
  "https://public.example:8443/",
  "https://public.example:22/",
  "https://private.example/",
  "https://mixed.example/",
  "https://meta.example/",
  "https://mapped.example/",
  "https://nat64.example/",
  "https://ula.example/",
  "https://empty.example/",
  "https://unknown.example/",
  "not a url",
  "https://",
  "//public.example/a",
  "https://①②⑦.⓪.⓪.①/",
];

describe("SSRF guard (mapping B.7)", () => {
  test("knows at least 60 hostile URLs", () => expect(hostile.length).toBeGreaterThanOrEqual(60));
  for (const url of hostile) test(`refuses ${url}`, async () => expect(checkUrl(url, guard)).rejects.toThrow());

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
      expect(run("https://public.example/start", "image", never)).rejects.toThrow(/not allowed|only https/);
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
    expect(run(4)).rejects.toThrow(/more than 3/);
  });

  test("a name that changes its address between hops is judged by what it says then", async () => {
    let asked = 0;
    const rebinding = async (): Promise<string[]> => (++asked === 1 ? ["93.184.216.34"] : ["127.0.0.1"]);
    const run = fetcher(
      () => new Response(null, { status: 302, headers: { location: "https://public.example/again" } }),
      { resolve: rebinding },
    );
    expect(run("https://public.example/", "image", never)).rejects.toThrow(/not allowed/);
  });

  test("bounds the size", async () => {
    const run = fetcher(() => new Response(new Uint8Array(2000)), {
      maxBytes: { ...mediaDefaults.maxBytes, image: 1000 },
    });
    expect(run("https://public.example/", "image", never)).rejects.toThrow(/larger than 1000/);
  });

  test("says what the server answered", async () => {
    expect(
      fetcher(() => new Response("no", { status: 404 }))("https://public.example/", "image", never),
    ).rejects.toThrow(/status 404/);
  });
});
