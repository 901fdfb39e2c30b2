import type { Dialect } from "../dialect.ts";
import { error } from "./error.ts";
import { request } from "./request.ts";
import { response } from "./response.ts";
import { stream } from "./stream.ts";
import { titan } from "./wire.ts";

/** Titan Text through InvokeModel(WithResponseStream): one prompt string in, one text out (mapping E). */
export const bedrockTitan: Dialect = { id: titan, request, response, stream, error };
