/** Short names for models that people ask for by their family, and the base ids they stand for. */
export const aliases: Readonly<Record<string, string>> = {
  sonnet: "anthropic.claude-sonnet-4-5-20250929-v1:0",
  haiku: "anthropic.claude-haiku-4-5-20251001-v1:0",
  opus: "anthropic.claude-opus-4-5-20251101-v1:0",
  "nova-micro": "amazon.nova-micro-v1:0",
  "nova-lite": "amazon.nova-lite-v1:0",
  "nova-pro": "amazon.nova-pro-v1:0",
};
