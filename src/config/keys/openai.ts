import { table } from "../key.ts";
import { headerText, list, text, url } from "../types.ts";

export const openai = table({
  OPENAI_API_KEY: {
    group: "openai",
    type: text,
    secret: true,
    dotenv: true,
    about: "Key of the OpenAI API, or of the compatible server at OPENAI_BASE_URL.",
    example: "sk-your-openai-api-key",
  },
  OPENAI_API_KEY_CMD: {
    group: "openai",
    type: text,
    only: ["user-file"],
    about:
      "Command whose output is the OpenAI key, run when OPENAI_API_KEY is not set. Counts in the user's own file only.",
    example: "op read op://private/openai/key",
  },
  OPENAI_BASE_URL: {
    group: "openai",
    type: url,
    fallback: "https://api.openai.com/v1",
    dotenv: true,
    about: "Base URL of the OpenAI API or of a compatible server (vLLM, Ollama, LM Studio, OpenRouter).",
    example: "http://localhost:11434/v1",
  },
  OPENAI_ORGANIZATION: {
    group: "openai",
    type: headerText,
    dotenv: true,
    aliases: ["OPENAI_ORG_ID"],
    about: "Organisation that OpenAI bills, sent as `OpenAI-Organization`.",
    example: "org-example",
  },
  OPENAI_PROJECT: {
    group: "openai",
    type: headerText,
    aliases: ["OPENAI_PROJECT_ID"],
    about: "Project within the organisation, sent as `OpenAI-Project`.",
    example: "proj_example",
  },
  OPENAI_MODELS: {
    group: "openai",
    type: list,
    about: "Model ids, beside OpenAI's own, that OPENAI_BASE_URL serves; a trailing * matches any rest.",
    example: "llama3.2,qwen2.5*",
  },
});
