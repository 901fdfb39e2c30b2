import { decodeAwsError, decodeAwsException } from "../aws/error.ts";
import type { Dialect } from "../dialect.ts";
import { encodeRequest } from "./encode-request.ts";
import { openai } from "./index.ts";
import { StreamDecoder } from "./stream-decoder.ts";

/**
 * OpenAI's bodies through InvokeModel, for imported models that Converse does not serve (mapping F.2): model and stream
 * stand in the URL, guardrail and metadata in headers, and what goes wrong is said in AWS's way. An upstream's dialect
 * only: no caller writes it.
 */
export const openaiOverInvoke: Dialect = {
  ...openai,
  id: "openai_over_invoke",
  request: {
    ...openai.request,
    encode(request, facts) {
      const {
        guardrail_config: _,
        performance_config: __,
        request_metadata: ___,
        ...extensions
      } = request.extensions ?? {};
      const { value, ...rest } = encodeRequest({ ...request, extensions }, facts);
      const { model: _model, stream: _stream, stream_options: _options, ...body } = value;
      return { ...rest, value: body };
    },
  },
  stream: {
    ...openai.stream,
    decoder(context) {
      const decoder = new StreamDecoder(context);
      return {
        push(frame, out) {
          if (frame.exception !== undefined) throw decodeAwsException(frame.exception, frame.data);
          decoder.push(frame, out);
        },
        end: (out) => decoder.end(out),
      };
    },
    doneMark: false,
  },
  error: { ...openai.error, decode: decodeAwsError },
};
