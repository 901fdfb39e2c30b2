import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig, readConfig, type LoadOptions } from "../../src/config/load.ts";
import { ConfigError } from "../../src/config/problem.ts";

let root: string;
let cwd: string;
let userFile: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "config-"));
  cwd = join(root, "work");
  mkdirSync(cwd);
  mkdirSync(join(root, ".config", "amazon-chat"), { recursive: true });
  userFile = join(root, ".config", "amazon-chat", "config.env");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string, mode = 0o600): void {
  writeFileSync(path, text);
  chmodSync(path, mode);
}
function read(options: LoadOptions = {}) {
  return readConfig({ cwd, ...options, env: { HOME: root, ...options.env } });
}
function failure(options: LoadOptions = {}): ConfigError {
  try {
    loadConfig({ cwd, ...options, env: { HOME: root, ...options.env } });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

test.each(["OPENAI_ORGANIZATION", "OPENAI_PROJECT"] as const)("%s must fit into a header", (key) => {
  expect(failure({ env: { [key]: "\u043e\u0440\u0433" } }).message).toContain(`${key} (environment)`);
  expect(read({ env: { [key]: " org-1\n" } }).get(key)).toBe("org-1");
});

describe("layers", () => {
  test("flag > environment > --env-file (last wins) > ./.env > user file > default, and each value tells what it shadows", () => {
    write(userFile, "# mine\nAWS_PROFILE=from-user\nPORT=5\n");
    write(join(cwd, ".env"), "AWS_PROFILE=from-dotenv\n");
    write(join(root, "a.env"), "AWS_PROFILE=from-a\n");
    write(join(root, "b.env"), "\nAWS_PROFILE=from-b\n");
    const envFiles = [join(root, "a.env"), join(root, "b.env")];
    const env = { AWS_PROFILE: "from-env" };
    const config = read({ flags: { AWS_PROFILE: "from-flag" }, env, envFiles });
    expect(config.get("AWS_PROFILE")).toBe("from-flag");
    const { source, shadows } = config.explain("AWS_PROFILE");
    expect(source).toEqual({ layer: "flag", name: "--profile" });
    expect(shadows.map(({ raw, source: { layer, name, line } }) => [raw, layer, name, line])).toEqual([
      ["from-env", "environment", "environment", undefined],
      ["from-b", "env-file", "~/b.env", 2],
      ["from-a", "env-file", "~/a.env", 1],
      ["from-dotenv", ".env", "./.env", 1],
      ["from-user", "user-file", "~/.config/amazon-chat/config.env", 2],
    ]);
    expect(read({ env, envFiles }).get("AWS_PROFILE")).toBe("from-env");
    expect(read({ envFiles }).get("AWS_PROFILE")).toBe("from-b");
    expect(read({ envFiles: envFiles.toReversed() }).get("AWS_PROFILE")).toBe("from-a");
    expect(read().get("AWS_PROFILE")).toBe("from-dotenv");
    rmSync(join(cwd, ".env"));
    expect(read().get("AWS_PROFILE")).toBe("from-user");
    expect(read().get("PORT")).toBe(5);
    rmSync(userFile);
    expect(read().get("AWS_PROFILE")).toBeUndefined();
    expect(read().get("PORT")).toBe(8000);
    expect(read().explain("PORT").source?.layer).toBe("default");
  });

  test("an empty value says nothing: the layer below it counts", () => {
    write(userFile, "OPENAI_API_KEY=sk-user\nAWS_REGION=us-west-2\nAWS_REGION=\n");
    const config = read({ env: { OPENAI_API_KEY: "  " } });
    expect(config.get("OPENAI_API_KEY")).toBe("sk-user");
    expect(config.get("AWS_REGION")).toBeUndefined();
  });

  test("aliases mean the same; the canonical name wins within a layer", () => {
    expect(read({ env: { OPENAI_ORG_ID: "org-alias" } }).get("OPENAI_ORGANIZATION")).toBe("org-alias");
    write(userFile, "OPENAI_ORGANIZATION=org-name\nOPENAI_ORG_ID=org-alias\n");
    expect(read().get("OPENAI_ORGANIZATION")).toBe("org-name");
    write(userFile, "OPENAI_ORG_ID=org-alias\nOPENAI_ORGANIZATION=org-name\n");
    expect(read().get("OPENAI_ORGANIZATION")).toBe("org-name");
    expect(read({ env: { AMAZON_CHAT_MODEL: "m" } }).explain("DEFAULT_MODEL").source?.name).toBe(
      "environment AMAZON_CHAT_MODEL",
    );
  });

  test("nothing is merged into the environment of the process", () => {
    write(userFile, "AWS_PROFILE=only-here\n");
    expect(read().get("AWS_PROFILE")).toBe("only-here");
    expect(process.env["AWS_PROFILE"]).not.toBe("only-here");
  });

  test("a missing --env-file is an error, a missing ./.env or user file is not", () => {
    expect(read().problems).toEqual([]);
    expect(failure({ envFiles: ["nowhere.env"] }).message).toStartWith(
      "Cannot read ./nowhere.env: there is no such file.",
    );
    expect(failure({ envFiles: ["."] }).message).toContain("it is a directory");
  });
});

describe("./.env is not trusted", () => {
  const hostile = [
    "AWS_CONFIG_FILE=evil",
    "AWS_SHARED_CREDENTIALS_FILE=evil",
    "AWS_ENDPOINT_URL=http://evil",
    "AWS_ENDPOINT_URL_STS=http://evil",
    "AWS_ENDPOINT_URL_BEDROCK=http://evil",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME=http://evil",
    "HTTPS_PROXY=http://evil",
    "https_proxy=http://evil",
    "NODE_OPTIONS=--require=./evil",
    "BUN_CONFIG=evil",
    "EDITOR=evil",
    "PAGER=evil",
    "HOST=0.0.0.0",
    "OPENAI_API_KEY_CMD=evil",
    "AMAZON_CHAT_TRUST_DOTENV=1",
    "AMAZON_CHAT_CONFIG=evil",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://evil",
  ];
  for (const line of hostile) {
    const key = line.split("=")[0] ?? "";
    test(`${key} from it does not count, and is reported`, () => {
      write(join(cwd, ".env"), `${line}\nAWS_PROFILE=fine\n`);
      const config = read();
      expect(config.get("AWS_PROFILE")).toBe("fine");
      expect(config.files.find((file) => file.layer === ".env")?.ignored).toEqual([key]);
      expect(config.notes.join("\n")).toContain(`./.env: ignored ${key}.`);
      expect(JSON.stringify(config)).not.toContain("evil");
    });
  }

  test("all its keys count when it is named with --env-file", () => {
    write(join(cwd, ".env"), "AWS_CONFIG_FILE=/mine\n");
    const config = read({ envFiles: [".env"] });
    expect(config.get("AWS_CONFIG_FILE")).toBe("/mine");
    expect(config.notes).toEqual([]);
  });

  test("keys of other programs are nobody's business", () => {
    write(join(cwd, ".env"), "DATABASE_URL=x\nPOSTGRES_PASSWORD=y\n");
    expect(read().notes).toEqual([]);
  });

  test("only the file of exactly that name in the working directory is read", () => {
    write(join(root, ".env"), "AWS_PROFILE=parent\n");
    write(join(cwd, ".env.local"), "AWS_PROFILE=local\n");
    expect(read().get("AWS_PROFILE")).toBeUndefined();
  });

  test.each([
    ["OPENAI_BASE_URL", "OPENAI_API_KEY"],
    ["CHAT_SERVER_URL", "CHAT_API_KEY"],
    ["OPENAI_BASE_URL", "OPENAI_API_KEY_CMD"],
  ])("%s from it with %s from elsewhere stops", (urlKey, secretKey) => {
    write(join(cwd, ".env"), `${urlKey}=https://evil.example\n`);
    write(userFile, `${secretKey}=sk-canary-0123456789\n`);
    const error = failure();
    expect(error.message).toContain(
      `${urlKey} comes from ./.env, line 1, but ${secretKey} from ~/.config/amazon-chat/config.env`,
    );
    expect(error.message).toContain("AMAZON_CHAT_TRUST_DOTENV=1");
    expect(error.message).not.toContain("canary");
    expect(read({ env: { AMAZON_CHAT_TRUST_DOTENV: "1" } }).problems).toEqual([]);
  });

  test("a URL and its key from ./.env together are fine", () => {
    write(join(cwd, ".env"), "OPENAI_BASE_URL=http://localhost:1/v1/\nOPENAI_API_KEY=local\n");
    expect(read().problems).toEqual([]);
    expect(read().get("OPENAI_BASE_URL")).toBe("http://localhost:1/v1");
  });

  test("a line that is no assignment is skipped with a word", () => {
    write(join(cwd, ".env"), "AWS_PROFILE=a\nthis is not one\n");
    expect(read().problems).toEqual([]);
    expect(read().notes).toEqual(["./.env, line 2: it is not KEY=value. The line is skipped."]);
  });
});

describe("an invalid value", () => {
  test("names key, file and line, the value and the remedy", () => {
    write(userFile, "# x\nAWS_ROLE_SESSION_DURATION=abc\n");
    expect(failure().message).toBe(
      'AWS_ROLE_SESSION_DURATION (~/.config/amazon-chat/config.env, line 2) is "abc"; it must be a whole number from 900 to 43200.\n' +
        "  Set it: amazon-chat config set AWS_ROLE_SESSION_DURATION VALUE",
    );
    expect(failure({ env: { PORT: "70000" }, configFile: "none" }).message).toBe(
      'PORT (environment) is "70000"; it must be a whole number from 0 to 65535.\n  Change or unset PORT in the environment.',
    );
    expect(failure({ flags: { PORT: "x" }, configFile: "none" }).message).toContain('PORT (--port) is "x"');
  });

  test("of a secret is masked", () => {
    const error = failure({ env: { AWS_ACCESS_KEY_ID: "canary with spaces 0123456789" } });
    expect(error.message).toContain('AWS_ACCESS_KEY_ID (environment) is "cana…6789"');
    expect(error.message).not.toContain("with spaces");
  });

  test("all of them are told at once", () => {
    expect(
      failure({
        env: {
          PORT: "x",
          LOG_LEVEL: "loud",
          CONNECT_TIMEOUT: "soon",
          MAX_BODY_BYTES: "many",
          OPENAI_BASE_URL: "ftp://x",
          NO_UI: "maybe",
          WORKERS: "0",
          MODEL_FAMILY: "[1]",
        },
      }).problems,
    ).toHaveLength(8);
  });

  test("a line that is no assignment, in a file that counts, is an error with its number", () => {
    write(userFile, "PORT=1\nAPI_KEY secret-canary\n");
    expect(failure().message).toStartWith("~/.config/amazon-chat/config.env, line 2: it is not KEY=value.");
    expect(failure().message).not.toContain("canary");
    write(join(root, "x.env"), "API_KEY='abc\nPORT=1\n");
    expect(failure({ envFiles: [join(root, "x.env")], configFile: "none" }).message).toStartWith(
      "~/x.env, line 1: the quote that opens the value of API_KEY is never closed.",
    );
  });
});

describe("values", () => {
  test.each([
    ["CONNECT_TIMEOUT", "250ms", 250],
    ["CONNECT_TIMEOUT", "5", 5000],
    ["FIRST_EVENT_TIMEOUT", "15m", 900_000],
    ["REQUEST_TIMEOUT", "none", undefined],
    ["REQUEST_TIMEOUT", "1.5s", 1500],
    ["MAX_BODY_BYTES", "25MiB", 26_214_400],
    ["MAX_BODY_BYTES", "64k", 65_536],
    ["MAX_BODY_BYTES", "1000", 1000],
    ["NO_UI", "1", true],
    ["NO_UI", "OFF", false],
    ["LOG_LEVEL", "INFO", "info"],
    ["LOG_LEVEL", "Warn", "warning"],
    ["WORKERS", "auto", "auto"],
    ["WORKERS", "4", 4],
    ["ALLOWED_REGIONS", "us-east-1, eu-west-1,", ["us-east-1", "eu-west-1"]],
    ["MODEL_FAMILY", '{"arn:x":"anthropic.y"}', { "arn:x": "anthropic.y" }],
    ["API_KEY", "key\n", "key"],
  ] as const)("%s=%s", (key, raw, expected) => {
    expect(read({ env: { [key]: raw } }).get(key)).toEqual(expected as never);
  });

  test("CRLF and a byte order mark are tolerated", () => {
    write(userFile, "\uFEFFAWS_REGION=eu-west-1\r\nAPI_KEY='a b'\r\n");
    expect([read().get("AWS_REGION"), read().get("API_KEY")]).toEqual(["eu-west-1", "a b"]);
  });
});

test.skipIf(process.platform === "win32")(
  "a user file that others can read is told once, with the command that helps",
  () => {
    write(userFile, "PORT=1\n", 0o644);
    expect(read().notes).toEqual([
      "~/.config/amazon-chat/config.env can be read by others on this computer. Run: chmod 600 ~/.config/amazon-chat/config.env",
    ]);
  },
);
