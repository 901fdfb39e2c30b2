import type { GatewayError } from "../../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../../core/events.ts";
import { decodeAwsException } from "../aws/error.ts";
import type { Context, Decoder } from "../dialect.ts";
import { frameJson } from "../frame-json.ts";
import { AnswerReader } from "./answer-reader.ts";
import { AnswerWriter } from "./answer-writer.ts";
import { errorFrame } from "./error.ts";
import { look } from "../look.ts";

/**
 * Anthropic's events, from InvokeModelWithResponseStream (no event name, the type stands in the JSON) or from SSE.
 * Throws what an `error` event or an exception frame says, and on a missing message_stop.
 */
export function decoder(context: Context): Decoder {
  const reader = new AnswerReader(context);
  return {
    push(frame, out) {
      if (frame.exception !== undefined) throw decodeAwsException(frame.exception, frame.data);
      reader.take(frameJson(frame.data), out);
    },
    end: () => reader.end(),
    usageSoFar: () => reader.usageSoFar(),
  };
}

export function encoder(context: Context): Stage<ChatEvent, Frame> & { fail(error: GatewayError): Frame[] } {
  const writer = new AnswerWriter(context);
  return {
    push: (event, out) => writer.push(event, out),
    end: (out) => writer.end(out),
    fail: (error) => [errorFrame(error)],
  };
}

/** Anthropic's clients skip data without an event name, and Bedrock sends none (mapping 0.9). */
export function named(frame: Frame): Frame {
  if (frame.event !== undefined) return frame;
  const type = /^\{"type":"(\w+)"/.exec(frame.data)?.[1] ?? look.text(frameJson(frame.data), "type");
  return type === undefined ? frame : { ...frame, event: type };
}
