import { tokens } from "./tokens.ts";

const page = `# Lorem ipsum

Lorem ipsum dolor sit amet, **consectetur** adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna
aliqua. Ut enim ad minim veniam, quis nostrud *exercitation* ullamco laboris nisi ut aliquip ex ea commodo consequat.

Three things to notice:

- the text comes in pieces, as a model's does;
- it is always the same, so a test can expect it;
- it is Markdown: \`code\`, lists and headings are in it.

\`\`\`ts
const greeting = "Salve, munde!";
console.log(greeting);
\`\`\`

Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint
occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.`;

/** A page of Markdown, or as many tokens of such pages as are asked for. */
export function lorem(length?: number): string {
  if (length === undefined) return page;
  const pieces = tokens(page);
  const next = tokens(`\n\n${page}`);
  let text = "";
  for (let i = 0; i < length; i++) text += (i < pieces.length ? pieces : next)[i % pieces.length];
  return text;
}
