import type { Dialect } from "../dialect.ts";
import { error } from "./error.ts";
import { request } from "./request.ts";
import { response } from "./response.ts";
import { stream } from "./stream.ts";
import { id } from "./wire.ts";

/** OpenAI Chat Completions (mapping B, C, G, H). */
export const openai: Dialect = { id, request, response, stream, error };
