/** The candidates that the typed word was probably meant to be, best first, at most three. */
export function suggest(typed: string, candidates: Iterable<string>): string[] {
  const word = typed.toLowerCase();
  const limit = Math.max(1, Math.floor(word.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const name of candidates) {
    const known = name.toLowerCase();
    if (word.length > 1 && known.startsWith(word)) scored.push({ name, score: 0 });
    else if (distance(word, known) <= limit) scored.push({ name, score: distance(word, known) });
  }
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, 3)
    .map((one) => one.name);
}

/** Edits between two words; two letters swapped count as one, because that is what fingers do. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(changed, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
