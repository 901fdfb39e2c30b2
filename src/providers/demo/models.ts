/** What a demo model does beside writing text. */
export type DemoCapability = "text" | "tools" | "reasoning" | "failure";
export type DemoModel = { id: string; description: string; capabilities: readonly DemoCapability[] };

/** Every demo model: deterministic, offline, without a key (design.md section 10). */
export const demoModels: readonly DemoModel[] = [
  { id: "demo-echo", description: "Says again what you said.", capabilities: ["text"] },
  { id: "demo-lorem", description: "Writes paragraphs in Markdown.", capabilities: ["text"] },
  {
    id: "demo-tools",
    description: "Calls the first tool you offer, then answers with its result.",
    capabilities: ["text", "tools"],
  },
  {
    id: "demo-reasoning",
    description: "Thinks aloud before it answers.",
    capabilities: ["text", "reasoning"],
  },
  { id: "demo-slow", description: "Answers, but takes its time.", capabilities: ["text"] },
  ...[400, 401, 403, 404, 408, 413, 429, 500, 503].map((status): DemoModel => ({
    id: `demo-error-${status}`,
    description: `Answers every request with the status ${status}.`,
    capabilities: ["failure"],
  })),
  {
    id: "demo-error-midstream",
    description: "Fails in the middle of its answer and says so.",
    capabilities: ["failure"],
  },
  { id: "demo-cut", description: "Loses the connection in the middle of its answer.", capabilities: ["failure"] },
  {
    id: "demo-stall",
    description: "Falls silent in the middle of its answer, for ever.",
    capabilities: ["failure"],
  },
  { id: "demo-garbage", description: "Sends something that is no answer.", capabilities: ["failure"] },
];
