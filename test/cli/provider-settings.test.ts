import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Home } from "./config/home.ts";
import { bedrockSettings, openaiSettings } from "../../src/cli/provider-settings.ts";
import { readConfig, type LoadOptions } from "../../src/config/load.ts";
import { goesThroughProxy } from "../../src/config/proxy.ts";
import { authPlan } from "../../src/providers/bedrock/auth-plan.ts";

let home: Home;
beforeEach(() => void (home = new Home()));
afterEach(() => home.remove());

function config(file: string, env: Record<string, string> = {}, flags: LoadOptions["flags"] = {}) {
  home.write(".config/amazon-chat/config.env", file);
  return readConfig({ cwd: home.work, env: { HOME: home.path, ...env }, flags });
}

describe("one AWS identity, not pieces of two", () => {
  const inFile =
    "AWS_ACCESS_KEY_ID=ASIAFILEFILEFILEFILE\nAWS_SECRET_ACCESS_KEY=file-secret\nAWS_SESSION_TOKEN=file-token\n";

  test("keys of the environment are not sent with a session token that a file still holds", () => {
    const env = { AWS_ACCESS_KEY_ID: "AKIAENVENVENVENVENV0", AWS_SECRET_ACCESS_KEY: "env-secret" };
    const { auth } = bedrockSettings(config(inFile, env));
    expect([auth.accessKeyId, auth.secretAccessKey, auth.sessionToken]).toEqual([
      "AKIAENVENVENVENVENV0",
      "env-secret",
      undefined,
    ]);
  });

  test("half a pair in the environment is not completed with another key's half", () => {
    const { auth } = bedrockSettings(config(inFile, { AWS_ACCESS_KEY_ID: "AKIAENVENVENVENVENV0" }));
    expect(authPlan(auth).problem).toContain("AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not");
  });

  test("a secret in the environment completes the key id of a file", () => {
    const { auth } = bedrockSettings(
      config("AWS_ACCESS_KEY_ID=AKIAFILEFILEFILEFILE\n", { AWS_SECRET_ACCESS_KEY: "env-secret" }),
    );
    expect([auth.accessKeyId, auth.secretAccessKey]).toEqual(["AKIAFILEFILEFILEFILE", "env-secret"]);
  });

  test("--profile means that profile: keys, bearer and token file around it do not count", () => {
    const env = {
      AWS_ACCESS_KEY_ID: "AKIAENVENVENVENVENV0",
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_BEARER_TOKEN_BEDROCK: "b",
      AWS_AUTH_METHOD: "static",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/t",
    };
    const plan = authPlan(bedrockSettings(config("", env, { AWS_PROFILE: "dev" })).auth);
    expect([plan.method, plan.problem]).toEqual(["profile", undefined]);
    const role = authPlan(
      bedrockSettings(config("", { ...env, AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/R" }, { AWS_PROFILE: "dev" }))
        .auth,
    );
    expect([role.method, role.base]).toEqual(["assume_role", "profile"]);
  });
});

describe("the OpenAI key", () => {
  test("comes from the user's own command where none is set, and from no other file's", () => {
    const file = "OPENAI_API_KEY_CMD='printf sk-from-command'\n";
    expect(openaiSettings(config(file)).apiKey).toBe("sk-from-command");
    expect(openaiSettings(config(file, { OPENAI_API_KEY: "sk-set" })).apiKey).toBe("sk-set");
    expect(openaiSettings(config("", { OPENAI_API_KEY_CMD: "printf sk-hostile" })).apiKey).toBeUndefined();
  });

  test("a command that fails, and a key that no header can carry, are told without the key", () => {
    expect(() => openaiSettings(config("OPENAI_API_KEY_CMD='exit 3'\n"))).toThrow("ended with exit code 3");
    expect(() => openaiSettings(config("", { OPENAI_API_KEY: "sk-canary\nx" }))).toThrow(
      "OPENAI_API_KEY holds a line break",
    );
  });

  test("is needed for OpenAI's own API only", () => {
    expect(openaiSettings(config("")).keyNeeded).toBe(true);
    expect(openaiSettings(config("OPENAI_BASE_URL=http://localhost:11434/v1\n")).keyNeeded).toBe(false);
  });
});

test.each([
  ["https://api.openai.com/v1", { HTTPS_PROXY: "http://p" }, true],
  ["http://localhost:1", { HTTPS_PROXY: "http://p" }, false],
  ["http://localhost:1", { http_proxy: "http://p" }, true],
  ["https://a.example.com", { HTTPS_PROXY: "http://p", NO_PROXY: "other, .example.com" }, false],
  ["https://a.example.com", { HTTPS_PROXY: "http://p", NO_PROXY: "*" }, false],
  ["https://notexample.com", { HTTPS_PROXY: "http://p", NO_PROXY: "example.com" }, true],
])("%s with %j goes through a proxy: %p", (url, env, expected) => {
  expect(goesThroughProxy(url, env)).toBe(expected);
});
