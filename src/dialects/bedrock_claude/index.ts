import type { Dialect } from "../dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";
import { decodeError, encodeError } from "./error.ts";
import { leaveRequest } from "./leave.ts";
import { decodeResponse, encodeResponse } from "./response.ts";
import { decoder, encoder, named } from "./stream.ts";
import { own } from "./wire.ts";

/** Anthropic's Messages format, as Bedrock serves it through InvokeModel (mapping D). */
export const bedrockClaude: Dialect = {
  id: own,
  request: { decode: decodeRequest, encode: encodeRequest, leave: leaveRequest },
  response: { decode: decodeResponse, encode: encodeResponse },
  stream: {
    decoder,
    encoder,
    named,
    endMark: "",
    doneMark: false,
    heartbeat: 'event: ping\ndata: {"type":"ping"}\n\n',
  },
  error: { decode: decodeError, encode: encodeError },
};
