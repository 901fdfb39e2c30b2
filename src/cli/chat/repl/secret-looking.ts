/** Shapes of what must not lie in a history file: keys of OpenAI, AWS, GitHub, Slack, private keys, `NAME_KEY=value`. */
const shapes: readonly RegExp[] = [
  /\bsk-[\w-]{8,}/,
  /\b(?:AKIA|ASIA|ABSK)[\w+/=-]{12,}/,
  /\bbedrock-api-key-\S{8,}/,
  /\bgh[pousr]_\w{16,}/,
  /\bxox[abprs]-[\w-]{10,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b[Bb]earer\s+\S{8,}/,
  /(?:key|secret|token|password|passwd)["']?\s*[=:]\s*(?:["'][^"']{8,}|[^\s"']{8,})/i,
];

/** True for a text that seems to hold a secret. Wrong now and then, to the safe side: the line is only not remembered. */
export function looksSecret(text: string): boolean {
  return shapes.some((shape) => shape.test(text));
}
