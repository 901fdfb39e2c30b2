import { chatOperation } from "./chat-operation.ts";
import { responseHeaders } from "./headers.ts";
import { components, ref, type SchemaName } from "./schemas.ts";

const about = `One chat endpoint for OpenAI and AWS Bedrock. Send a body in the OpenAI, Bedrock Claude or Bedrock Titan
format: it is detected, routed by model id, converted, streamed, and answered in the format you want. What a conversion
cannot carry over is said in \`x-amazon-chat-losses\`.

The examples use demo models, which are there when the gateway was started with \`serve --demo\`.`;

/** The OpenAPI 3.1 document of the gateway. */
export function openapiDocument(version: string): { [key: string]: unknown } {
  return {
    openapi: "3.1.0",
    info: { title: "amazon-chat", version, description: about, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/", description: "This gateway" }],
    // A gateway without API_KEY asks for none.
    security: [{}, { bearer: [] }, { xApiKey: [] }, { apiKey: [] }],
    tags: [
      { name: "Chat", description: "The one endpoint" },
      { name: "Models", description: "What can be asked" },
      { name: "Health", description: "For load balancers and people" },
    ],
    paths: {
      "/v1/chat/completions": { post: chatOperation },
      "/v1/models": { get: reading("Models", "listModels", "List the models", "ModelList") },
      "/v1/models/{model}": {
        get: {
          ...reading("Models", "getModel", "One model", "Model"),
          parameters: [{ name: "model", in: "path", required: true, schema: { type: "string" }, example: "demo-echo" }],
        },
      },
      "/v1/chat/completions/health": {
        get: reading("Health", "chatHealth", "Health of the endpoint, behind the key", "Health"),
      },
      "/health": { get: open(reading("Health", "health", "The process lives", "Health")) },
      "/health/ready": {
        get: open(
          reading("Health", "ready", "Requests are taken: all workers are up, nothing is being shut down", "Health"),
          { "503": { description: "Not ready", content: { "application/json": { schema: ref("Health") } } } },
        ),
      },
    },
    components: {
      schemas: components(),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A key of API_KEY" },
        xApiKey: {
          type: "apiKey",
          in: "header",
          name: "x-api-key",
          description: "The same key, as Anthropic's clients send it",
        },
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "api-key",
          description: "The same key, as Azure's clients send it",
        },
      },
    },
  };
}

type Operation = { [key: string]: unknown; responses: { [status: string]: unknown } };

function reading(tag: string, operationId: string, summary: string, answer: SchemaName): Operation {
  const error = { "application/json": { schema: ref("OpenAIError") } };
  return {
    tags: [tag],
    operationId,
    summary,
    responses: {
      "200": {
        description: "OK",
        headers: { "x-request-id": responseHeaders["x-request-id"] },
        content: { "application/json": { schema: ref(answer) } },
      },
      "4XX": { description: "An error", content: error },
    },
  };
}

/** The same without a key. */
function open(operation: Operation, more: { [status: string]: unknown } = {}): Operation {
  return { ...operation, security: [], responses: { ...operation.responses, ...more } };
}
