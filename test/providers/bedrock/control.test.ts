import { afterEach, describe, expect, test } from "bun:test";
import { bedrockProvider } from "../../../src/providers/bedrock/index.ts";
import type { BedrockSettings } from "../../../src/providers/bedrock/settings.ts";
import { json } from "../../fakes/http.ts";
import { startSts } from "../../fakes/sts.ts";
import { startWire, type Exchange, type Script, type Wire } from "../../fakes/wire.ts";
import { settings } from "./provider.ts";

const open: { stop(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});

function control(answer: (exchange: Exchange) => Script | Promise<Script>): Wire {
  const wire = startWire(answer);
  open.push(wire);
  return wire;
}

function provider(wire: Wire, more: Partial<BedrockSettings> = {}, now?: () => number) {
  return bedrockProvider(settings({ ...more, endpoints: { control: wire.url, fips: false, ...more.endpoints } }), now);
}

const signal = new AbortController().signal;
const denied = json({ message: "no" }, { status: 403, headers: { "x-amzn-errortype": "AccessDeniedException" } });
const account = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl";
const text = { outputModalities: ["TEXT"], inferenceTypesSupported: ["ON_DEMAND"] };

const models = json({
  modelSummaries: [
    { modelId: "anthropic.claude-3-haiku-20240307-v1:0", modelArn: "a", ...text, modelLifecycle: { status: "ACTIVE" } },
    { modelId: "anthropic.claude-v2", modelArn: "a", ...text, modelLifecycle: { status: "LEGACY" } },
    { modelId: "anthropic.claude-opus-5", modelArn: "a", ...text, inferenceTypesSupported: ["INFERENCE_PROFILE"] },
    { modelId: "amazon.titan-embed-text-v2:0", modelArn: "a", ...text },
  ],
});
const claudeArn = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5";

function profiles(target: string): Script {
  const next = target.includes("nextToken=two");
  const summary = next
    ? { inferenceProfileId: "x", inferenceProfileArn: account, type: "APPLICATION" }
    : { inferenceProfileId: "us.anthropic.claude-opus-5", inferenceProfileArn: "y", type: "SYSTEM_DEFINED" };
  return json({
    inferenceProfileSummaries: [
      {
        ...summary,
        inferenceProfileName: "n",
        status: "ACTIVE",
        createdAt: "2026-01-01T00:00:00Z",
        models: [{ modelArn: claudeArn }],
      },
    ],
    ...(!next && { nextToken: "two" }),
  });
}

describe("models (mapping I.5)", () => {
  test("chat models on demand, and profiles of all pages", async () => {
    const wire = control(({ target }) => (target.startsWith("/foundation-models") ? models : profiles(target)));
    expect(await provider(wire).listModels(signal)).toEqual([
      { id: "anthropic.claude-3-haiku-20240307-v1:0", created: 0, owned_by: "anthropic" },
      { id: "us.anthropic.claude-opus-5", created: 1767225600, owned_by: "anthropic" },
      { id: account, created: 1767225600, owned_by: "anthropic" },
    ]);
    expect(wire.seen.some((one) => one.target.includes("byOutputModality=TEXT"))).toBe(true);
  });

  test("one source that fails leaves the other's", async () => {
    const noProfiles = control(({ target }) => (target.startsWith("/foundation-models") ? models : denied));
    expect((await provider(noProfiles).listModels(signal)).length).toBe(1);
    const noModels = control(({ target }) => (target.startsWith("/foundation-models") ? denied : profiles(target)));
    expect((await provider(noModels).listModels(signal)).length).toBe(2);
  });

  test("both failing is a failure", async () => {
    const wire = control(() => denied);
    const failed = await provider(wire)
      .listModels(signal)
      .catch((thrown: unknown) => thrown);
    expect(failed).toMatchObject({ name: "AccessDeniedException" });
  });

  test("settings that cannot work ask nobody", async () => {
    const wire = control(() => models);
    const failed = await provider(wire, { region: undefined })
      .listModels(signal)
      .catch((thrown: unknown) => thrown);
    expect(String(failed)).toContain("You must specify a region");
    expect(wire.seen.length).toBe(0);
  });

  test("a bearer token asks with the token", async () => {
    const wire = control(({ target }) => (target.startsWith("/foundation-models") ? models : profiles(target)));
    await provider(wire, { auth: { bearerToken: "ABSKexample" } }).listModels(signal);
    expect(wire.seen.map((one) => one.headers["authorization"])).toEqual(Array(3).fill("Bearer ABSKexample"));
  });

  test.each(["", "ABSKother"])(
    "AWS_BEARER_TOKEN_BEDROCK=%p in the environment does not win over keys",
    async (value) => {
      const before = process.env["AWS_BEARER_TOKEN_BEDROCK"];
      process.env["AWS_BEARER_TOKEN_BEDROCK"] = value;
      try {
        const wire = control(({ target }) => (target.startsWith("/foundation-models") ? models : profiles(target)));
        expect((await provider(wire).listModels(signal)).length).toBe(3);
        for (const { headers } of wire.seen) expect(headers["authorization"]).toStartWith("AWS4-HMAC-SHA256 ");
      } finally {
        if (before === undefined) delete process.env["AWS_BEARER_TOKEN_BEDROCK"];
        else process.env["AWS_BEARER_TOKEN_BEDROCK"] = before;
      }
    },
  );

  test("T-78 the role that calls the models is the one that lists them", async () => {
    const sts = startSts(() => ({ expiresAt: Date.now() + 3_600_000 }));
    open.push(sts);
    const wire = control(({ target }) => (target.startsWith("/foundation-models") ? models : profiles(target)));
    const auth = { ...settings().auth, roleArn: "arn:aws:iam::123456789012:role/MyRole" };
    const bedrock = provider(wire, { auth, endpoints: { control: wire.url, sts: sts.url, fips: false } });
    await bedrock.listModels(signal);
    await bedrock.listModels(signal);
    expect(sts.calls.length).toBe(1);
    for (const { headers } of wire.seen) expect(headers["authorization"]).toContain("Credential=ASIA0000000000000001/");
  });
});

describe("T-37 the family behind an ARN", () => {
  const profile = json({ inferenceProfileName: "n", inferenceProfileArn: account, models: [{ modelArn: claudeArn }] });

  test("of an application inference profile, asked once in an hour, in the ARN's region", async () => {
    let now = Date.now();
    const wire = control(() => profile);
    const bedrock = provider(wire, { region: "eu-west-1" }, () => now);
    const all = await Promise.all(Array.from({ length: 20 }, () => bedrock.modelFamily(account, signal)));
    expect(new Set(all)).toEqual(new Set(["anthropic.claude-opus-5"]));
    expect(wire.seen.length).toBe(1);
    expect(wire.seen[0]?.headers["authorization"]).toContain("/us-east-1/bedrock/");
    now += 3_600_001;
    await bedrock.modelFamily(account, signal);
    expect(wire.seen.length).toBe(2);
  });

  test("of a provisioned model", async () => {
    const arn = "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl";
    const wire = control(() => json({ foundationModelArn: claudeArn }));
    expect(await provider(wire).modelFamily(arn, signal)).toBe("anthropic.claude-opus-5");
    expect(wire.seen[0]?.target).toContain("/provisioned-model-throughput/");
  });

  test("refused means unknown, and is not asked again at once", async () => {
    const wire = control(() => denied);
    const bedrock = provider(wire);
    expect(await bedrock.modelFamily(account, signal)).toBeUndefined();
    expect(await bedrock.modelFamily(account, signal)).toBeUndefined();
    expect(wire.seen.length).toBe(1);
  });

  test("invented ARNs are not as many calls of the control plane", async () => {
    const gate = Promise.withResolvers<void>();
    const wire = control(async () => (await gate.promise, denied));
    const bedrock = provider(wire);
    const asked = Array.from({ length: 100 }, (_, i) =>
      bedrock.modelFamily(account.replace("abcdefghijkl", `x${i}`), signal),
    );
    await asked[99];
    gate.resolve();
    expect(new Set(await Promise.all(asked))).toEqual(new Set([undefined]));
    expect(wire.seen.length).toBeLessThanOrEqual(8);
  });

  test("a caller who leaves does not wait", async () => {
    const wire = control(() => [{ then: "stall" }]);
    const leaving = new AbortController();
    const asked = provider(wire)
      .modelFamily(account, leaving.signal)
      .catch((thrown: unknown) => thrown);
    leaving.abort();
    expect(await asked).toMatchObject({ kind: "cancelled" });
  });
});
