import type { GatewayError } from "../../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../../core/events.ts";
import { decodeAwsException } from "../aws/error.ts";
import type { Context, Decoder } from "../dialect.ts";
import { frameJson } from "../frame-json.ts";
import { AnswerReader } from "./answer-reader.ts";
import { AnswerWriter } from "./answer-writer.ts";
import { exceptionFrame } from "./error.ts";

/** ConverseStream messages to events (mapping C.7). Throws what an exception frame says (C.7.1), and on a missing end. */
export function decoder(context: Context): Decoder {
  const reader = new AnswerReader(context);
  return {
    push(frame, out) {
      if (frame.exception !== undefined) throw decodeAwsException(frame.exception, frame.data);
      reader.take(frame.event ?? "", frame.data === "" ? {} : frameJson(frame.data), out);
    },
    end: (out) => reader.end(out),
    usageSoFar: () => reader.usageSoFar(),
  };
}

/** Events to ConverseStream messages, as a fake upstream sends them. */
export function encoder(): Stage<ChatEvent, Frame> & { fail(error: GatewayError): Frame[] } {
  const writer = new AnswerWriter();
  return {
    push: (event, out) => writer.push(event, out),
    end: (out) => writer.end(out),
    fail: (error) => [exceptionFrame(error)],
  };
}
