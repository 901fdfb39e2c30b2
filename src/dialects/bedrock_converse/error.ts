import type { GatewayError } from "../../core/error.ts";
import type { Frame } from "../../core/events.ts";
import { exceptionName } from "../aws/exception-name.ts";
import type { Dialect } from "../dialect.ts";

/** AWS's envelope: the name in a header, the message in the body. */
export const encodeError: Dialect["error"]["encode"] = (error, requestId) => ({
  status: error.status,
  headers: { "x-amzn-errortype": exceptionName(error), "x-amzn-requestid": requestId },
  body: { message: error.message },
});

/** The same in the middle of a stream, where names begin small. */
export function exceptionFrame(error: GatewayError): Frame {
  const name = exceptionName(error);
  return {
    exception: name.charAt(0).toLowerCase() + name.slice(1),
    data: JSON.stringify({ message: error.message }),
  };
}
