/** Where releases are found: in CI it knows its own name, elsewhere the owner stays open. */
export const repository = process.env["GITHUB_REPOSITORY"] ?? "OWNER/amazon-chat";

/** The text with the repository's name filled in. */
export function withRepository(text: string): string {
  return text.replaceAll("OWNER/amazon-chat", repository);
}
