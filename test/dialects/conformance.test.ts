import { dialects } from "../../src/dialects/registry.ts";
import { conformance, type Conformance } from "./conformance.ts";
import { probes } from "./probes.ts";

/** What the suite must know about each dialect beside its fixtures. */
const rows: Readonly<Record<string, Omit<Conformance, "dialect" | "probe">>> = {
  openai: {
    model: "gpt-4o",
    elsewhere: { request: [], response: ["id", "created", "model"] },
  },
  bedrock_claude: {
    model: "anthropic.claude-3-5-sonnet-20241022-v2:0",
    elsewhere: { request: ["model", "stream"], response: ["model"] },
  },
  bedrock_titan: {
    model: "amazon.titan-text-express-v1",
    elsewhere: { request: ["model", "stream"], response: [] },
  },
  bedrock_converse: {
    model: "amazon.nova-lite-v1:0",
    elsewhere: { request: [], response: [] },
  },
};

for (const dialect of dialects.values()) {
  const row = rows[dialect.id];
  const probe = probes[dialect.id];
  if (!row || !probe) throw new Error(`${dialect.id} has no row in the conformance suite`);
  conformance({ dialect, probe, ...row });
}
