import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startAws, type AwsAction, type AwsFault } from "../../fakes/aws.ts";
import { Home } from "./home.ts";

const keys = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_REGION: "us-east-1",
};
const homes: Home[] = [];
afterAll(() => homes.forEach((home) => home.remove()));

// Each test starts the program and loads the SDK, on machines that do other things too.
setDefaultTimeout(30_000);

type Setup = {
  faults?: Partial<Record<AwsAction, AwsFault>>;
  headers?: Record<string, string>;
  env?: Record<string, string>;
  files?: Record<string, string>;
  args?: string[];
};

async function check({ faults = {}, headers = {}, env = keys, files = {}, args = [] }: Setup) {
  const aws = startAws(faults, headers);
  const home = new Home();
  homes.push(home);
  for (const [path, text] of Object.entries(files)) home.write(path, text);
  const ended = await home.run(["config", "test-aws", ...args], {
    env: { AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_DISABLED: "true", ...env },
  });
  aws.stop();
  const plain = ended.out
    .replaceAll(aws.url, "URL")
    .replaceAll(new URL(aws.url).host, "HOST")
    .replace(/\d+ ms/g, "N ms")
    // The date of an answer is as old as the second in which a busy fake last looked at its clock.
    .replace(/skew -?\d s/g, "skew 0 s");
  return { ...ended, plain, asked: aws.asked };
}

describe("config test-aws", () => {
  test("all is well: each step says what it found", async () => {
    const { plain, err, exit, asked } = await check({});
    expect([err, exit]).toEqual(["", 0]);
    expect(plain).toMatchInlineSnapshot(`
      "AWS Bedrock check   region us-east-1

       ✔ Credentials     static: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set; AKIA…MPLE from environment
       ✔ Identity        arn:aws:sts::123456789012:assumed-role/Dev/anna  (sts:GetCallerIdentity, N ms)
       ✔ Endpoint        HOST reachable, clock skew 0 s
       ✔ List models     3 foundation models, 2 inference profiles  (bedrock:ListFoundationModels, N ms)
       ✔ Access          us.amazon.nova-micro-v1:0  AUTHORIZED / AVAILABLE  (bedrock:GetFoundationModelAvailability, N ms)
       ✔ Converse        answered in N ms  (bedrock:InvokeModel, N ms)
       ✔ ConverseStream  first chunk after N ms  (bedrock:InvokeModelWithResponseStream, N ms)

      Ready. us.amazon.nova-micro-v1:0 works. This check used about 11 tokens.
      "
    `);
    for (const { action, authorization } of asked)
      if (action !== "Reach") expect(authorization).toContain("Credential=AKIAIOSFODNN7EXAMPLE/");
  });

  test("--json is one object with every step", async () => {
    const { out } = await check({ args: ["--json", "--model", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"] });
    const result = JSON.parse(out);
    expect(result).toMatchObject({ ok: true, profile: null, region: "us-east-1" });
    expect(result.steps.map(({ id, ok }: { id: string; ok: boolean }) => [id, ok])).toEqual([
      ["credentials", true],
      ["identity", true],
      ["endpoint", true],
      ["list", true],
      ["access", true],
      ["converse", true],
      ["stream", true],
    ]);
  });

  test("--json of a failure carries the code, the next step and the IAM action", async () => {
    const { out, exit } = await check({
      args: ["--json"],
      faults: { Converse: { status: 403, code: "AccessDeniedException", message: "no to bedrock:InvokeModel" } },
    });
    expect(exit).toBe(4);
    const { ok, steps } = JSON.parse(out);
    expect(ok).toBe(false);
    expect(steps.at(-1)).toMatchObject({
      id: "converse",
      ok: false,
      detail: "no to bedrock:InvokeModel",
      code: "AccessDeniedException",
      iam: "bedrock:InvokeModel",
    });
    expect(steps.at(-1).hint[0]).toBe("Your role may not call bedrock:InvokeModel. Ask for this policy:");
  });

  test("--no-invoke asks no model", async () => {
    const { asked, exit } = await check({ args: ["--no-invoke"] });
    expect(exit).toBe(0);
    expect(asked.map(({ action }) => action).filter((action) => action.startsWith("Converse"))).toEqual([]);
  });

  test("a Bedrock API key never asks STS (mapping J.4)", async () => {
    const { plain, asked, exit } = await check({
      env: { AWS_BEARER_TOKEN_BEDROCK: "bedrock-api-key-canary0123", AWS_REGION: "us-east-1" },
    });
    expect(exit).toBe(0);
    expect(plain).toContain("– Identity        skipped: a Bedrock API key works for Bedrock alone");
    expect(plain).not.toContain("canary");
    expect(asked.some(({ form }) => form.has("Action"))).toBe(false);
    for (const { action, authorization } of asked)
      if (action !== "Reach") expect(authorization).toBe("Bearer bedrock-api-key-canary0123");
  });

  test("a role is assumed with all its parameters, and the checks run as the role", async () => {
    const { asked, exit } = await check({
      env: {
        ...keys,
        AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/MyRole",
        AWS_EXTERNAL_ID: "ext-1",
        AWS_ROLE_SESSION_NAME: "me",
        AWS_ROLE_SESSION_DURATION: "7200",
      },
    });
    expect(exit).toBe(0);
    const assume = asked.filter(({ action }) => action === "AssumeRole");
    expect(Object.fromEntries(assume[0]?.form ?? [])).toMatchObject({
      RoleArn: "arn:aws:iam::123456789012:role/MyRole",
      ExternalId: "ext-1",
      RoleSessionName: "me",
      DurationSeconds: "7200",
    });
    expect(asked.find(({ action }) => action === "GetCallerIdentity")?.authorization).toContain(
      "Credential=ASIA0000000000000001/",
    );
  });

  test("--profile means that profile, whatever keys the environment holds", async () => {
    const files = {
      ".aws/credentials": "[dev]\naws_access_key_id = AKIADEVDEVDEVDEVDEV0\naws_secret_access_key = devdevdev\n",
    };
    const { asked, exit } = await check({ files, args: ["--profile", "dev", "--no-invoke"] });
    expect(exit).toBe(0);
    expect(asked[0]?.authorization).toContain("Credential=AKIADEVDEVDEVDEVDEV0/");
  });

  const sso =
    "[profile s]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\nregion = us-east-1\n[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n";
  // The cache file's name is the SHA-1 of the session's name.
  const ssoCache = `.aws/sso/cache/${new Bun.CryptoHasher("sha1").update("corp").digest("hex")}.json`;
  const model = "anthropic.claude-sonnet-4-5-20250929-v1:0";
  const fault = (status: number, code: string, message: string): AwsFault => ({ status, code, message });
  const rows: [string, Setup, string[], number][] = [
    [
      "no credentials",
      { env: { AWS_REGION: "us-east-1" } },
      ['No AWS credentials. Run "aws configure sso", set AWS_PROFILE, or: amazon-chat config set'],
      4,
    ],
    [
      "an unknown profile",
      { env: { AWS_PROFILE: "prd", AWS_REGION: "us-east-1" }, files: { ".aws/config": "[default]\n[profile prod]\n" } },
      ["The config profile (prd) could not be found. Found: default, prod."],
      4,
    ],
    [
      "half a key pair",
      { env: { AWS_ACCESS_KEY_ID: keys.AWS_ACCESS_KEY_ID, AWS_REGION: "us-east-1" } },
      ["AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not"],
      4,
    ],
    [
      "a role without base",
      { env: { AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/R", AWS_REGION: "us-east-1" } },
      ["Role assumption requires base AWS credentials"],
      4,
    ],
    [
      "no region",
      { env: { AWS_ACCESS_KEY_ID: keys.AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: "x" } },
      ["You must specify a region"],
      4,
    ],
    [
      "a token file that is not there",
      {
        env: {
          AWS_WEB_IDENTITY_TOKEN_FILE: "/no/token",
          AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/R",
          AWS_REGION: "us-east-1",
        },
      },
      ["Web identity token file not found", "/no/token"],
      4,
    ],
    [
      "no SSO sign-in",
      { env: { AWS_PROFILE: "s" }, files: { ".aws/config": sso } },
      ["Sign in first: aws sso login --profile s"],
      4,
    ],
    [
      "an expired SSO sign-in",
      {
        env: { AWS_PROFILE: "s" },
        files: {
          ".aws/config": sso,
          [ssoCache]: JSON.stringify({ accessToken: "x", expiresAt: "2020-01-01T00:00:00Z" }),
        },
      },
      ["Your AWS sign-in expired. Run: aws sso login --profile s"],
      4,
    ],
    [
      "a role that may not be assumed",
      {
        env: { ...keys, AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/R" },
        faults: {
          AssumeRole: fault(
            403,
            "AccessDenied",
            "User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole on resource: y",
          ),
        },
      },
      ["Access denied when assuming role"],
      4,
    ],
    [
      "expired keys",
      {
        env: { ...keys, AWS_SESSION_TOKEN: "t" },
        faults: {
          GetCallerIdentity: fault(403, "ExpiredToken", "The security token included in the request is expired"),
        },
      },
      ["Temporary keys expired. Refresh them (source: environment AWS_SESSION_TOKEN)."],
      4,
    ],
    [
      "an unknown access key",
      {
        faults: {
          GetCallerIdentity: fault(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
          ),
        },
      },
      ["AWS does not know this access key (AKIA…MPLE from environment)."],
      4,
    ],
    [
      "an action that is not allowed",
      {
        faults: {
          Converse: fault(
            403,
            "AccessDeniedException",
            "User: x is not authorized to perform: bedrock:InvokeModel on resource: y",
          ),
        },
      },
      ["Your role may not call bedrock:InvokeModel. Ask for this policy:", '"Action":["bedrock:InvokeModel"]'],
      4,
    ],
    [
      "streaming that is not allowed",
      {
        faults: {
          ConverseStream: fault(
            403,
            "AccessDeniedException",
            "User: x is not authorized to perform: bedrock:InvokeModelWithResponseStream",
          ),
        },
      },
      ["Your role may not call bedrock:InvokeModelWithResponseStream."],
      4,
    ],
    [
      "a listing that is not allowed",
      {
        args: ["--model", model],
        faults: {
          ListFoundationModels: fault(
            403,
            "AccessDeniedException",
            "not authorized to perform: bedrock:ListFoundationModels",
          ),
        },
      },
      ["Your role may not call bedrock:ListFoundationModels.", "✔ Converse "],
      4,
    ],
    [
      "a model that is not enabled",
      {
        faults: {
          Converse: fault(
            403,
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
          ),
        },
      },
      ["Model not enabled in us-east-1 for this account. Open Bedrock → Model access, or submit the use-case form."],
      5,
    ],
    [
      "a marketplace subscription that is missing",
      {
        faults: {
          Converse: fault(
            403,
            "AccessDeniedException",
            "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)",
          ),
        },
      },
      ["aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions", "wait about 2 minutes"],
      5,
    ],
    [
      "a model that needs a profile",
      {
        args: ["--model", model],
        faults: {
          Converse: fault(
            400,
            "ValidationException",
            `Invocation of model ID ${model} with on-demand throughput isn’t supported.`,
          ),
        },
      },
      [`${model} needs an inference profile. Use: us.${model}`],
      5,
    ],
    [
      "an invalid model id",
      {
        args: ["--model", "anthropic.claude-sonet-4-5"],
        faults: { Converse: fault(400, "ValidationException", "The provided model identifier is invalid.") },
      },
      ["Did you mean us.anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon-chat models --provider bedrock"],
      5,
    ],
    ["a model of OpenAI", { args: ["--model", "gpt-4o-mini"] }, ["gpt-4o-mini is not a model of Bedrock."], 5],
    [
      "throttling",
      { faults: { Converse: fault(429, "ThrottlingException", "Too many requests") } },
      ["Wait a minute and run this again."],
      6,
    ],
    [
      "an endpoint that is not there",
      { env: { ...keys, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: "http://127.0.0.1:1" } },
      ["Cannot reach 127.0.0.1:1. Is the region (us-east-1) right?"],
      1,
    ],
  ];
  for (const [title, setup, said, code] of rows) {
    test(`${title}: exit ${code} and the next step`, async () => {
      const { out, err, exit } = await check(setup);
      for (const text of said) expect(out).toContain(text);
      expect([err, exit]).toEqual(["", code]);
      expect(out).toEndWith("Not ready.\n");
    });
  }

  test("not being allowed to ask about access is no lack of access", async () => {
    const { plain, exit } = await check({
      faults: {
        GetFoundationModelAvailability: fault(
          403,
          "AccessDeniedException",
          "not authorized to perform: bedrock:GetFoundationModelAvailability",
        ),
      },
    });
    expect(exit).toBe(0);
    expect(plain).toContain("! Access");
  });

  test("a clock that is far off is told beside a refused signature", async () => {
    const headers = { date: new Date(Date.now() - 3_600_000).toUTCString() };
    const { plain } = await check({
      headers,
      faults: {
        Converse: fault(403, "InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than …"),
      },
    });
    expect(plain).toContain("Your clock is 1h 0m ahead");
  });

  test("a hostile directory runs nothing and redirects nothing", async () => {
    const aws = startAws();
    const evil = startAws();
    const home = new Home();
    homes.push(home);
    home.write("evil/config", `[default]\ncredential_process = touch ${home.path}/PWNED\n`);
    home.write(
      "work/.env",
      `AWS_CONFIG_FILE=${home.path}/evil/config\nAWS_ENDPOINT_URL=${evil.url}\nAWS_ENDPOINT_URL_STS=${evil.url}\nHTTP_PROXY=${evil.url}\nNODE_OPTIONS=--require=./evil.js\nAMAZON_CHAT_CONFIG=./evil.env\n`,
    );
    home.write("work/evil.env", `AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${evil.url}\n`);
    const env = { AWS_REGION: "us-east-1", AWS_EC2_METADATA_DISABLED: "true" };
    const { err } = await home.run(["config", "test-aws"], { env });
    expect(evil.asked).toEqual([]);
    expect(home.read("PWNED")).toBeUndefined();
    expect(err).toContain(
      "ignored AWS_CONFIG_FILE, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS, HTTP_PROXY, NODE_OPTIONS, AMAZON_CHAT_CONFIG.",
    );
    aws.stop();
    evil.stop();
  });

  test("AWS's words cannot move the cursor", async () => {
    const { out } = await check({ faults: { Converse: fault(400, "ValidationException", "bad \u001b[2J thing") } });
    expect(out).not.toContain("\u001b");
  });

  test("wrong flags are exit 2", async () => {
    expect((await check({ args: ["--timeout", "0"] })).exit).toBe(2);
    expect((await check({ env: { ...keys, AWS_ROLE_SESSION_DURATION: "abc" } })).exit).toBe(2);
  });
});
