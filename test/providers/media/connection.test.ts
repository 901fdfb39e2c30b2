/** The connection behind the guard, over real sockets: where it goes, under which name, and how it is bounded. */
import { afterEach, describe, expect, test } from "bun:test";
import { lookup } from "node:dns/promises";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mediaDefaults, mediaFetcher, openChecked } from "../../../src/providers/media/fetch.ts";
import { checkUrl } from "../../../src/providers/media/guard.ts";
import { json, pieces, whole } from "../../fakes/http.ts";
import { type Exchange, type Script, startWire, type Wire } from "../../fakes/wire.ts";
import { testNeeding } from "../../needs.ts";

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const never = new AbortController().signal;
let wire: Wire | undefined;
afterEach(() => wire?.stop());

/** A fetcher that thinks every name public and connects to a server of ours, over http. */
function fetcherTo(answer: (exchange: Exchange) => Script, more: Partial<typeof mediaDefaults> = {}) {
  wire = startWire(answer);
  const { port } = wire;
  return mediaFetcher({
    ...mediaDefaults,
    ...more,
    allowHttp: true,
    resolve: async (host) => [host.startsWith("inner") ? "10.0.0.5" : "93.184.216.34"],
    open: ({ url }, signal) => {
      const here = new URL(url);
      here.port = String(port);
      return openChecked({ url: here, address: "127.0.0.1" }, signal);
    },
  });
}

describe("a fetch of media", () => {
  test("goes to the checked address under the name that was asked for, without anything that tells on us", async () => {
    const fetch = fetcherTo(() => whole({}, png));
    expect(await fetch("http://public.example/a.png?x=1", "image", never)).toEqual({
      data: Buffer.from(png).toString("base64"),
      mediaType: "image/png",
    });
    const [seen] = wire?.seen ?? [];
    expect(seen?.method).toBe("GET");
    expect(seen?.target).toBe("/a.png?x=1");
    expect(seen?.headers["host"]).toStartWith("public.example");
    expect(seen?.headers["user-agent"]).toBe("amazon-chat");
    for (const name of ["cookie", "authorization", "x-amz-date", "referer"])
      expect(seen?.headers[name]).toBeUndefined();
  });

  test("stops at a redirect to an inner name: nothing is asked there", async () => {
    const fetch = fetcherTo(() => whole({ status: 302, headers: { location: "http://inner.example/secret" } }, ""));
    await expect(fetch("http://public.example/", "image", never)).rejects.toThrow("address not allowed");
    expect(wire?.seen.map(({ headers }) => headers["host"]?.split(":")[0])).toEqual(["public.example"]);
  });

  test("follows a chain of three and no longer one", async () => {
    const chain = (length: number) => (exchange: Exchange) => {
      const n = Number(exchange.target.slice(1));
      return n < length ? whole({ status: 301, headers: { location: `/${n + 1}` } }, "") : whole({}, png);
    };
    expect((await fetcherTo(chain(3))("http://public.example/0", "image", never)).mediaType).toBe("image/png");
    wire?.stop();
    await expect(fetcherTo(chain(4))("http://public.example/0", "image", never)).rejects.toThrow("more than 3 times");
  });

  test("ends at its size, also when the server says nothing of it, and at its time", async () => {
    const endless = function* (): Generator<Uint8Array> {
      for (;;) yield new Uint8Array(10_000);
    };
    const small = { maxBytes: { ...mediaDefaults.maxBytes, image: 100_000 } };
    await expect(
      fetcherTo(() => pieces({}, endless()), small)("http://public.example/", "image", never),
    ).rejects.toThrow("larger than 100000 bytes");
    wire?.stop();
    const silent = fetcherTo(() => [{ then: "stall" }], { timeoutMs: 200 });
    await expect(silent("http://public.example/", "image", never)).rejects.toThrow("it took too long");
  });

  test("an error page of the server is no image", async () => {
    const fetch = fetcherTo(() => json({ secret: "inner" }, { status: 403 }));
    await expect(fetch("http://public.example/", "image", never)).rejects.toThrow(
      "the server answered with status 403",
    );
  });
});

test("the system's own resolver is asked: a name of this machine is refused by its address", async () => {
  // The look-up is real; the name is one that no rule about names refuses.
  const asked: string[] = [];
  const resolve = async (host: string): Promise<string[]> => {
    asked.push(host);
    return (await lookup("localhost", { all: true })).map(({ address }) => address);
  };
  await expect(checkUrl("https://files.example.com/", { allowHttp: false, resolve })).rejects.toThrow(
    "address not allowed",
  );
  expect(asked).toEqual(["files.example.com"]);
});

const openssl = Bun.which("openssl");
testNeeding(
  openssl === null ? "no openssl" : undefined,
  "over TLS the certificate has to be the name's, although the connection goes to an address",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "media-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const made = Bun.spawnSync([
      ...["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"],
      ...["-subj", "/CN=public.example", "-addext", "subjectAltName=DNS:public.example"],
    ]);
    expect(made.exitCode, made.stderr.toString()).toBe(0);
    using server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { key: Bun.file(key), cert: Bun.file(cert) },
      fetch: (request) => Response.json({ host: request.headers.get("host") }),
    });
    // Trust comes with the environment of a process: a process of its own asks.
    const ask = async (host: string): Promise<string> => {
      const child = Bun.spawn([process.execPath, join(import.meta.dir, "ask-checked.ts"), host, String(server.port)], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
        stdout: "pipe",
        stderr: "inherit",
      });
      return (await new Response(child.stdout).text()).trim();
    };
    expect(await ask("public.example")).toBe(`200 public.example:${server.port}`);
    expect(await ask("other.example")).toMatch(/^refused .*(?:ALTNAME|CERT)/i);
  },
);
