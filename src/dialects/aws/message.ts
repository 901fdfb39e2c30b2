/** Longest error text that is passed on, in characters. */
const longest = 2000;

/**
 * AWS's text as the caller may see it (mapping H.3): without the phrase in front, account ids and the rest of ARNs.
 */
export function publicMessage(text: string): string {
  return text
    .replace(/^The model returned the following errors: /, "")
    .replace(/\barn:(aws[a-z-]*):([a-z0-9-]*)[^\s"'`,;)\]]*/g, "arn:$1:$2")
    .replace(/\b\d{12}\b/g, "************")
    .slice(0, longest)
    .trim();
}

/** The words of a body that is not JSON: a proxy's HTML page or plain text. */
export function plainText(body: string): string {
  if (!/<[a-z!/]/i.test(body)) return body.trim().slice(0, longest);
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]?.trim();
  if (title) return title.slice(0, longest);
  return body
    .slice(0, 20 * longest)
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, longest);
}
