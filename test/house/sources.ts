import { join } from "node:path";

export const root = join(import.meta.dir, "../..");

export type Source = {
  /** `src/core/chat.ts` */ path: string;
  /** `core`; `main.ts` for src/main.ts. */ layer: string;
  text: string;
};

/** Every file under src. */
export const sources: Source[] = await Promise.all(
  [...new Bun.Glob("src/**/*.ts").scanSync({ cwd: root })].sort().map(async (path) => ({
    path: path.replaceAll("\\", "/"),
    layer: path.split(/[/\\]/)[1] ?? "",
    text: await Bun.file(join(root, path)).text(),
  })),
);

/** The lines that match, as `src/a.ts:3: const x`, without comments and outside the given layers. */
export function offences(pattern: RegExp, allowed: (source: Source) => boolean): string[] {
  return sources
    .filter((source) => !allowed(source))
    .flatMap((source) =>
      withoutComments(source.text)
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [`${source.path}:${index + 1}: ${line.trim()}`] : [])),
    );
}

/** Comments blanked out, line breaks kept. A `//` inside a text is taken for a comment: fine for a look, not for code. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}
