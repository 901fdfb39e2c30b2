import { afterAll, beforeAll, describe, expect, setDefaultTimeout } from "bun:test";
import { startAws, type Aws } from "../../fakes/aws.ts";
import { startMoto, type Moto } from "../../fakes/moto.ts";
import { testNeeding } from "../../needs.ts";
import { pythonProgram } from "../../python/interpreter.ts";
import { Home } from "./home.ts";

setDefaultTimeout(60_000);

const program = pythonProgram("moto_server");

describe("config test-aws against moto's STS", () => {
  let moto: Moto;
  let aws: Aws;
  let home: Home;
  let keys: { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };
  const role = "arn:aws:iam::123456789012:role/BedrockRole";

  beforeAll(async () => {
    if (program.path === undefined) return;
    moto = await startMoto(program.path);
    aws = startAws();
    home = new Home();
    await moto.iam("CreateUser", { UserName: "anna" });
    const made = await moto.iam("CreateAccessKey", { UserName: "anna" });
    const field = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(made)?.[1] ?? "";
    keys = { AWS_ACCESS_KEY_ID: field("AccessKeyId"), AWS_SECRET_ACCESS_KEY: field("SecretAccessKey") };
    await moto.iam("CreateRole", {
      RoleName: "BedrockRole",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
      }),
    });
    home.write(
      ".aws/credentials",
      `[base]\naws_access_key_id = ${keys.AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${keys.AWS_SECRET_ACCESS_KEY}\n`,
    );
    home.write(
      ".aws/config",
      `[profile base]\nregion = us-east-1\n[profile chained]\nrole_arn = ${role}\nsource_profile = base\nrole_session_name = chained\nregion = us-east-1\n`,
    );
    home.write("token", "a.web.identity-token");
  });
  afterAll(async () => {
    if (program.path === undefined) return;
    aws.stop();
    home.remove();
    await moto.stop();
  });

  const assumed = (session: string): string => `arn:aws:sts::123456789012:assumed-role/BedrockRole/${session}`;
  const rows: [string, () => Record<string, string>, string][] = [
    ["static keys", () => ({ ...keys, AWS_REGION: "us-east-1" }), "arn:aws:iam::123456789012:user/anna"],
    ["a profile, with its own region", () => ({ AWS_PROFILE: "base" }), "arn:aws:iam::123456789012:user/anna"],
    ["a profile that assumes a role itself", () => ({ AWS_PROFILE: "chained" }), assumed("chained")],
    [
      "a role from static keys",
      () => ({
        ...keys,
        AWS_REGION: "us-east-1",
        AWS_ROLE_ARN: role,
        AWS_ROLE_SESSION_NAME: "from-keys",
        AWS_EXTERNAL_ID: "ext",
      }),
      assumed("from-keys"),
    ],
    [
      "a role from a profile",
      () => ({ AWS_PROFILE: "base", AWS_ROLE_ARN: role, AWS_ROLE_SESSION_NAME: "from-profile" }),
      assumed("from-profile"),
    ],
    [
      "web identity",
      () => ({
        AWS_REGION: "us-east-1",
        AWS_ROLE_ARN: role,
        AWS_WEB_IDENTITY_TOKEN_FILE: `${home.path}/token`,
        AWS_ROLE_SESSION_NAME: "from-token",
      }),
      assumed("from-token"),
    ],
    [
      "the default chain, from AWS's own files",
      () => ({ AWS_REGION: "us-east-1", AWS_AUTH_METHOD: "default_chain", AWS_PROFILE: "base" }),
      "arn:aws:iam::123456789012:user/anna",
    ],
  ];
  for (const [title, env, arn] of rows) {
    testNeeding(program.missing, `${title}: everything runs as ${arn}`, async () => {
      const { out, exit } = await home.run(["config", "test-aws", "--json"], {
        env: {
          AWS_ENDPOINT_URL_STS: moto.url,
          AWS_ENDPOINT_URL_BEDROCK: aws.url,
          AWS_ENDPOINT_URL_BEDROCK_RUNTIME: aws.url,
          AWS_EC2_METADATA_DISABLED: "true",
          ...env(),
        },
      });
      const { steps } = JSON.parse(out);
      expect(steps.find(({ id }: { id: string }) => id === "identity")).toMatchObject({ ok: true, detail: arn });
      expect(exit).toBe(0);
    });
  }
});
