/** One line of the check. `ok: null` was skipped; a step that is not `required` never fails the check. */
export type Step = {
  id: StepId;
  ok: boolean | null;
  required: boolean;
  ms: number;
  /** What was found, or the upstream's own words. */
  detail: string;
  /** The upstream's name of the error. */
  code?: string;
  /** What to do. */
  hint?: string[];
  iam?: string;
  model?: string;
};

export const titles = {
  credentials: "Credentials",
  identity: "Identity",
  endpoint: "Endpoint",
  list: "List models",
  access: "Access",
  converse: "Converse",
  stream: "ConverseStream",
} as const;
export type StepId = keyof typeof titles;

/** The IAM action that a step needs. */
export const actions: Partial<Record<StepId, string>> = {
  identity: "sts:GetCallerIdentity",
  list: "bedrock:ListFoundationModels",
  access: "bedrock:GetFoundationModelAvailability",
  converse: "bedrock:InvokeModel",
  stream: "bedrock:InvokeModelWithResponseStream",
};
