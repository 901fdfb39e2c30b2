import { afterEach, describe, expect, test } from "bun:test";
import { GatewayError } from "../../../src/core/error.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";
import type { Frame } from "../../../src/core/events.ts";
import { awsDecoder } from "../../../src/framing/aws.ts";
import { bedrockEndpoint } from "../../../src/providers/bedrock/endpoint.ts";
import { bedrockProvider } from "../../../src/providers/bedrock/index.ts";
import type { BedrockSettings } from "../../../src/providers/bedrock/settings.ts";
import { event } from "../../fakes/event-stream.ts";
import { json, whole } from "../../fakes/http.ts";
import { signatureFault } from "../../fakes/signature.ts";
import { startSts } from "../../fakes/sts.ts";
import { startWire, type Exchange, type Script, type Wire } from "../../fakes/wire.ts";
import { call, claude, keys, settings } from "./provider.ts";

const open: { stop(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});

function upstream(answer: (exchange: Exchange) => Script): Wire {
  const wire = startWire(answer);
  open.push(wire);
  return wire;
}

function provider(wire: Wire, more: Partial<BedrockSettings> = {}, now?: () => number) {
  return bedrockProvider(settings({ ...more, endpoints: { runtime: wire.url, fips: false, ...more.endpoints } }), now);
}

describe("what goes over the wire", () => {
  test.each([
    ["bedrock_converse", false, "converse"],
    ["bedrock_converse", true, "converse-stream"],
    ["bedrock_claude", false, "invoke"],
    ["bedrock_claude", true, "invoke-with-response-stream"],
    ["bedrock_titan", false, "invoke"],
    ["bedrock_titan", true, "invoke-with-response-stream"],
  ])("T-79 %s, stream %p: %s over plain HTTP/1.1, signed", async (dialect, stream, operation) => {
    const wire = upstream(() => json({}));
    await provider(wire).send(call({ dialect, stream }));
    const [seen] = wire.seen;
    expect(seen?.method).toBe("POST");
    expect(seen?.target).toBe(`/model/anthropic.claude-3-haiku-20240307-v1%3A0/${operation}`);
    expect(seen?.headers["content-type"]).toBe("application/json");
    expect(seen && signatureFault(seen, keys.secretAccessKey)).toBeUndefined();
    expect(Buffer.from(seen?.body ?? []).toString()).toBe('{"messages":[]}');
  });

  test("T-36 an ARN is encoded once in the path, and the region in it signs", async () => {
    const arn = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abcdefghijkl";
    const wire = upstream(() => json({}));
    const facts = factsOnBedrock(arn, claude, "eu-central-1");
    await provider(wire).send(call({ model: arn, facts }));
    const [seen] = wire.seen;
    expect(seen?.target).toBe(
      "/model/arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Aapplication-inference-profile%2Fabcdefghijkl/converse",
    );
    expect(seen?.headers["authorization"]).toContain("/eu-central-1/bedrock/aws4_request");
    expect(seen && signatureFault(seen, keys.secretAccessKey)).toBeUndefined();
  });

  test("a session token and extra members travel as signed headers", async () => {
    const wire = upstream(() => json({}));
    const headers = {
      "x-amzn-bedrock-guardrailidentifier": "g",
      "x-amzn-bedrock-request-metadata": '{"a":  "b  c"}',
    };
    await provider(wire, { auth: { ...keys, sessionToken: "token" } }).send(
      call({ dialect: "bedrock_claude", headers }),
    );
    const [seen] = wire.seen;
    expect(seen?.headers["x-amz-security-token"]).toBe("token");
    expect(seen?.headers).toMatchObject(headers);
    expect(seen?.headers["authorization"]).toContain("x-amz-security-token;x-amzn-bedrock-guardrailidentifier");
    expect(seen && signatureFault(seen, keys.secretAccessKey)).toBeUndefined();
  });

  test("T-80 a bearer token is sent as it is and nothing is signed", async () => {
    const wire = upstream(() => json({}));
    await provider(wire, { auth: { bearerToken: "ABSKexample", ...keys } }).send(call());
    expect(wire.seen[0]?.headers["authorization"]).toBe("Bearer ABSKexample");
    expect(wire.seen[0]?.headers["x-amz-date"]).toBeUndefined();
  });

  test("a body of bytes is sent untouched", async () => {
    const wire = upstream(() => json({}));
    const body = new TextEncoder().encode('{ "x" : "ü" }');
    await provider(wire).send(call({ body }));
    expect(wire.seen[0]?.body).toEqual(Buffer.from(body));
    expect(wire.seen[0] && signatureFault(wire.seen[0], keys.secretAccessKey)).toBeUndefined();
  });

  test("an endpoint with a path of its own", async () => {
    const wire = upstream(() => json({}));
    await provider(wire, { endpoints: { runtime: `${wire.url}/base/`, fips: false } }).send(call());
    expect(wire.seen[0]?.target).toBe("/base/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse");
    expect(wire.seen[0] && signatureFault(wire.seen[0], keys.secretAccessKey)).toBeUndefined();
  });
});

describe("the answer", () => {
  const types = { headers: { "content-type": "application/vnd.amazon.eventstream" } };

  test("an event stream of a success is framed so", async () => {
    const wire = upstream(() => whole(types, event("messageStart", { role: "assistant" })));
    const reply = await provider(wire).send(call({ stream: true }));
    expect([reply.status, reply.framing]).toEqual([200, "aws"]);
    const decoder = awsDecoder();
    const frames: Frame[] = [];
    for await (const chunk of reply.body ?? []) decoder.push(chunk, frames);
    expect(frames).toEqual([{ event: "messageStart", data: '{"role":"assistant"}' }]);
  });

  test("T-49 an error of a streaming call is JSON, whatever was asked", async () => {
    const wire = upstream(() =>
      json({ message: "no" }, { status: 400, headers: { "x-amzn-errortype": "ValidationException" } }),
    );
    const reply = await provider(wire).send(call({ stream: true }));
    expect([reply.status, reply.framing]).toEqual([400, "json"]);
    expect(reply.headers.get("x-amzn-errortype")).toBe("ValidationException");
    expect(await new Response(reply.body).json()).toEqual({ message: "no" });
  });

  test("a redirect is an answer and not followed", async () => {
    const wire = upstream(() => whole({ status: 307, headers: { location: "/elsewhere" } }, ""));
    expect((await provider(wire).send(call())).status).toBe(307);
    expect(wire.seen.length).toBe(1);
  });
});

describe("credentials of a call", () => {
  test("T-75 refused keys are fetched anew once, however many calls were refused", async () => {
    const sts = startSts(() => ({ expiresAt: Date.now() + 3_600_000 }));
    open.push(sts);
    const wire = upstream(({ headers }) =>
      headers["authorization"]?.includes("ASIA0000000000000001")
        ? json({ __type: "ExpiredTokenException" }, { status: 403 })
        : json({ ok: true }),
    );
    const bedrock = provider(wire, {
      auth: { ...keys, roleArn: "arn:aws:iam::123456789012:role/MyRole" },
      endpoints: { runtime: wire.url, sts: sts.url, fips: false },
    });
    const attempt = async (): Promise<number> => {
      const first = await bedrock.send(call());
      if (first.status !== 403) return first.status;
      expect(bedrock.refresh?.()).toBe(true);
      return (await bedrock.send(call())).status;
    };
    expect(new Set(await Promise.all(Array.from({ length: 20 }, attempt)))).toEqual(new Set([200]));
    expect(sts.calls.length).toBe(2);
  });

  test("static keys have nothing to refresh", () => {
    expect(bedrockProvider(settings()).refresh?.()).toBe(false);
  });

  test("a caller who leaves does not wait for keys, the others get them", async () => {
    const gate = Promise.withResolvers<void>();
    const sts = startSts(async () => (await gate.promise, { expiresAt: Date.now() + 3_600_000 }));
    open.push(sts);
    const wire = upstream(() => json({}));
    const bedrock = provider(wire, {
      auth: { ...keys, roleArn: "arn:aws:iam::123456789012:role/MyRole" },
      endpoints: { runtime: wire.url, sts: sts.url, fips: false },
    });
    const leaving = new AbortController();
    const left = bedrock.send(call({ signal: leaving.signal })).catch((thrown: unknown) => thrown);
    const staying = bedrock.send(call());
    leaving.abort();
    expect(await left).toMatchObject({ kind: "cancelled" });
    gate.resolve();
    expect((await staying).status).toBe(200);
    expect(wire.seen.length).toBe(1);
  });

  test("a wrong clock is corrected from the refusal, and the call sent again", async () => {
    const real = Date.UTC(2026, 10, 21, 12, 0, 0);
    const wire = upstream(({ headers }) =>
      headers["x-amz-date"]?.startsWith("20261121T12")
        ? json({})
        : json(
            { __type: "InvalidSignatureException" },
            { status: 403, headers: { date: new Date(real).toUTCString() } },
          ),
    );
    const bedrock = provider(wire, {}, () => real - 3_600_000);
    expect((await bedrock.send(call())).status).toBe(200);
    expect((await bedrock.send(call())).status).toBe(200);
    expect(wire.seen.length).toBe(3);
  });

  test("a refusal under a right clock is given out at once", async () => {
    const now = Date.UTC(2026, 10, 21, 12, 0, 0);
    const date = new Date(now).toUTCString();
    const wire = upstream(() => json({}, { status: 403, headers: { date } }));
    expect((await provider(wire, {}, () => now).send(call())).status).toBe(403);
    expect(wire.seen.length).toBe(1);
  });
});

test("T-54 a caller who leaves takes the upstream call along", async () => {
  const wire = upstream(function* () {
    yield {
      send: "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ntransfer-encoding: chunked\r\n\r\n",
    };
    yield { then: "stall" };
  });
  const caller = new AbortController();
  const reply = await provider(wire).send(call({ stream: true, signal: caller.signal }));
  expect(reply.framing).toBe("aws");
  caller.abort();
  await wire.seen[0]?.closed;
});

test("no connection is a GatewayError without secrets", async () => {
  const bedrock = bedrockProvider(settings({ endpoints: { runtime: "http://127.0.0.1:1", fips: false } }));
  const error = await bedrock.send(call()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({ kind: "upstream", code: "upstream_connection_error", status: 502, retryable: true });
  expect(String(error)).not.toContain(keys.secretAccessKey);
});

test.each(["xn--80ak6aa92e", "-", "a".repeat(64), "a.b"])(
  "an ARN's region that is no host name part is the caller's mistake: %s",
  async (region) => {
    const facts = factsOnBedrock("arn:x", claude, region);
    const error = await bedrockProvider(settings())
      .send(call({ facts }))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "invalid_request", param: "model", status: 400 });
  },
);

test("speaks: a model's own dialect beside Converse, Titan alone its own", () => {
  const bedrock = bedrockProvider(settings());
  const speaks = (base: string) => bedrock.speaks(factsOnBedrock(base, base));
  expect(speaks(claude)).toEqual(["bedrock_converse", "bedrock_claude"]);
  expect(speaks("amazon.titan-text-express-v1")).toEqual(["bedrock_titan"]);
  expect(speaks("amazon.nova-lite-v1:0")).toEqual(["bedrock_converse"]);
});

test("preview shows URL and headers, and no secret", () => {
  const bedrock = bedrockProvider(settings({ auth: { ...keys, sessionToken: "CANARY" } }));
  const shown = bedrock.preview?.(call({ stream: true }));
  expect(shown?.method).toBe("POST");
  expect(shown?.url).toBe(
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse-stream",
  );
  expect(shown?.headers).toMatchObject({ authorization: "***", "content-type": "application/json" });
  expect(JSON.stringify(shown)).not.toMatch(/CANARY|AKIA|wJalr/);
});

test.each([
  ["us-east-1", false, "https://bedrock-runtime.us-east-1.amazonaws.com"],
  ["us-east-1", true, "https://bedrock-runtime-fips.us-east-1.amazonaws.com"],
  ["us-gov-west-1", true, "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com"],
  ["cn-north-1", false, "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"],
  ["us-iso-east-1", false, "https://bedrock-runtime.us-iso-east-1.c2s.ic.gov"],
  ["us-isob-east-1", false, "https://bedrock-runtime.us-isob-east-1.sc2s.sgov.gov"],
  ["us-isof-south-1", false, "https://bedrock-runtime.us-isof-south-1.csp.hci.ic.gov"],
  ["eu-isoe-west-1", false, "https://bedrock-runtime.eu-isoe-west-1.cloud.adc-e.uk"],
  ["eusc-de-east-1", false, "https://bedrock-runtime.eusc-de-east-1.amazonaws.eu"],
])("endpoint of %s, FIPS %p", async (region, fips, expected) => {
  expect(bedrockEndpoint("runtime", region, { fips })).toBe(expected);
  // The SDK's own rules agree.
  const { BedrockRuntimeClient } = await import("@aws-sdk/client-bedrock-runtime");
  const client = new BedrockRuntimeClient({ region, useFipsEndpoint: fips });
  const params = { Region: region, UseFIPS: fips, UseDualStack: false };
  expect(client.config.endpointProvider(params).url.href).toBe(`${expected}/`);
});

test("a service's own endpoint wins over the one for all", () => {
  const endpoints = { fips: false, all: "http://all/", control: "http://control" };
  expect(bedrockEndpoint("runtime", "us-east-1", endpoints)).toBe("http://all");
  expect(bedrockEndpoint("control", "us-east-1", endpoints)).toBe("http://control");
});
