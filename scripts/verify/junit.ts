export type Case = { file: string; title: string; state: "passed" | "failed" | "skipped" };

/** The test cases of a JUnit report as Bun 1.4.5 writes it. */
export function readJunit(xml: string): Case[] {
  const cases: Case[] = [];
  for (const [, attributes = "", body = ""] of xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const group = attribute(attributes, "classname");
    const name = attribute(attributes, "name");
    const state = /<(?:failure|error)\b/.test(body) ? "failed" : /<skipped\b/.test(body) ? "skipped" : "passed";
    cases.push({ file: attribute(attributes, "file"), title: group === "" ? name : `${group} > ${name}`, state });
  }
  return cases;
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function attribute(attributes: string, name: string): string {
  const raw = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return raw.replace(/&(#\d+|#x[0-9a-f]+|\w+);/gi, (whole, word: string) => {
    if (!word.startsWith("#")) return entities[word] ?? whole;
    return String.fromCodePoint(Number(word.startsWith("#x") ? `0${word.slice(1)}` : word.slice(1)));
  });
}
