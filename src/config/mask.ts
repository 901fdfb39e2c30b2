/**
 * A secret as people may see it (cli.md 3.4): `••••` for a short one, else the prefix up to the first `-` or four
 * characters, `…` and the last four. What lies between never shows, nor how much it is.
 */
export function mask(secret: string): string {
  const shown = secret.trim().replace(/\s+/g, " ");
  const dash = shown.indexOf("-");
  // A dash far inside belongs to the secret, not to its kind; and at least four characters must stay hidden.
  const prefix = dash >= 0 && dash < 8 ? shown.slice(0, dash + 1) : shown.slice(0, 4);
  if (shown.length <= 8 || shown.length - prefix.length - 4 < 4) return "••••";
  return `${prefix}…${shown.slice(-4)}`;
}
