import type { Group } from "./command.ts";

/** Every command. A new one is one line here and one file; the import() must be literal, or the build cannot see it. */
export const program: Group = {
  name: "amazon-chat",
  summary: "One chat endpoint for OpenAI and AWS Bedrock",
  examples: ["amazon-chat serve --demo", 'amazon-chat chat --demo "hello"', "amazon-chat config set"],
  bare: (global) => import("./bare.ts").then((file) => file.firstSteps(global)),
  commands: {
    chat: { summary: "Talk to a model", load: () => import("./chat/index.ts").then((file) => file.chat) },
    models: {
      summary: "List the models you can talk to",
      load: () => import("./models/index.ts").then((file) => file.models),
    },
    serve: { summary: "Start the gateway", load: () => import("./serve.ts").then((file) => file.serve) },
    explain: {
      summary: "Show what a request would become, without sending it",
      load: () => import("./explain.ts").then((file) => file.explain),
    },
    health: {
      summary: "Ask a running gateway whether it is ready",
      load: () => import("./health.ts").then((file) => file.health),
    },
    config: {
      summary: "Set, show and check the configuration",
      load: () => import("./config/index.ts").then((file) => file.configGroup),
    },
    complete: {
      summary: "Print a script for Tab completion",
      load: () => import("./complete/index.ts").then((file) => file.complete),
    },
    version: {
      summary: "Show version, commit and platform",
      load: () => import("./version-command.ts").then((file) => file.versionCommand),
    },
  },
};
