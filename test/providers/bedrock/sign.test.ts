import { describe, expect, test } from "bun:test";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { encodeSegment } from "../../../src/providers/bedrock/canonical.ts";
import { canonicalRequest, sha256, sign, type Keys } from "../../../src/providers/bedrock/sign.ts";
import { noTraffic, trafficFolder } from "../../traffic-folder.ts";

/** Node's hash in the shape that the SDK's signer takes. */
class Sha256 {
  readonly #key: Uint8Array | undefined;
  #parts: (string | Uint8Array)[] = [];
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#key = key === undefined ? undefined : Buffer.from(key as Uint8Array);
  }
  update(part: string | Uint8Array): void {
    this.#parts.push(part);
  }
  async digest(): Promise<Uint8Array> {
    const hash = this.#key ? createHmac("sha256", this.#key) : createHash("sha256");
    for (const part of this.#parts) hash.update(part);
    return hash.digest();
  }
  reset(): void {
    this.#parts = [];
  }
}

type Asked = { path: string; headers: Record<string, string>; body: string; keys: Keys; region: string; now: number };

async function theirs({ path, headers, body, keys, region, now }: Asked): Promise<string | undefined> {
  const signer = new SignatureV4({
    credentials: keys,
    region,
    service: "bedrock",
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = { method: "POST", protocol: "https:", hostname: "x", path, headers, body, query: {} };
  const signed = await signer.sign(request, { signingDate: new Date(now) });
  return signed.headers["authorization"];
}

function ours({ path, headers, body, keys, region, now }: Asked): string | undefined {
  const request = { method: "POST", path, headers, bodyHash: sha256(body) };
  return sign(request, keys, { region, service: "bedrock" }, now)["authorization"];
}

const keys: Keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const now = Date.UTC(2026, 10, 21, 12, 34, 56);

function asked(id: string, more: Partial<Asked> = {}): Asked {
  const host = "bedrock-runtime.us-east-1.amazonaws.com";
  return {
    path: `/model/${encodeSegment(id)}/converse-stream`,
    headers: { host, "content-type": "application/json", "x-amz-content-sha256": sha256("{}") },
    body: "{}",
    keys,
    region: "us-east-1",
    now,
    ...more,
  };
}

describe("equal to the SDK's signature", () => {
  test.each([
    "anthropic.claude-3-haiku-20240307-v1:0",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl",
    "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0",
    "odd!'()*~ id+%2F",
  ])("T-36 %s", async (id) => {
    expect(ours(asked(id))).toBe(await theirs(asked(id)));
  });

  test("T-36 for any id, body, session token and header value", async () => {
    const text = fc.string({ unit: "binary", minLength: 1 }).filter((id) => !/[\ud800-\udfff]/.test(id));
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.option(fc.stringMatching(/^[\w+/=]{1,40}$/)),
        fc.stringMatching(/^[!-~]+( {1,3}[!-~]+)*$/),
        async (id, body, token, value) => {
          const base = asked(id);
          const one = asked(id, {
            body,
            keys: token ? { ...keys, sessionToken: token } : keys,
            headers: {
              ...base.headers,
              "x-amz-content-sha256": sha256(body),
              "x-amzn-bedrock-request-metadata": value,
            },
          });
          expect(ours(one)).toBe(await theirs(one));
        },
      ),
    );
  });

  test("the signing key follows the day, the region and the secret", async () => {
    for (const more of [
      { now: now + 86_400_000 },
      { region: "eu-west-1" },
      { keys: { ...keys, secretAccessKey: "another" } },
      {},
    ]) {
      const one = asked("anthropic.x-v1:0", more);
      expect(ours(one)).toBe(await theirs(one));
    }
  });
});

type Vector = { name: string; request: string; canonical: string; signed: string; keys: Keys };

/** A raw request of the suites: lines, header lines continued by indentation, body behind the blank line. */
function parse(raw: string): { method: string; target: string; headers: Record<string, string>; body: string } {
  const [head = "", ...rest] = raw.replaceAll("\r\n", "\n").split("\n\n");
  const [first = "", ...lines] = head.trimEnd().split("\n");
  const [method = ""] = first.split(" ");
  const headers: Record<string, string> = {};
  let last = "";
  for (const line of lines) {
    const at = line.indexOf(":");
    if (/^\s/.test(line)) headers[last] += ` ${line.trim()}`;
    else {
      last = line.slice(0, at).toLowerCase();
      const value = line.slice(at + 1).trim();
      headers[last] = last in headers ? `${headers[last]},${value}` : value;
    }
  }
  const target = first.slice(method.length + 1).replace(/ HTTP\/1\.1$/, "");
  return { method, target, headers, body: rest.join("\n\n") };
}

/** Cases that no call to Bedrock can be like. */
const ruledOut: Record<string, string> = {
  unnormalized: "signs the path as it is, S3's way",
  "post-sts-header-after": "leaves the session token out of the signature, Bedrock wants it in",
  "smithy-rs/get-space-normalized": "signs a path that is encoded once already without encoding it again, S3's way",
  "botocore-aws4_testsuite/get-vanilla-with-session-token":
    "its signature is a piece of its token; aws-c-auth has the same case with a real one",
  "double-encode-path": "its request and its canonical form name different dates",
};

function read(...path: string[]): string {
  return readFileSync(join(trafficFolder ?? "", "vectors/sigv4", ...path), "utf8");
}

function vectors(): Vector[] {
  if (trafficFolder === undefined) return [];
  const found: Vector[] = [];
  for (const suite of ["aws-c-auth", "smithy-rs"]) {
    for (const name of readdirSync(join(trafficFolder, "vectors/sigv4", suite), { withFileTypes: true })) {
      if (!name.isDirectory()) continue;
      const folder = [suite, name.name];
      const contextFile = join(trafficFolder, "vectors/sigv4", ...folder, "context.json");
      const context = existsSync(contextFile)
        ? (JSON.parse(readFileSync(contextFile, "utf8")) as { credentials: { token?: string } })
        : { credentials: {} };
      const token = context.credentials.token;
      found.push({
        name: `${suite}/${name.name}`,
        request: read(...folder, "request.txt"),
        canonical: read(...folder, "header-canonical-request.txt"),
        signed: read(...folder, "header-signed-request.txt"),
        keys: token ? { ...keys, sessionToken: token } : keys,
      });
    }
  }
  const botocore = "botocore-aws4_testsuite";
  const cases = readdirSync(join(trafficFolder, "vectors/sigv4", botocore), { recursive: true, encoding: "utf8" });
  for (const file of cases.filter((one) => one.endsWith(".req"))) {
    const stem = file.slice(0, -4);
    found.push({
      name: `${botocore}/${stem.replace(/\/[^/]*$/, "")}`,
      request: read(botocore, file),
      canonical: read(botocore, `${stem}.creq`),
      signed: read(botocore, `${stem}.sreq`),
      keys,
    });
  }
  return found;
}

describe.skipIf(trafficFolder === undefined)(`published vectors${noTraffic}`, () => {
  for (const vector of vectors()) {
    const reason = Object.entries(ruledOut).find(([part]) => vector.name.includes(part))?.[1];
    test.skipIf(reason !== undefined)(`${vector.name}${reason ? ` (skipped: ${reason})` : ""}`, () => {
      const { method, target, headers, body } = parse(vector.request);
      const [, path = "", , query = ""] = /^([^?]*)(\?(.*))?$/s.exec(target) ?? [];
      const expected = parse(vector.signed).headers["authorization"] ?? "";
      const date = parse(vector.signed).headers["x-amz-date"] ?? "";
      const [, y, mo, d, h, mi, s] = (/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []).map(Number);
      const [, region = "", service = ""] = /\/\d{8}\/([^/]+)\/([^/]+)\//.exec(expected) ?? [];
      const content = parse(vector.signed).headers["x-amz-content-sha256"];
      // What the signer adds is not handed in; the token of a case that brings it in the request is.
      const token = headers["x-amz-security-token"] ?? parse(vector.signed).headers["x-amz-security-token"];
      const own: Record<string, string> = { ...headers, ...(content && { "x-amz-content-sha256": content }) };
      delete own["x-amz-date"];
      delete own["x-amz-security-token"];
      const signing = token ? { ...vector.keys, sessionToken: token } : vector.keys;
      const unsigned = { method, path, query, headers: own, bodyHash: sha256(body) };
      const at = Date.UTC(y ?? 0, (mo ?? 1) - 1, d, h, mi, s);
      const added = sign(unsigned, signing, { region, service }, at);
      const { authorization = "", ...rest } = added;
      expect(canonicalRequest({ ...unsigned, headers: { ...own, ...rest } }).text).toBe(vector.canonical.trimEnd());
      expect(authorization).toBe(expected);
    });
  }

  test("there are enough of them", () => {
    expect(vectors().length).toBeGreaterThan(70);
  });
});
