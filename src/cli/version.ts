import { version as packageVersion } from "../../package.json";

// scripts/build.ts puts the commit in; from source there is none to name.
declare const AMAZON_CHAT_COMMIT: string | undefined;

export const version: string = packageVersion;
export const commit: string = typeof AMAZON_CHAT_COMMIT === "string" ? AMAZON_CHAT_COMMIT : "source";
export const platform: string = `${process.platform}-${process.arch}`;
