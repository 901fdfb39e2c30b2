import type { Dialect } from "../dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { leave } from "./leave.ts";

/** OpenAI's Chat Completions request (mapping B, G). */
export const request: Dialect["request"] = { decode: decodeRequest, encode: encodeRequest, leave };
