/**
 * Ids that are known to be no chat models (mapping F.4). A short list on purpose: what it misses, Bedrock answers
 * with "The model … doesn't support the Converse operation".
 */
const notChat: readonly RegExp[] = [
  /embed/,
  /rerank/,
  /nova-(?:canvas|reel)/,
  // Bidirectional streams only.
  /nova-(?:2-)?sonic/,
  /titan-image/,
  /^stability\./,
  /^luma\./,
  /^twelvelabs\./,
];

/** True for a base id that embeds, ranks, draws or films. */
export function isNotChat(base: string): boolean {
  return notChat.some((pattern) => pattern.test(base));
}

/** OpenAI lists everything it has, and does not say what for. */
const notChatOnOpenAI =
  /embedding|moderation|whisper|transcribe|tts|^dall-e|image|realtime|^sora|instruct$|^babbage|^davinci|^text-/i;

/** True for an id of OpenAI's list that embeds, transcribes, speaks, draws or completes. */
export function isNotChatOnOpenAI(id: string): boolean {
  return notChatOnOpenAI.test(id);
}
