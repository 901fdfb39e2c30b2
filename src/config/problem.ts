/** A configuration that cannot be used. The message names key, place, masked value and remedy; the exit code is 2. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export type Problem = {
  /** The setting, where it is about one. */
  key?: string;
  message: string;
  /** What to do about it, a command where there is one. */
  remedy: string;
};

function problemText(problem: Problem): string {
  return `${problem.message}\n  ${problem.remedy}`;
}
