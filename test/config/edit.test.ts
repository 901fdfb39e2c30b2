import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { encodeValue, withoutKey, withValue } from "../../src/config/edit.ts";
import { readEnvText } from "../../src/config/env-text.ts";
import { mask } from "../../src/config/mask.ts";
import { writeWhole } from "../../src/config/write-file.ts";

const awkward = fc.string({
  unit: fc.constantFrom("a", "Z", "0", "#", "'", '"', "`", " ", "\n", "\\", "n", "=", "$", "{", "}", "é", "\t"),
  maxLength: 12,
});
const line = fc.constantFrom(
  "# comment",
  "",
  "A=1",
  "B='x y' # why",
  'C="l1\nl2"',
  "export D=4",
  "E=a#b",
  "  F = spaced  ",
  "G=`q'\"`",
  "not one",
  "H=",
);

describe("values are written so that they are read back the same", () => {
  test.each([
    "plain",
    "a b",
    "a#b",
    "it's",
    'say "hi"',
    "`tick`",
    "l1\nl2",
    " edges ",
    "$HOME ${X}",
    "back\\slash",
    "a\\nb",
    "'\"",
    "it's\n#2",
    'a="b"',
    "ends\\",
    "é 漢 🔑",
    "=",
    "sk-1/2+3==",
  ])("%j", (value) => {
    const text = withValue("# mine\nOTHER=1\n", "KEY", value);
    expect(text).toStartWith("# mine\nOTHER=1\nKEY=");
    expect(parseEnv(text ?? "")).toEqual({ OTHER: "1", KEY: value });
  });

  test("any text: the same, or refused, never something else", () => {
    fc.assert(
      fc.property(awkward, fc.array(line, { maxLength: 6 }), (value, lines) => {
        const before = lines.join("\n");
        const after = withValue(before, "C", value);
        if (after === undefined) return;
        const { C, ...rest } = parseEnv(after);
        const { C: _, ...old } = parseEnv(before);
        expect(C).toBe(value);
        expect(rest).toEqual(old);
        for (const comment of ["# comment", "not one"]) expect(after.includes(comment)).toBe(before.includes(comment));
      }),
      { numRuns: 2000 },
    );
  });

  test("only what no quote can hold is refused", () => {
    expect(encodeValue("all ' \" ` and #")).toBeUndefined();
    expect(encodeValue("cr\rhere")).toBeUndefined();
    expect(encodeValue("all ' \" ` three")).toBe("all ' \" ` three");
    fc.assert(
      fc.property(awkward, (value) => {
        if (!value.includes("`") || !value.includes("'"))
          return void (value.endsWith("\\") || expect(encodeValue(value)).toBeDefined());
      }),
    );
  });
});

describe("an edit keeps the file", () => {
  const file = "\uFEFF# mine\r\nexport API_KEY='old' # the door\r\n\r\nPORT = 1\r\nAPI_KEY=older\r\nZ=1\r\n";
  test("comments, order, export, line ends and the byte order mark stay", () => {
    expect(withValue(file, "PORT", "2")).toBe(file.replace("PORT = 1", "PORT = 2"));
    expect(withValue(file, "NEW", "x")).toBe(`${file}NEW=x\r\n`);
    expect(withValue("A=1", "B", "2")).toBe("A=1\nB=2\n");
    expect(withValue("", "B", "2")).toBe("B=2\n");
  });
  test("a comment behind the value stays; of several assignments the last one is changed and the others go", () => {
    expect(withValue("A='x' # why\n", "A", "y z")).toBe("A='y z' # why\n");
    expect(withValue("A=x # why\n", "A", "y")).toBe("A=y # why\n");
    expect(withValue(file, "API_KEY", "new")).toBe("\uFEFF# mine\r\n\r\nPORT = 1\r\nAPI_KEY=new\r\nZ=1\r\n");
  });
  test("a value of several lines is replaced whole", () => {
    expect(withValue('A="l1\nB=no\nl3"\nC=1\n', "A", "x")).toBe("A=x\nC=1\n");
    expect(withoutKey('A="l1\nB=no\nl3"\nC=1\n', "A")).toBe("C=1\n");
    expect(withoutKey('A="l1\nB=no\nl3"\nC=1\n', "B")).toBe('A="l1\nB=no\nl3"\nC=1\n');
  });
});

test("the places found agree with Node's own reading", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          line,
          awkward.map((value) => `K=${value}`),
        ),
        { maxLength: 8 },
      ),
      fc.constantFrom("\n", "\r\n"),
      (lines, eol) => {
        const text = lines.join(eol);
        const { assignments, mistakes } = readEnvText(text);
        const found = Object.fromEntries(assignments.map(({ key, value }) => [key, value]));
        if (mistakes.length === 0) expect<object>(found).toEqual({ ...parseEnv(text) });
        for (const { key, line: at, start } of assignments) {
          expect(text.split(/\r\n|\n|\r/)[at - 1]).toContain(key);
          expect(text.slice(start)).toMatch(new RegExp(`^\\s*(?:export\\s+)?${key}`));
        }
      },
    ),
    { numRuns: 1000 },
  );
});

describe.skipIf(process.platform === "win32")("writing", () => {
  const inFolder = (check: (folder: string) => void) => () => {
    const folder = mkdtempSync(join(tmpdir(), "write-"));
    try {
      check(folder);
    } finally {
      chmodSync(folder, 0o700);
      rmSync(folder, { recursive: true, force: true });
    }
  };
  test(
    "0600 whatever the file was before, the directory 0700, nothing left beside it",
    inFolder((folder) => {
      const path = join(folder, "deep", "er", "config.env");
      writeWhole(path, "A=1\n", true);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
      chmodSync(path, 0o644);
      writeWhole(path, "A=2\n", true);
      expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["A=2\n", 0o600]);
      expect(readdirSync(join(folder, "deep", "er"))).toEqual(["config.env"]);
    }),
  );
  test(
    "a symbolic link stays one",
    inFolder((folder) => {
      writeFileSync(join(folder, "real.env"), "A=1\n");
      symlinkSync(join(folder, "real.env"), join(folder, "link.env"));
      writeWhole(join(folder, "link.env"), "A=2\n", false);
      expect(readFileSync(join(folder, "real.env"), "utf8")).toBe("A=2\n");
      expect(readdirSync(folder).sort()).toEqual(["link.env", "real.env"]);
    }),
  );
  test(
    "a directory that is not there is an error, and nothing is made",
    inFolder((folder) => {
      expect(() => writeWhole(join(folder, "no", "x.env"), "A=1\n", false)).toThrow("ENOENT");
      expect(existsSync(join(folder, "no"))).toBe(false);
    }),
  );
});

test.each([
  ["sk-proj-0123456789abcdef", "sk-…cdef"],
  ["AKIAIOSFODNN7EXAMPLE", "AKIA…MPLE"],
  ["short", "••••"],
  ["12345678", "••••"],
  ["ninechars", "••••"],
  ["my-secret-key", "my-…-key"],
  ["bedrock-api-key-abcdefghijkl", "bedrock-…ijkl"],
  ["wJalrXUtnFEMIK7MDENG-bPxRfiCY", "wJal…fiCY"],
])("%s is shown as %s", (secret, shown) => {
  expect(mask(secret)).toBe(shown);
});
