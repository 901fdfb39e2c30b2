import { expect, test } from "bun:test";
import { generated } from "../../scripts/generate.ts";
import { readEnvText } from "../../src/config/env-text.ts";
import { exampleFile, readmeTable } from "../../src/config/example.ts";
import { definition, keyNames } from "../../src/config/keys.ts";
import * as v from "valibot";

test("what is generated from the table of settings is up to date: bun scripts/generate.ts", async () => {
  for (const { path, text, current } of await generated()) expect(current, path).toBe(text);
});

test("every setting is in the example and in the README's table", () => {
  for (const name of keyNames) {
    expect(exampleFile()).toContain(`\n#${name}=`);
    expect(readmeTable()).toContain(`| \`${name}\``);
  }
});

test("every line of the example is right as it stands, once the # is taken away", () => {
  const text = exampleFile().replace(/^#(?=[A-Z])/gm, "");
  const { assignments, mistakes } = readEnvText(text);
  expect(mistakes).toEqual([]);
  expect(assignments.map(({ key }) => key)).toEqual(
    [...keyNames].sort((a, b) => text.indexOf(`\n${a}=`) - text.indexOf(`\n${b}=`)),
  );
  for (const { key, value } of assignments) {
    const name = keyNames.find((one) => one === key);
    expect(name && v.safeParse(definition(name).type.schema, value).success, `${key}=${value}`).toBe(true);
  }
});

test("every default is a right value, and no secret has one", () => {
  for (const name of keyNames) {
    const { fallback, secret, type } = definition(name);
    if (fallback !== undefined) expect(v.safeParse(type.schema, fallback).success, name).toBe(true);
    expect(fallback === undefined || !secret).toBe(true);
  }
});
