import type { Group } from "../command.ts";

export const configGroup: Group = {
  name: "config",
  summary: "Set, show and check the configuration",
  examples: ["amazon-chat config set", "amazon-chat config show", "amazon-chat config test-aws"],
  commands: {
    set: {
      summary: "Set up everything step by step, or set one value",
      load: () => import("./set.ts").then((file) => file.set),
    },
    show: {
      summary: "Show the effective configuration and where each value comes from",
      load: () => import("./show.ts").then((file) => file.show),
    },
    get: { summary: "Print one value", load: () => import("./get.ts").then((file) => file.get) },
    unset: { summary: "Remove one value from the file", load: () => import("./unset.ts").then((file) => file.unset) },
    path: {
      summary: "Print where the configuration file is",
      load: () => import("./path.ts").then((file) => file.path),
    },
    edit: {
      summary: "Open the configuration file in an editor",
      load: () => import("./edit.ts").then((file) => file.edit),
    },
    "test-aws": {
      summary: "Check AWS Bedrock access step by step",
      load: () => import("./test-aws.ts").then((file) => file.testAws),
    },
  },
};
