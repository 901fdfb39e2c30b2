import { groups, type Group } from "./key.ts";
import { definition, keyNames, type KeyName } from "./keys.ts";
import { flag, text, type Type } from "./types.ts";

const header = `# Settings of amazon-chat. Copy this file to .env or to the place that "amazon-chat config path" prints, take the #
# from the lines you need, and keep it to yourself (chmod 600). Precedence: flag, environment, --env-file, ./.env, the
# user's file, default. Generated from src/config/keys: change it there and run "bun scripts/generate.ts".
`;

/** The text of .env.example: every setting with what it is for, switched off. */
export function exampleFile(): string {
  return `${header}${inGroups((group, names) => `\n# --- ${groups[group]} ---\n${names.map(entry).join("")}`)}`;
}

function entry(name: KeyName): string {
  const key = definition(name);
  const places = key.only ? ` (only in: ${key.only.join(", ")})` : key.dotenv ? "" : " (not read from ./.env)";
  const value = key.example ?? key.fallback ?? key.type.choices?.[0] ?? "";
  return `\n# ${key.about}${places}\n# ${key.type.label}${key.fallback === undefined ? "" : `; default ${key.fallback}`}\n#${name}=${quotedIfNeeded(value)}\n`;
}

function quotedIfNeeded(value: string): string {
  return /[\s#"'{]/.test(value) ? `'${value}'` : value;
}

/** The README's table of settings. */
export function readmeTable(): string {
  const rows = inGroups((group, names) => `| **${groups[group]}** | | | |\n${names.map(row).join("")}`);
  return `🔑: a secret, masked wherever it is shown. ✔: counts in a \`./.env\` that lies in the working directory; the other settings
do not, because somebody else may have written that file (name it with \`--env-file\` to use all of it).

| Setting | Default | \`./.env\` | What it does |
|---|---|---|---|
${rows}`;
}

function row(name: KeyName): string {
  const key = definition(name);
  const also = [
    ...(key.flag ? [`\`--${key.flag}\``] : []),
    ...(key.aliases ?? []).map((alias) => `\`${alias}\``),
    ...(key.only ? [`only in: ${key.only.join(", ")}`] : []),
  ];
  const about = `${key.about}${expects(key.type)}${also.length > 0 ? ` (${also.join("; ")})` : ""}`;
  const cells = [
    `\`${name}\`${key.secret ? " 🔑" : ""}`,
    key.fallback === undefined ? "" : `\`${key.fallback}\``,
    key.dotenv ? "✔" : "",
    about,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}

function expects({ label, choices }: Type<unknown>): string {
  if (label === text.label || label === flag.label) return "";
  return choices === undefined ? ` (${label})` : ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.`;
}

function inGroups(write: (group: Group, names: KeyName[]) => string): string {
  const known = Object.keys(groups).filter((group): group is Group => Object.hasOwn(groups, group));
  return known
    .map((group) =>
      write(
        group,
        keyNames.filter((name) => definition(name).group === group),
      ),
    )
    .join("");
}
