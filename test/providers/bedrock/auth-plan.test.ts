import { describe, expect, test } from "bun:test";
import { authPlan, filled } from "../../../src/providers/bedrock/auth-plan.ts";
import type { AuthSettings } from "../../../src/providers/bedrock/settings.ts";

const S: AuthSettings = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
const P: AuthSettings = { profile: "dev" };
const R: AuthSettings = { roleArn: "arn:aws:iam::123456789012:role/MyRole" };
const T: AuthSettings = { webIdentityTokenFile: "/token" };
const B: AuthSettings = { bearerToken: "ABSKexample" };

const base = "Role assumption requires base AWS credentials";

describe("which method the settings mean (mapping J.1)", () => {
  test.each<[string, AuthSettings, string, string[]]>([
    ["nothing", {}, "default_chain", []],
    ["S", S, "static", []],
    ["P", P, "profile", []],
    ["S P", { ...S, ...P }, "static", ["AWS_PROFILE"]],
    ["R S", { ...R, ...S }, "assume_role from static", []],
    ["R P", { ...R, ...P }, "assume_role from profile", []],
    ["R S P", { ...R, ...S, ...P }, "assume_role from static", ["AWS_PROFILE"]],
    ["R T", { ...R, ...T }, "web_identity", []],
    ["R T S", { ...R, ...T, ...S }, "static", ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"]],
    ["R T P", { ...R, ...T, ...P }, "profile", ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"]],
    ["T S", { ...T, ...S }, "static", ["AWS_WEB_IDENTITY_TOKEN_FILE"]],
    ["B", B, "bearer", []],
    [
      "T-80 B before everything",
      { ...B, ...S, ...R },
      "bearer",
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ROLE_ARN"],
    ],
    ["a blank B is none", { bearerToken: "  ", ...P }, "profile", []],
    ["blank values are none", { ...S, roleArn: "", webIdentityTokenFile: " ", profile: "" }, "static", []],
    ["S with a session token", { ...S, sessionToken: "t" }, "static", []],
    [
      "forced: profile over S",
      { ...S, ...P, method: "profile" },
      "profile",
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    ],
    ["forced: static over B", { ...S, ...B, method: "static" }, "static", ["AWS_BEARER_TOKEN_BEDROCK"]],
    [
      "forced: web identity over S",
      { ...S, ...R, ...T, method: "web_identity" },
      "web_identity",
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    ],
    ["forced: the chain over everything", { ...P, method: "default_chain" }, "default_chain", ["AWS_PROFILE"]],
    [
      "forced: role though T",
      { ...R, ...T, ...S, method: "assume_role" },
      "assume_role from static",
      ["AWS_WEB_IDENTITY_TOKEN_FILE"],
    ],
  ])("%s", (_, settings, method, ignored) => {
    const plan = authPlan(settings);
    expect(plan.problem).toBeUndefined();
    const told = plan.base ? `${plan.method} from ${plan.base}` : plan.method;
    expect([told, plan.ignored]).toEqual([method, ignored]);
  });

  test.each<[string, AuthSettings, string]>([
    ["R alone", R, base],
    ["R with half a pair", { ...R, accessKeyId: "AKIAIOSFODNN7EXAMPLE" }, "AWS_SECRET_ACCESS_KEY is not"],
    ["T without R", T, "AWS_ROLE_ARN is not"],
    [
      "only the id",
      { accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
      "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not",
    ],
    ["only the secret", { secretAccessKey: "secret" }, "AWS_SECRET_ACCESS_KEY is set but AWS_ACCESS_KEY_ID is not"],
    ["half a pair and a profile", { accessKeyId: "AKIAIOSFODNN7EXAMPLE", ...P }, "set both or neither"],
    ["forced bearer without B", { ...S, method: "bearer" }, "needs AWS_BEARER_TOKEN_BEDROCK"],
    ["forced static without S", { ...P, method: "static" }, "needs AWS_ACCESS_KEY_ID"],
    ["forced profile without P", { ...S, method: "profile" }, "needs AWS_PROFILE"],
    ["forced role without R", { ...S, method: "assume_role" }, "needs AWS_ROLE_ARN"],
    ["forced role without a base", { ...R, method: "assume_role" }, base],
    ["forced web identity without T", { ...R, method: "web_identity" }, "needs AWS_WEB_IDENTITY_TOKEN_FILE"],
    ["forced web identity without R", { ...T, method: "web_identity" }, "AWS_ROLE_ARN is not"],
  ])("%s cannot work", (_, settings, text) => {
    expect(authPlan(settings).problem).toContain(text);
  });

  test("no secret is in a plan", () => {
    const canary = {
      bearerToken: "CANARY1",
      secretAccessKey: "CANARY2",
      accessKeyId: "CANARY3",
      sessionToken: "CANARY4",
    };
    for (const method of [undefined, "bearer", "static", "assume_role"] as const) {
      expect(JSON.stringify(authPlan({ ...canary, ...R, method }))).not.toContain("CANARY");
    }
  });

  test("the role's session has the defaults of the specification", () => {
    expect(filled({}).roleSessionName).toBe("amazon-chat-completions-session");
    expect(filled({}).roleSessionDuration).toBe(3600);
  });
});
