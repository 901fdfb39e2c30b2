/** This dialect's name. */
export const titan = "bedrock_titan";

/** Keys of `textGenerationConfig`; any other is refused by Bedrock (mapping E.1). */
export const configKeys = ["temperature", "topP", "maxTokenCount", "stopSequences"] as const;

/** Titan's own default, kept when its body goes to another model (mapping E.1). */
export const defaultMaxTokens = 512;

/** Bedrock's additions to Titan's JSON, on whole answers and on chunks. */
export const guardrailAction = "amazon-bedrock-guardrailAction";
export const guardrailTrace = "amazon-bedrock-trace";
export const invocationMetrics = "amazon-bedrock-invocationMetrics";
