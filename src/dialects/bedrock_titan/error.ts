import { decodeAwsError } from "../aws/error.ts";
import { exceptionName } from "../aws/exception-name.ts";
import type { Dialect } from "../dialect.ts";

/** Bedrock's errors in, AWS's envelope with the name in the body out (mapping H.1, H.3). */
export const error: Dialect["error"] = {
  decode: decodeAwsError,
  encode(failure, requestId) {
    const name = exceptionName(failure);
    return {
      status: failure.status,
      headers: { "x-amzn-errortype": name, "x-amzn-requestid": requestId },
      body: { message: failure.message, __type: name },
    };
  },
};
