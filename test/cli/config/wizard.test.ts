import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { statSync } from "node:fs";
import { startAws, type Aws } from "../../fakes/aws.ts";
import { keys, Session } from "../../terminal/session.ts";
import { fromSource } from "../spawn.ts";
import { Home } from "./home.ts";

// Each test starts the program, some of them for every screen.
setDefaultTimeout(90_000);

const built = process.env["AMAZON_CHAT_BINARY"] ?? "";
const program = built === "" ? fromSource : [built];
const secretKey = "wJalrXUtnFEMI/canary/bPxRfiCYEXAMPLEKEY";
const openaiKey = "sk-proj-canary-0123456789";

let aws: Aws;
let openai: Bun.Server<undefined>;
const homes: Home[] = [];
beforeAll(() => {
  aws = startAws();
  openai = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) =>
      request.headers.get("authorization") === `Bearer ${openaiKey}`
        ? Response.json({
            object: "list",
            data: [
              { id: "gpt-4o-mini", created: 1, owned_by: "openai" },
              { id: "gpt-4o", created: 1, owned_by: "openai" },
            ],
          })
        : Response.json({ error: { message: "Incorrect API key" } }, { status: 401 }),
  });
});
afterAll(() => {
  aws.stop();
  void openai.stop(true);
  for (const home of homes) home.remove();
});

function newHome(): Home {
  const home = new Home();
  homes.push(home);
  home.write(".aws/config", "[default]\nregion = eu-west-1\n[profile dev]\nregion = us-west-2\n");
  home.write(
    ".aws/credentials",
    "[dev]\naws_access_key_id = AKIADEVDEVDEVDEVDEV0\naws_secret_access_key = dev-canary-secret\n",
  );
  return home;
}

function start(home: Home, args: string[] = ["config", "set"], env: Record<string, string> = {}): Session {
  return new Session([...program, ...args], {
    cwd: home.work,
    columns: 120,
    env: { HOME: home.path, AWS_ENDPOINT_URL: aws.url, OPENAI_BASE_URL: `http://127.0.0.1:${openai.port}`, ...env },
  });
}

/** What differs from run to run. */
function golden(text: string): string {
  return text
    .replace(/skew \d+ s/g, "skew N s")
    .replace(/ac_[0-9a-f]{48}/g, `ac_${"#".repeat(48)}`)
    .replace(/ac_\w…\w{4}/g, "ac_#…####")
    .replaceAll(new URL(aws.url).host, "AWS")
    .replaceAll(`127.0.0.1:${openai.port}`, "OPENAI");
}

type Screen = [shown: string | RegExp, ...typed: string[]];

/** Access keys, OpenAI's key, a default model, a generated gateway key. */
const everything: Screen[] = [
  ["1 Providers", keys.down, keys.space, keys.down, keys.space, keys.enter],
  ["2 AWS: how to sign in?", keys.down, keys.down, keys.down, keys.enter],
  ["2c Access key id", "AKIAIOSFODNN7EXAMPLE", keys.enter],
  ["2c Secret access key", secretKey, keys.enter],
  ["3 Region", "us-east-1", keys.enter],
  ["5 OpenAI API key", openaiKey, keys.enter],
  ["6 Default model", "gpt-4o-mini", keys.enter],
  ["7 Gateway key", keys.enter],
  ["Save?", keys.enter],
];

async function walk(session: Session, screens: readonly Screen[]): Promise<void> {
  for (const [shown, ...typed] of screens) {
    await session.shows(shown);
    for (const one of typed) session.send(one);
  }
}

describe("config set without words, in a terminal", () => {
  test("screen by screen: what was chosen is saved, 0600, and nothing betrays a secret or its length", async () => {
    const home = newHome();
    const session = start(home);
    await walk(session, everything);
    expect(await session.ended()).toBe(0);
    expect(golden(session.screen.text())).toMatchSnapshot();
    const made = /ac_[0-9a-f]{48}/.exec(session.screen.text())?.[0] ?? "none";
    expect(home.read()).toBe(
      `API_KEY=${made}\nOPENAI_API_KEY=${openaiKey}\nAWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=${secretKey}\nDEFAULT_MODEL=gpt-4o-mini\n`,
    );
    expect(statSync(home.config).mode & 0o777).toBe(0o600);
    expect(session.raw).not.toContain("canary");
    expect(session.raw).not.toMatch(/[•▪*]{9,}/);
  });

  test("run again, Enter at every screen keeps every value", async () => {
    const home = newHome();
    const before = `# mine\nAPI_KEY=my-own-canary-key\nAWS_PROFILE=dev # the profile\nAWS_REGION=us-west-2\nDEFAULT_MODEL=us.amazon.nova-micro-v1:0\nLOG_LEVEL=debug\n`;
    home.write(".config/amazon-chat/config.env", before);
    const session = start(home, ["config", "set"], { OPENAI_BASE_URL: "" });
    for (const shown of ["1 Providers", "2 AWS", "2a Profile", "3 Region", "6 Default model", "7 Gateway key", "Save?"])
      await walk(session, [[shown, keys.enter]]);
    expect(await session.ended()).toBe(0);
    expect(session.screen.text()).toContain("Nothing changes.");
    expect(home.read()).toBe(before);
    expect(session.raw).not.toContain("canary");
  });

  test("Esc at each screen: exit 130, and nothing is written", async () => {
    const home = newHome();
    const before = "# mine\nPORT=8001\n";
    home.write(".config/amazon-chat/config.env", before);
    for (const [index, [shown]] of everything.entries()) {
      const session = start(home);
      await walk(session, [...everything.slice(0, index), [shown, keys.escape]]);
      expect([await session.ended(), home.read()], String(shown)).toEqual([130, before]);
      expect(session.screen.text()).toEndWith("└  Cancelled. Nothing was saved.");
    }
  });

  test("Ctrl-C at a screen, and while AWS is asked, is the same", async () => {
    const home = newHome();
    const first = start(home);
    await walk(first, [["1 Providers", keys.interrupt]]);
    expect([await first.ended(), home.read()]).toEqual([130, undefined]);

    const silent = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Promise<Response>(() => undefined) });
    const session = start(home, ["config", "set"], { AWS_ENDPOINT_URL: silent.url.origin });
    await walk(session, [...everything.slice(0, 5), ["✔ Credentials", keys.interrupt]]);
    expect([await session.ended(), home.read()]).toEqual([130, undefined]);
    expect(session.screen.text()).toContain("Cancelled. Nothing was saved.");
    await silent.stop(true);
  });

  test("a role: what another way of signing in left in the file is taken out", async () => {
    const home = newHome();
    home.write(
      ".config/amazon-chat/config.env",
      "AWS_BEARER_TOKEN_BEDROCK=bedrock-api-key-canary-000\nAWS_AUTH_METHOD=bearer\n",
    );
    const session = start(home, ["config", "set"], { OPENAI_BASE_URL: "" });
    await walk(session, [
      ["1 Providers", keys.enter],
      ["2 AWS: how to sign in?", keys.down, keys.down, keys.enter],
      ["2d ARN of the role", "arn:aws:iam::12:role/x", keys.enter],
      [
        "must be the ARN",
        ...Array<string>(22).fill(keys.backspace),
        "arn:aws:iam::123456789012:role/MyRole",
        keys.enter,
      ],
      ["2d Assume it with", keys.enter],
      ["2d Profile", "dev", keys.enter],
      ["2d External id", keys.enter],
      ["2d Session name", keys.enter],
      ["2d Session duration", keys.backspace, keys.backspace, keys.backspace, keys.backspace, "7200", keys.enter],
      ["3 Region", keys.enter],
      ["6 Default model", keys.enter],
      ["7 Gateway key", keys.down, keys.down, keys.enter],
      ["Save?", keys.enter],
    ]);
    expect(await session.ended()).toBe(0);
    expect(home.read()).toBe(
      "AWS_REGION=us-west-2\nAWS_PROFILE=dev\nAWS_ROLE_ARN=arn:aws:iam::123456789012:role/MyRole\nAWS_ROLE_SESSION_NAME=amazon-chat-session\nAWS_ROLE_SESSION_DURATION=7200\nDEFAULT_MODEL=us.amazon.nova-micro-v1:0\n",
    );
    expect(session.raw).not.toContain("canary");
  });

  test("a check that fails offers to retry, to change, to go on and to leave", async () => {
    const broken = startAws({
      GetCallerIdentity: {
        status: 403,
        code: "InvalidClientTokenId",
        message: "The security token included in the request is invalid.",
      },
    });
    const home = newHome();
    const session = start(home, ["config", "set"], { AWS_ENDPOINT_URL: broken.url, OPENAI_BASE_URL: "" });
    await walk(session, [
      ["1 Providers", keys.enter],
      ["2 AWS", keys.enter],
      ["2a Profile", "dev", keys.enter],
      ["3 Region", keys.enter],
      ["AWS does not work yet", keys.enter],
      [/AWS does not work yet[^]*AWS does not work yet/, keys.down, keys.enter],
      [/2 AWS[^]*2 AWS/, keys.escape],
    ]);
    expect([await session.ended(), home.read()]).toEqual([130, undefined]);
    expect(session.screen.text()).toContain("✖ Identity        AWS does not know this access key");
    broken.stop();
  });

  test("a refused OpenAI key is told, and can be typed again", async () => {
    const home = newHome();
    const session = start(home);
    await walk(session, [
      ["1 Providers", keys.space, keys.down, keys.space, keys.down, keys.space, keys.enter],
      ["5 OpenAI API key", "sk-wrong-canary-000", keys.enter],
      ["OpenAI does not work yet", keys.down, keys.enter],
      [/5 OpenAI API key[^]*5 OpenAI API key/, openaiKey, keys.enter],
      ["6 Default model", keys.enter],
      ["7 Gateway key", keys.escape],
    ]);
    expect(await session.ended()).toBe(130);
    expect(session.screen.text()).toContain("The key was refused (401).");
    expect(session.raw).not.toContain("canary");
  });

  test("what the environment sets is told in the review", async () => {
    const home = newHome();
    const session = start(home, ["config", "set"], { OPENAI_BASE_URL: "", AWS_REGION: "us-east-1" });
    await walk(session, [
      ["1 Providers", keys.enter],
      ["2 AWS", keys.enter],
      ["2a Profile", "dev", keys.enter],
      ["3 Region", keys.enter],
      ["6 Default model", keys.enter],
      ["7 Gateway key", keys.enter],
      ["Save?", keys.escape],
    ]);
    expect(await session.ended()).toBe(130);
    expect(session.screen.text()).toContain("! environment sets it too, and wins");
  });
});

describe("one value, in a terminal", () => {
  test("a secret is asked for and never shown", async () => {
    const home = newHome();
    const session = start(home, ["config", "set", "OPENAI_API_KEY"]);
    await walk(session, [["OPENAI_API_KEY:", openaiKey, keys.enter]]);
    expect([await session.ended(), home.read()]).toEqual([0, `OPENAI_API_KEY=${openaiKey}\n`]);
    expect(session.raw).not.toContain("canary");
    expect(session.screen.text()).toContain("Saved OPENAI_API_KEY=sk-…6789");
  });

  test("a wrong value is told at once; Esc saves nothing", async () => {
    const home = newHome();
    const session = start(home, ["config", "set", "PORT"]);
    await walk(session, [
      ["PORT:", "many", keys.enter],
      ["must be a whole number", keys.escape],
    ]);
    expect([await session.ended(), home.read()]).toEqual([130, undefined]);
  });

  test("--show-secrets asks first", async () => {
    const home = newHome();
    home.write(".config/amazon-chat/config.env", "API_KEY=my-own-canary-key\n");
    const no = start(home, ["config", "show", "--show-secrets"]);
    await walk(no, [["Print secrets on this screen?", keys.enter]]);
    expect([await no.ended(), no.raw.includes("canary")]).toEqual([130, false]);
    const yes = start(home, ["config", "show", "--show-secrets"]);
    await walk(yes, [["Print secrets on this screen?", "y"]]);
    expect([await yes.ended(), yes.screen.text().includes("my-own-canary-key")]).toEqual([0, true]);
  });
});

test("without a terminal, or with --no-input, the wizard does not start", async () => {
  const home = newHome();
  const session = start(home, ["config", "set", "--no-input"]);
  expect(await session.ended()).toBe(2);
  expect(session.screen.text()).toContain("config set needs a terminal.");
});
