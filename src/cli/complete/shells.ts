import bash from "./scripts/bash.txt" with { type: "text" };
import fish from "./scripts/fish.txt" with { type: "text" };
import powershell from "./scripts/powershell.txt" with { type: "text" };
import zsh from "./scripts/zsh.txt" with { type: "text" };

/**
 * The script of each shell. All of them ask `amazon-chat complete words -- WORD…` and show what it prints: a word a line,
 * a tab and what it means; `:files` stands for the shell's own file names. `@bomb.sh/tab` was looked at: its script for
 * bash needs the package bash-completion, and it wants commands as citty or commander know them.
 */
export const shells: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };
