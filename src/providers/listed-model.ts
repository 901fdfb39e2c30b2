/** One model as OpenAI's list writes it. `created` is Unix seconds, 0 when unknown. */
export type ListedModel = { id: string; created: number; owned_by: string };
