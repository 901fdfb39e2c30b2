import { groups, type Group } from "../../config/key.ts";
import { definition, keyNames, type KeyName } from "../../config/keys.ts";
import type { Output } from "../terminal.ts";

/** Every setting with what it is for: for people on a terminal, tab-separated in a pipe, or as JSON. */
export async function listKeys(out: Output, json: boolean): Promise<void> {
  if (json) return out.line(JSON.stringify(keyNames.map(asJson), undefined, 2));
  if (!out.isTTY) {
    for (const name of keyNames) {
      const { about, fallback = "", type } = definition(name);
      await out.line([name, type.label, fallback, about].join("\t"));
    }
    return;
  }
  for (const [group, title] of Object.entries(groups)) {
    await out.line(`${group === "server" ? "" : "\n"}${out.paint.bold(title)}`);
    for (const name of keyNames.filter((one) => definition(one).group === (group as Group))) {
      const { about, fallback, type, secret } = definition(name);
      const facts = [
        type.label,
        ...(fallback === undefined ? [] : [`default ${fallback}`]),
        ...(secret ? ["secret"] : []),
      ];
      await out.line(`  ${out.paint.cyan(name)}  ${about} ${out.paint.dim(`(${facts.join("; ")})`)}`);
    }
  }
}

function asJson(name: KeyName): object {
  const { group, type, about, fallback, example, secret, aliases, flag, dotenv, only } = definition(name);
  return {
    key: name,
    group: groups[group],
    type: type.label,
    choices: type.choices,
    default: fallback ?? null,
    secret: secret === true,
    about,
    example,
    aliases: aliases ?? [],
    flag: flag === undefined ? null : `--${flag}`,
    dotenv: dotenv === true,
    only,
  };
}
