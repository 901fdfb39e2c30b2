import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { keyNames } from "../../../src/config/keys.ts";
import { Home } from "./home.ts";

let home: Home;
const homes: Home[] = [];
beforeEach(() => void homes.push((home = new Home())));
afterAll(() => homes.forEach((one) => one.remove()));

describe("config set", () => {
  test("KEY VALUE, --key --value and KEY=VALUE write the same line, 0600", async () => {
    for (const args of [
      ["AWS_REGION", "eu-west-1"],
      ["--key", "AWS_REGION", "--value", "eu-west-1"],
      ["AWS_REGION=eu-west-1"],
      ["aws-region", "eu-west-1"],
    ]) {
      const { out, err, exit } = await home.run(["config", "set", ...args]);
      expect([out, err, exit]).toEqual(["", "Saved AWS_REGION=eu-west-1 in ~/.config/amazon-chat/config.env.\n", 0]);
      expect(home.read()).toBe("AWS_REGION=eu-west-1\n");
      expect(statSync(home.config).mode & 0o777).toBe(0o600);
    }
  });

  test("a secret is shown masked, with a word about the shell's history; --stdin leaves none", async () => {
    const typed = await home.run(["config", "set", "OPENAI_API_KEY", "sk-canary-0123456789"]);
    expect(typed.err).toBe(
      "Note: the value is now in your shell's history. Next time: amazon-chat config set OPENAI_API_KEY\nSaved OPENAI_API_KEY=sk-…6789 in ~/.config/amazon-chat/config.env.\n",
    );
    const piped = await home.run(["config", "set", "OPENAI_API_KEY", "--stdin"], { stdin: "sk-other-0123456789\n" });
    expect(piped.err).toBe("Saved OPENAI_API_KEY=sk-…6789 in ~/.config/amazon-chat/config.env.\n");
    expect(home.read()).toBe("OPENAI_API_KEY=sk-other-0123456789\n");
  });

  test("awkward values are read back as they were given", async () => {
    for (const value of ["a#b", 'it\'s "so"', "two words", "l1\nl2", " edges ", "$HOME `x`", "a\\nb"]) {
      expect((await home.run(["config", "set", "API_KEY", "--stdin"], { stdin: value })).exit).toBe(0);
      expect((await home.run(["config", "get", "API_KEY", "--show-secrets"])).out).toBe(`${value}\n`);
    }
  });

  test("comments and order of the file stay", async () => {
    home.write(".config/amazon-chat/config.env", "# mine\r\nPORT=1 # the port\r\n\r\nHOST=localhost\r\n");
    await home.run(["config", "set", "PORT", "8001"]);
    expect(home.read()).toBe("# mine\r\nPORT=8001 # the port\r\n\r\nHOST=localhost\r\n");
  });

  test("--file writes another file; a key that does not count in ./.env is told", async () => {
    const { err } = await home.run(["config", "set", "PORT", "8001", "--file", ".env"]);
    expect(home.read("work/.env")).toBe("PORT=8001\n");
    expect(err).toContain("Saved PORT=8001 in ./.env.");
    expect(err).toContain("PORT does not count in a ./.env that is found by chance");
    expect(home.read()).toBeUndefined();
  });

  test("what stands above the file is told", async () => {
    const { err } = await home.run(["config", "set", "PORT", "8001"], { env: { PORT: "9000" } });
    expect(err).toContain("Note: environment sets PORT too, and wins.");
  });

  test.each([
    [["NOPE", "1"], 'There is no setting "NOPE".'],
    [["OPENAI_API_KEI", "x"], "Did you mean OPENAI_API_KEY"],
    [["PORT", "abc"], "PORT must be a whole number from 0 to 65535; nothing was saved."],
    [["PORT", ""], "To remove it: amazon-chat config unset PORT"],
    [["AWS_ROLE_ARN", "arn:aws:iam::12:role/x"], "arn:aws:iam::123456789012:role/Name"],
    [["AWS_ROLE_SESSION_DURATION", "899"], "must be a whole number from 900 to 43200"],
    [["AMAZON_CHAT_CONFIG", "x"], "AMAZON_CHAT_CONFIG cannot be set in a file."],
    [["API_KEY"], "config set API_KEY needs a value."],
    [["PORT", "1", "2"], "Unexpected"],
    [["--value", "1"], "KEY is missing"],
    [["PORT", "1", "--file", "no/where/x.env"], "there is no directory ./no/where. Nothing was changed."],
    [[], "Set values directly: amazon-chat config set KEY VALUE  (keys: amazon-chat config set --list)"],
    [["--no-input"], "config set needs a terminal."],
  ])("%j is exit 2 and says what to do", async (args, said) => {
    const { out, err, exit } = await home.run(["config", "set", ...args]);
    expect([out, exit]).toEqual(["", 2]);
    expect(err).toContain(said);
    expect(home.read()).toBeUndefined();
  });

  test("--list names every setting, for people, in a pipe and as JSON", async () => {
    const { out } = await home.run(["config", "set", "--list"]);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0]),
    ).toEqual([...keyNames]);
    const rows = JSON.parse((await home.run(["config", "set", "--list", "--json"])).out);
    expect(rows.map(({ key }: { key: string }) => key)).toEqual([...keyNames]);
  });

  test("a place that cannot be written is exit 2", async () => {
    home.write("there", "a file, no directory");
    const { err, exit } = await home.run(["config", "set", "PORT", "2"], {
      env: { XDG_CONFIG_HOME: `${home.path}/there` },
    });
    expect(exit).toBe(2);
    expect(err).toContain("there/amazon-chat/config.env: a part of the path is no directory");
  });
});

describe("config show", () => {
  async function fiveLayers(args: string[]) {
    home.write(".config/amazon-chat/config.env", "AWS_PROFILE=from-user\nOPENAI_API_KEY=sk-canary-user-0001\nTYPO=1\n");
    home.write("work/.env", "AWS_PROFILE=from-dotenv\nAWS_CONFIG_FILE=/evil\n");
    home.write("one.env", "AWS_PROFILE=from-file\nLOG_LEVEL=debug\n");
    return home.run(["--env-file", "../one.env", "--profile", "from-flag", "config", "show", ...args], {
      env: { AWS_PROFILE: "from-env", API_KEY: "canary-api-key-0002" },
    });
  }

  test("names each value's source and what it shadows, secrets masked", async () => {
    const { out, err, exit } = await fiveLayers([]);
    expect(exit).toBe(0);
    expect(out.replace(/^\d+ more/m, "N more")).toMatchInlineSnapshot(`
      "Config file   ~/.config/amazon-chat/config.env  (0600; 2 keys used; 1 unknown: TYPO)
      .env          ./.env  (1 key used; 1 ignored: AWS_CONFIG_FILE)
      Env file      ~/one.env  (2 keys used)

      KEY                       VALUE         SOURCE
      API_KEY                   canary-…0002  env
      LOG_LEVEL                 debug         ~/one.env:2
      OPENAI_API_KEY            sk-…0001      config
      AWS_REGION                –             not set
      AWS_BEARER_TOKEN_BEDROCK  –             not set
      AWS_ACCESS_KEY_ID         –             not set
      AWS_SECRET_ACCESS_KEY     –             not set
      AWS_PROFILE               from-flag     --profile  (shadows env: from-env, ~/one.env:1: from-file, ./.env:1: from-dotenv, config: from-user)
      AWS_ROLE_ARN              –             not set
      DEFAULT_MODEL             –             not set

      N more have their default: amazon-chat config show --all
      "
    `);
    expect(err).toBe(
      "! ./.env: ignored AWS_CONFIG_FILE. A file that lies in a directory may not set these; use --env-file ./.env if you trust it.\n",
    );
  });

  test("as JSON and YAML every setting is there", async () => {
    const rows = JSON.parse((await fiveLayers(["--json"])).out);
    expect(rows.map(({ key }: { key: string }) => key)).toEqual([...keyNames]);
    expect(rows.find(({ key }: { key: string }) => key === "AWS_PROFILE")).toEqual({
      key: "AWS_PROFILE",
      value: "from-flag",
      source: "--profile",
      path: null,
      line: null,
      shadowed: [
        { value: "from-env", source: "env" },
        { value: "from-file", source: "~/one.env:1" },
        { value: "from-dotenv", source: "./.env:1" },
        { value: "from-user", source: "config" },
      ],
    });
    expect((await fiveLayers(["--format", "yaml"])).out).toContain("key: AWS_PROFILE");
  });

  test("--show-secrets wants a terminal or --force", async () => {
    const refused = await fiveLayers(["--show-secrets"]);
    expect([refused.exit, refused.out]).toEqual([2, ""]);
    const forced = await fiveLayers(["--show-secrets", "--force"]);
    expect(forced.out).toContain("sk-canary-user-0001");
  });

  test("the region of the profile in use is shown with where it comes from", async () => {
    home.write(".aws/config", "[profile dev]\nregion = eu-central-1\n");
    const { out } = await home.run(["config", "show"], { env: { AWS_PROFILE: "dev" } });
    expect(out).toMatch(/AWS_REGION +eu-central-1 +~\/\.aws\/config \[profile dev\]/);
  });

  test("a wrong value is shown beside what is wrong with it: exit 2", async () => {
    home.write(".config/amazon-chat/config.env", "PORT=many\n");
    const { out, err, exit } = await home.run(["config", "show"]);
    expect(exit).toBe(2);
    expect(out).toContain("many");
    expect(err).toContain('PORT (~/.config/amazon-chat/config.env, line 1) is "many"; it must be a whole number');
  });
});

describe("config get, unset, path", () => {
  test("get prints plain values, masks secrets, and is 1 when nothing is set", async () => {
    home.write(".config/amazon-chat/config.env", "PORT=8001\nOPENAI_API_KEY=sk-canary-0123456789\n");
    expect((await home.run(["config", "get", "PORT"])).out).toBe("8001\n");
    expect((await home.run(["config", "get", "OPENAI_API_KEY"])).out).toBe("sk-…6789\n");
    expect((await home.run(["config", "get", "OPENAI_API_KEY", "--show-secrets"])).out).toBe("sk-canary-0123456789\n");
    const missing = await home.run(["config", "get", "API_KEY"]);
    expect([missing.out, missing.err, missing.exit]).toEqual(["", "API_KEY is not set.\n", 1]);
  });

  test("unset takes the line out, and tells who still sets it", async () => {
    home.write(".config/amazon-chat/config.env", "# a\nPORT=8001\nHOST=localhost\n");
    const { err, exit } = await home.run(["config", "unset", "PORT"], { env: { PORT: "1" } });
    expect([err, exit]).toEqual([
      "Removed PORT from ~/.config/amazon-chat/config.env.\nIt is still set: environment.\n",
      0,
    ]);
    expect(home.read()).toBe("# a\nHOST=localhost\n");
    expect((await home.run(["config", "unset", "PORT"])).err).toContain("is not in");
  });

  test("path obeys --config, AMAZON_CHAT_CONFIG and XDG_CONFIG_HOME; a relative XDG is ignored", async () => {
    expect((await home.run(["config", "path"])).out).toBe(`${home.config}\n`);
    expect((await home.run(["config", "path"], { env: { XDG_CONFIG_HOME: "/xdg" } })).out).toBe(
      "/xdg/amazon-chat/config.env\n",
    );
    expect((await home.run(["config", "path"], { env: { XDG_CONFIG_HOME: "xdg" } })).out).toBe(`${home.config}\n`);
    expect((await home.run(["config", "path"], { env: { AMAZON_CHAT_CONFIG: "/my.env" } })).out).toBe("/my.env\n");
    expect((await home.run(["--config", "my.env", "config", "path"])).out).toBe(`${home.work}/my.env\n`);
  });
});

describe("config edit", () => {
  test("the editor, arguments and all, gets a copy; right values are saved", async () => {
    home.write(".config/amazon-chat/config.env", "# a\nPORT=8001\n");
    const { err, exit } = await home.run(["config", "edit"], { env: { EDITOR: "sed -i s/8001/8002/" } });
    expect([err, exit]).toEqual(["Saved ~/.config/amazon-chat/config.env.\n", 0]);
    expect(home.read()).toBe("# a\nPORT=8002\n");
  });

  test("a wrong value is not saved, and told with its line", async () => {
    home.write(".config/amazon-chat/config.env", "# a\nPORT=8001\n");
    const { err, exit } = await home.run(["config", "edit"], {
      env: { VISUAL: "sed -i s/8001/many/", EDITOR: "false" },
    });
    expect(exit).toBe(2);
    expect(err).toContain('PORT (~/.config/amazon-chat/config.env, line 2) is "many"');
    expect(home.read()).toBe("# a\nPORT=8001\n");
  });

  test("an editor that fails saves nothing; without any there must be a terminal", async () => {
    expect((await home.run(["config", "edit"], { env: { EDITOR: "false" } })).exit).toBe(1);
    expect((await home.run(["config", "edit"])).exit).toBe(2);
    expect(home.read()).toBeUndefined();
  });
});

test("planted secrets are in no output of any command", async () => {
  const canary = (name: string): string => `${name}-canary-${"x".repeat(12)}-end`;
  home.write(
    ".config/amazon-chat/config.env",
    `OPENAI_API_KEY=${canary("sk")}\nAPI_KEY=${canary("gw")}\nAWS_SESSION_TOKEN='${canary("tok")}'\nAWS_ACCESS_KEY_ID='${canary("bad key")}'\n`,
    0o644,
  );
  home.write("work/.env", `CHAT_API_KEY=${canary("chat")}\nbroken ${canary("line")}\n`);
  const env = {
    AWS_SECRET_ACCESS_KEY: canary("aws"),
    AWS_BEARER_TOKEN_BEDROCK: canary("bearer"),
    OPENAI_BASE_URL: `http://user:${canary("url")}@127.0.0.1:1/v1`,
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  };
  const commands = [
    ["config", "show", "-vv"],
    ["config", "show", "--json"],
    ["config", "show", "--all"],
    ["config", "show", "--format", "yaml"],
    ["config", "get", "API_KEY"],
    ["config", "get", "OPENAI_API_KEY", "-vv"],
    ["config", "get", "OPENAI_BASE_URL"],
    ["config", "set", "OPENAI_API_KEY", canary("new"), "-vv"],
    ["config", "set", "AWS_ACCESS_KEY_ID", canary("id")],
    ["config", "unset", "API_KEY", "-vv"],
    ["config", "test-aws", "-vv", "--json"],
    ["config", "test-aws"],
  ];
  for (const command of commands) {
    const { out, err } = await home.run(command, { env });
    expect(out + err, command.join(" ")).not.toContain("canary-xxxx");
  }
});
