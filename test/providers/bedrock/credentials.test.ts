import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayError } from "../../../src/core/error.ts";
import { bedrockProvider, type BedrockProvider } from "../../../src/providers/bedrock/index.ts";
import type { AuthSettings, BedrockSettings } from "../../../src/providers/bedrock/settings.ts";
import { startSts, type Sts, type StsAnswer, type StsCall } from "../../fakes/sts.ts";
import { keys, settings } from "./provider.ts";

const role = "arn:aws:iam::123456789012:role/MyRole";
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function sts(answer: (call: StsCall) => StsAnswer | Promise<StsAnswer>): Sts {
  const one = startSts(answer);
  cleanups.push(() => one.stop());
  return one;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "amazon-chat-"));
  cleanups.push(() => rmSync(path, { recursive: true }));
  return path;
}

function provider(
  auth: AuthSettings,
  url: string,
  more: Partial<BedrockSettings> = {},
  now?: () => number,
): BedrockProvider {
  return bedrockProvider(settings({ auth, endpoints: { sts: url, fips: false }, ...more }), now);
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

const hour = 3_600_000;

describe("assume_role", () => {
  test("from access keys: role, external id, session name and duration", async () => {
    const fake = sts(() => ({ expiresAt: Date.now() + hour }));
    const auth = { ...keys, roleArn: role, externalId: "ext", roleSessionName: "me", roleSessionDuration: 7200 };
    const identity = await provider(auth, fake.url).identity();
    expect(identity?.accessKeyId).toBe("ASIA0000000000000001");
    expect(identity?.sessionToken).toBe("token-0000000000000001");
    const [asked] = fake.calls;
    expect(asked?.action).toBe("AssumeRole");
    expect(asked?.authorization).toContain(`Credential=${keys.accessKeyId}/`);
    expect(asked?.authorization).toContain("/us-east-1/sts/aws4_request");
    expect(Object.fromEntries(asked?.params ?? [])).toMatchObject({
      RoleArn: role,
      ExternalId: "ext",
      RoleSessionName: "me",
      DurationSeconds: "7200",
    });
  });

  test("without an external id none is sent; name and duration have defaults", async () => {
    const fake = sts(() => ({ expiresAt: Date.now() + hour }));
    await provider({ ...keys, roleArn: role }, fake.url).identity();
    const params = Object.fromEntries(fake.calls[0]?.params ?? []);
    expect(params).toMatchObject({ RoleSessionName: "amazon-chat-completions-session", DurationSeconds: "3600" });
    expect(params).not.toHaveProperty("ExternalId");
  });

  test("from a profile of files that the settings name", async () => {
    const fake = sts(() => ({ expiresAt: Date.now() + hour }));
    const credentials = join(folder(), "credentials");
    writeFileSync(credentials, "[dev]\naws_access_key_id = AKIADEVDEVDEVDEV0000\naws_secret_access_key = s\n");
    const files = { credentials, config: "/nowhere" };
    await provider({ profile: "dev", roleArn: role }, fake.url, { files }).identity();
    expect(fake.calls[0]?.authorization).toContain("Credential=AKIADEVDEVDEVDEV0000/");
  });

  test("T-76 a thousand callers at once make one call of STS, later ones none", async () => {
    const gate = Promise.withResolvers<void>();
    const fake = sts(async () => (await gate.promise, { expiresAt: Date.now() + hour }));
    const bedrock = provider({ ...keys, roleArn: role }, fake.url);
    const callers = Array.from({ length: 1000 }, () => bedrock.identity());
    gate.resolve();
    const identities = await Promise.all(callers);
    expect(new Set(identities).size).toBe(1);
    await bedrock.identity();
    expect(fake.calls.length).toBe(1);
  });

  test("T-75 keys are renewed five minutes before they end, by one call, while the old ones serve", async () => {
    let now = Date.now();
    const fake = sts(() => ({ expiresAt: now + hour }));
    const bedrock = provider({ ...keys, roleArn: role }, fake.url, {}, () => now);
    const first = await bedrock.identity();
    now += hour - 5 * 60_000 - 1_000;
    expect(await bedrock.identity()).toBe(first);
    expect(fake.calls.length).toBe(1);
    now += 2_000;
    // In the last five minutes the old keys serve on, and the new ones are fetched once.
    const during = await Promise.all(Array.from({ length: 50 }, () => bedrock.identity()));
    expect(during.every((one) => one === first)).toBe(true);
    while ((await bedrock.identity()) === first) await new Promise(setImmediate);
    expect(fake.calls.length).toBe(2);
    expect((await bedrock.identity())?.accessKeyId).toBe("ASIA0000000000000002");
  });

  test("T-75 keys that have ended are never used", async () => {
    let now = Date.now();
    const fake = sts(() => ({ expiresAt: now + hour }));
    const bedrock = provider({ ...keys, roleArn: role }, fake.url, {}, () => now);
    await bedrock.identity();
    now += 2 * hour;
    const after = await Promise.all(Array.from({ length: 100 }, () => bedrock.identity()));
    expect(after.every((one) => one?.accessKeyId === "ASIA0000000000000002")).toBe(true);
    expect(fake.calls.length).toBe(2);
  });

  test("a failing renewal does not take away keys that still work", async () => {
    let now = Date.now();
    let broken = false;
    const fake = sts(() => (broken ? { status: 400, code: "Throttling", message: "no" } : { expiresAt: now + hour }));
    const bedrock = provider({ ...keys, roleArn: role }, fake.url, {}, () => now);
    const first = await bedrock.identity();
    broken = true;
    now += hour - 4 * 60_000;
    expect(await bedrock.identity()).toBe(first);
  });

  test("access denied says what to check, and hides the account", async () => {
    const fake = sts(() => ({ status: 403, code: "AccessDenied", message: "User: x is not authorized" }));
    const error = await failure(provider({ ...keys, roleArn: role }, fake.url).identity());
    expect(error.message).toBe(
      "Access denied when assuming role arn:aws:iam::************:role/MyRole: check its trust policy and external id.",
    );
    expect([error.kind, error.code, error.status]).toEqual(["upstream_auth", "upstream_authentication_error", 503]);
    expect(error.retryable).toBe(false);
  });

  test("keys that worked once and fail now are 502, not 503", async () => {
    let now = Date.now();
    let broken = false;
    const fake = sts(() => (broken ? { status: 403, code: "AccessDenied", message: "no" } : { expiresAt: now + hour }));
    const bedrock = provider({ ...keys, roleArn: role }, fake.url, {}, () => now);
    await bedrock.identity();
    broken = true;
    now += 2 * hour;
    expect((await failure(bedrock.identity())).status).toBe(502);
  });
});

test("an STS that cannot be reached is told so", async () => {
  const error = await failure(provider({ ...keys, roleArn: role }, "http://127.0.0.1:1").identity());
  expect(error.message).toBe(
    "AWS could not be reached for credentials (ECONNREFUSED). Check the network, the region and AWS_ENDPOINT_URL_STS.",
  );
});

describe("web_identity", () => {
  function setup(answer?: (call: StsCall) => StsAnswer) {
    let now = Date.now();
    const fake = sts(answer ?? (() => ({ expiresAt: now + hour })));
    const file = join(folder(), "token");
    writeFileSync(file, "first-token");
    const bedrock = provider({ roleArn: role, webIdentityTokenFile: file }, fake.url, {}, () => now);
    return { fake, file, bedrock, pass: (ms: number) => void (now += ms) };
  }

  test("exactly one AssumeRoleWithWebIdentity, without a signature", async () => {
    const { fake, bedrock } = setup();
    await Promise.all(Array.from({ length: 1000 }, () => bedrock.identity()));
    expect(fake.calls.length).toBe(1);
    expect(fake.calls[0]?.action).toBe("AssumeRoleWithWebIdentity");
    expect(fake.calls[0]?.authorization).toBeNull();
    expect(Object.fromEntries(fake.calls[0]?.params ?? [])).toMatchObject({
      RoleArn: role,
      WebIdentityToken: "first-token",
      RoleSessionName: "amazon-chat-completions-session",
      DurationSeconds: "3600",
    });
  });

  test("T-75 a rotated token file is read anew at the next renewal", async () => {
    const { fake, file, bedrock, pass } = setup();
    await bedrock.identity();
    writeFileSync(file, "second-token");
    pass(2 * hour);
    await bedrock.identity();
    expect(fake.calls.map((one) => one.params.get("WebIdentityToken"))).toEqual(["first-token", "second-token"]);
  });

  test("a missing token file is named", async () => {
    const { bedrock, file } = setup();
    rmSync(file);
    const error = await failure(bedrock.identity());
    expect(error.message).toBe(`Web identity token file not found: ${file}`);
    expect(error.code).toBe("upstream_authentication_error");
  });

  test("access denied is told as for a role", async () => {
    const { bedrock } = setup(() => ({ status: 403, code: "AccessDenied", message: "no" }));
    expect((await failure(bedrock.identity())).message).toStartWith("Access denied when assuming role ");
  });
});

describe("profile", () => {
  test("static keys of a profile; the session token comes along", async () => {
    const credentials = join(folder(), "credentials");
    writeFileSync(credentials, "[dev]\naws_access_key_id=AKIADEV\naws_secret_access_key=s\naws_session_token=t\n");
    const bedrock = provider({ profile: "dev" }, "http://127.0.0.1:1", { files: { credentials, config: "/nowhere" } });
    expect(await bedrock.identity()).toMatchObject({ accessKeyId: "AKIADEV", secretAccessKey: "s", sessionToken: "t" });
  });

  test("a role inside a profile is assumed at our STS endpoint", async () => {
    const fake = sts(() => ({ expiresAt: Date.now() + hour }));
    const path = folder();
    const files = { credentials: join(path, "credentials"), config: join(path, "config") };
    writeFileSync(files.credentials, "[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=s\n");
    writeFileSync(files.config, `[profile dev]\nrole_arn=${role}\nsource_profile=base\nregion=eu-west-1\n`);
    const bedrock = provider({ profile: "dev" }, fake.url, { files, region: undefined });
    expect(bedrock.region()).toBe("eu-west-1");
    expect((await bedrock.identity())?.accessKeyId).toBe("ASIA0000000000000001");
    expect(fake.calls[0]?.authorization).toContain("Credential=AKIABASE/");
    expect(fake.calls[0]?.authorization).toContain("/eu-west-1/sts/");
  });

  test("keys replaced on disk are seen after the upstream refused the old ones", async () => {
    const credentials = join(folder(), "credentials");
    const write = (id: string) =>
      writeFileSync(credentials, `[dev]\naws_access_key_id=${id}\naws_secret_access_key=s\n`);
    write("AKIAOLD");
    const refusing = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({}, { status: 403 }) });
    cleanups.push(() => void refusing.stop(true));
    const bedrock = provider({ profile: "dev" }, "http://127.0.0.1:1", {
      files: { credentials, config: "/nowhere" },
      endpoints: { runtime: `http://127.0.0.1:${refusing.port}`, fips: false },
    });
    const { call } = await import("./provider.ts");
    await bedrock.send(call());
    write("AKIANEW");
    expect(bedrock.refresh?.()).toBe(true);
    expect((await bedrock.identity())?.accessKeyId).toBe("AKIANEW");
  });

  test("a profile that gives no credentials says so", async () => {
    const config = join(folder(), "config");
    writeFileSync(config, "[profile dev]\nregion=us-east-1\n");
    const bedrock = provider({ profile: "dev" }, "http://127.0.0.1:1", { files: { config, credentials: "/nowhere" } });
    expect((await failure(bedrock.identity())).message).toContain("Profile dev gives no credentials");
  });
});

describe("problem", () => {
  test("an unknown profile is named, with those that exist", () => {
    const path = folder();
    const files = { credentials: join(path, "credentials"), config: join(path, "config") };
    writeFileSync(files.credentials, "[prod]\naws_access_key_id=A\n");
    writeFileSync(files.config, '[default]\nregion = us-west-2\n[profile "qa one"]\n[sso-session x]\n');
    const bedrock = provider({ profile: "prd" }, "http://127.0.0.1:1", { files });
    expect(bedrock.problem()).toBe("The config profile (prd) could not be found. Found: default, prod, qa one.");
  });

  test("no region anywhere", () => {
    expect(provider(keys, "", { region: undefined }).problem()).toStartWith("You must specify a region");
  });

  test("the default profile's region counts where none is set", () => {
    const config = join(folder(), "config");
    writeFileSync(config, "# comment\n[default]\n  nested = 1\nregion = ap-south-1 # here\n");
    const bedrock = provider(keys, "", { region: undefined, files: { config, credentials: "/nowhere" } });
    expect(bedrock.problem()).toBeUndefined();
    expect(bedrock.region()).toBe("ap-south-1");
  });

  test.each(["evil.example.com/", "us-east-1@x", "-x", "US EAST"])(
    "a region that is no host name part is refused: %s",
    (region) => {
      expect(provider(keys, "", { region }).problem()).toContain("is not a region name");
    },
  );

  test("FIPS and an own endpoint contradict each other", () => {
    const endpoints = { all: "http://127.0.0.1:1", fips: true };
    expect(provider(keys, "", { endpoints }).problem()).toContain("AWS_USE_FIPS_ENDPOINT");
  });

  test("inconsistent settings are told, not thrown", () => {
    expect(provider({ roleArn: role }, "").problem()).toStartWith("Role assumption requires base AWS credentials");
    expect(provider({ accessKeyId: "AKIA" }, "").problem()).toContain("set both or neither");
  });
});

test("a bearer token is asked for nothing and refreshes nothing", async () => {
  const bedrock = provider({ bearerToken: "ABSK" }, "http://127.0.0.1:1");
  expect(await bedrock.identity()).toBeUndefined();
  expect(bedrock.refresh?.()).toBe(false);
});

describe("default_chain", () => {
  const names = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
  ];

  /** The SDK's chain reads the environment by itself: for the time of a test it has nothing but `values`. */
  function environment(values: Record<string, string>): void {
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    Object.assign(process.env, values);
    cleanups.push(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
  }

  test("finds keys in the environment", async () => {
    environment({ AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" });
    expect((await provider({}, "http://127.0.0.1:1").identity())?.accessKeyId).toBe("AKIAENV");
  });

  test("nothing found says what to set, and does not ask the instance when that is switched off", async () => {
    environment({});
    const error = await failure(provider({}, "http://127.0.0.1:1", { metadataDisabled: true }).identity());
    expect(error.message).toStartWith("No AWS credentials were found. Set AWS_PROFILE");
    expect([error.code, error.status]).toEqual(["upstream_authentication_error", 503]);
  });
});
