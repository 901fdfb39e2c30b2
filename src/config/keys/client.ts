import { table } from "../key.ts";
import { flag, text, url } from "../types.ts";

export const client = table({
  DEFAULT_MODEL: {
    group: "client",
    type: text,
    dotenv: true,
    aliases: ["AMAZON_CHAT_MODEL"],
    about: "Model where none is named. Absent: DEFAULT_OPENAI_MODEL.",
    example: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  },
  DEFAULT_OPENAI_MODEL: {
    group: "client",
    type: text,
    fallback: "gpt-4o-mini",
    dotenv: true,
    about: "Model where neither a command nor DEFAULT_MODEL names one.",
  },
  CHAT_SERVER_URL: {
    group: "client",
    type: url,
    flag: "server-url",
    dotenv: true,
    about: "A running gateway that `chat` and `models` use. Absent: they work by themselves.",
    example: "http://localhost:8000",
  },
  CHAT_API_KEY: {
    group: "client",
    type: text,
    secret: true,
    flag: "api-key",
    dotenv: true,
    about: "Key for the gateway at CHAT_SERVER_URL.",
    example: "your-secret-api-key",
  },
  AMAZON_CHAT_NO_STDIN: {
    group: "client",
    type: flag,
    fallback: "off",
    flag: "no-stdin",
    dotenv: true,
    about: "Never reads the prompt from stdin.",
  },
  AMAZON_CHAT_TRUST_DOTENV: {
    group: "client",
    type: flag,
    fallback: "off",
    only: ["environment", "env-file", "user-file"],
    about: "Lets a URL from ./.env be used with a key from elsewhere.",
  },
  AMAZON_CHAT_CONFIG: {
    group: "client",
    type: text,
    flag: "config",
    only: ["flag", "environment"],
    about: "Another place for the user's configuration file.",
    example: "/etc/amazon-chat/config.env",
  },
});
