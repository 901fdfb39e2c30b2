import { decodeAwsError } from "../aws/error.ts";
import type { Dialect } from "../dialect.ts";
import { encodeError } from "./error.ts";
import { decodeRequest, encodeRequest, leaveRequest } from "./request.ts";
import { decodeResponse, encodeResponse } from "./response.ts";
import { decoder, encoder } from "./stream.ts";

/** AWS Bedrock's Converse and ConverseStream: an upstream dialect, nobody calls the gateway with it. */
export const bedrockConverse: Dialect = {
  id: "bedrock_converse",
  request: { decode: decodeRequest, encode: encodeRequest, leave: leaveRequest },
  response: { decode: decodeResponse, encode: encodeResponse },
  stream: {
    decoder,
    encoder,
    named: (frame) => frame,
    endMark: "",
    doneMark: false,
    heartbeat: ": keep-alive\n\n",
  },
  error: { decode: decodeAwsError, encode: encodeError },
};
