import { describe, expect, test } from "bun:test";
import type { Flag } from "../../src/cli/command.ts";
import { CliError } from "../../src/cli/failure.ts";
import { firstWord, parse } from "../../src/cli/parse.ts";

const flags: readonly Flag[] = [
  { name: "model", short: "m", type: "string", description: "Model" },
  { name: "system", short: "s", type: "string", description: "System prompt", aliases: ["system-prompt"] },
  { name: "attach", short: "a", type: "repeat", description: "File" },
  { name: "temperature", short: "t", type: "number", description: "Temperature" },
  { name: "effort", type: "string", choices: ["low", "medium", "high"], description: "Effort" },
  { name: "retries", type: "number", default: 2, description: "Retries" },
  { name: "json", type: "boolean", description: "JSON" },
  { name: "no-stream", type: "boolean", description: "Whole answer" },
  { name: "verbose", short: "v", type: "count", description: "More" },
];
const prompt = [{ name: "prompt", description: "what to say", many: true }];
const read = (...argv: string[]) => parse(argv, flags, prompt);

function mistake(...argv: string[]): CliError {
  try {
    read(...argv);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error(`${argv.join(" ")} was accepted`);
}

describe("what is understood", () => {
  test("values after a space, an equals sign, or at once behind a letter", () => {
    for (const argv of [["--model", "x"], ["--model=x"], ["-m", "x"], ["-mx"], ["-m=x"]]) {
      expect(read(...argv).flags["model"]).toBe("x");
    }
  });

  test("repeated flags keep every value in order; of a single one the last counts", () => {
    const { flags: values } = read("-a", "one.png", "hi", "--attach=two.png", "-m", "x", "-m", "y");
    expect(values["attach"]).toEqual(["one.png", "two.png"]);
    expect(values["model"]).toBe("y");
  });

  test("flags stand anywhere among the words, and all words are kept", () => {
    expect(read("tell", "-m", "x", "me", "--json", "more").args).toEqual(["tell", "me", "more"]);
  });

  test("letters stand together, the last one with its value", () => {
    const { flags: values } = read("-vvm", "x");
    expect(values["verbose"]).toBe(2);
    expect(values["model"]).toBe("x");
  });

  test("numbers are numbers, negative ones too; defaults fill in", () => {
    expect(read("-t", "-0.5").flags["temperature"]).toBe(-0.5);
    expect(read().flags).toMatchObject({ retries: 2, json: false, verbose: 0, attach: [], model: undefined });
  });

  test("a value may look like an option, and -- ends the options", () => {
    expect(read("-s", "- be brief").flags["system"]).toBe("- be brief");
    expect(read("--system", "--x").flags["system"]).toBe("--x");
    expect(read("--system", "--no-really").flags["system"]).toBe("--no-really");
    expect(read("--", "--model", "-x").args).toEqual(["--model", "-x"]);
    expect(read("a", "-", "b").args).toEqual(["a", "-", "b"]);
  });

  test("aliases set the flag they stand for", () => {
    expect(read("--system-prompt", "x").flags["system"]).toBe("x");
  });

  test("an empty value is a value", () => {
    expect(read("--system=").flags["system"]).toBe("");
    expect(read("--system", "").flags["system"]).toBe("");
  });
});

describe("what is refused, with exit 2", () => {
  test("an unknown option, with the one that was meant", () => {
    const error = mistake("hi", "--modle", "gpt");
    expect(error.exit).toBe(2);
    expect(error.message).toBe("Unknown option --modle.");
    expect(error.hint).toEqual(["Did you mean --model?"]);
  });

  test("-model is not -m odel", () => {
    expect(mistake("-model", "x").hint).toEqual(["Did you mean --model?"]);
  });

  test("names that every object has", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(mistake(`--${name}=1`).message).toBe(`Unknown option --${name}.`);
    }
  });

  test("a value that is missing, at the end or before another option", () => {
    expect(mistake("-m").message).toBe("-m needs a value.");
    expect(mistake("--model", "--json").message).toBe("--model needs a value.");
    expect(mistake("--model", "--json").hint).toEqual(['If the value really is "--json": --model=--json']);
  });

  test("a value where none belongs, a wrong choice, no number", () => {
    expect(mistake("--json=maybe").message).toBe("--json takes no value.");
    expect(mistake("--effort", "hihg").hint).toEqual(["Did you mean high?"]);
    for (const value of ["abc", "", "1e999", "NaN"])
      expect(mistake(`-t=${value}`).message).toContain("must be a number");
  });

  test("words too many, words missing", () => {
    expect(() => parse(["x"], flags, [])).toThrow('Unexpected argument "x".');
    expect(() => parse([], flags, [{ name: "KEY", description: "which setting", required: true }])).toThrow(
      "KEY is missing",
    );
  });
});

test("the first word is the command: values of flags before it are not", () => {
  expect(firstWord(["-m", "x", "chat", "hi"], flags)).toEqual({ index: 2, word: "chat" });
  expect(firstWord(["--json"], flags)).toBeUndefined();
  expect(() => firstWord(["--bogus", "x", "chat"], flags)).toThrow("Unknown option --bogus.");
});
