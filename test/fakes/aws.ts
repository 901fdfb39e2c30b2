/** A fake of the AWS services that a check asks, on one loopback port: STS, Bedrock's control plane and its runtime. */
import { event } from "./event-stream.ts";

export type AwsAction =
  | "GetCallerIdentity"
  | "AssumeRole"
  | "AssumeRoleWithWebIdentity"
  | "ListFoundationModels"
  | "ListInferenceProfiles"
  | "GetFoundationModelAvailability"
  | "Converse"
  | "ConverseStream"
  | "Reach";
export type AwsFault = { status: number; code: string; message: string };
export type Aws = {
  url: string;
  asked: { action: AwsAction; path: string; form: URLSearchParams; authorization: string }[];
  stop(): void;
};

const account = "123456789012";
const models = [
  "amazon.nova-micro-v1:0",
  "anthropic.claude-3-haiku-20240307-v1:0",
  "anthropic.claude-sonnet-4-5-20250929-v1:0",
];
const profiles = ["us.amazon.nova-micro-v1:0", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"];

/** `faults` says which actions fail, and how; everything else works. `headers` go on every answer. */
export function startAws(faults: Partial<Record<AwsAction, AwsFault>> = {}, headers: Record<string, string> = {}): Aws {
  const asked: Aws["asked"] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const form = new URLSearchParams(request.method === "POST" && pathname === "/" ? await request.text() : "");
      const action = actionOf(request.method, pathname, form);
      asked.push({ action, path: pathname, form, authorization: request.headers.get("authorization") ?? "" });
      const fault = faults[action];
      const response = fault === undefined ? works(action) : fails(action, fault);
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      return response;
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, asked, stop: () => void server.stop(true) };
}

function actionOf(method: string, path: string, form: URLSearchParams): AwsAction {
  if (method === "POST" && path === "/") return form.get("Action") as AwsAction;
  if (path.startsWith("/foundation-model-availability/")) return "GetFoundationModelAvailability";
  if (path === "/foundation-models") return "ListFoundationModels";
  if (path === "/inference-profiles") return "ListInferenceProfiles";
  if (path.endsWith("/converse")) return "Converse";
  return path.endsWith("/converse-stream") ? "ConverseStream" : "Reach";
}

function fails(action: AwsAction, { status, code, message }: AwsFault): Response {
  if (!isSts(action))
    return Response.json(
      { message },
      { status, headers: { "x-amzn-errortype": `${code}:http://internal.amazon.com/` } },
    );
  return xml(
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    status,
  );
}

function works(action: AwsAction): Response {
  switch (action) {
    case "GetCallerIdentity":
      return sts(
        action,
        `<Arn>arn:aws:sts::${account}:assumed-role/Dev/anna</Arn><UserId>AIDA</UserId><Account>${account}</Account>`,
      );
    case "AssumeRole":
    case "AssumeRoleWithWebIdentity":
      return sts(
        action,
        `<Credentials><AccessKeyId>ASIA0000000000000001</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`,
      );
    case "ListFoundationModels":
      return Response.json({
        modelSummaries: models.map((modelId) => ({
          modelId,
          modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${modelId}`,
        })),
      });
    case "ListInferenceProfiles":
      return Response.json({
        inferenceProfileSummaries: profiles.map((id) => ({
          inferenceProfileId: id,
          inferenceProfileName: id,
          inferenceProfileArn: `arn:aws:bedrock:us-east-1:${account}:inference-profile/${id}`,
          models: [],
          status: "ACTIVE",
          type: "SYSTEM_DEFINED",
        })),
      });
    case "GetFoundationModelAvailability":
      return Response.json({
        modelId: "x",
        agreementAvailability: { status: "AVAILABLE" },
        authorizationStatus: "AUTHORIZED",
        entitlementAvailability: "AVAILABLE",
        regionAvailability: "AVAILABLE",
      });
    case "Converse":
      return Response.json({
        output: { message: { role: "assistant", content: [{ text: "ok" }] } },
        stopReason: "max_tokens",
        usage: { inputTokens: 9, outputTokens: 1, totalTokens: 10 },
        metrics: { latencyMs: 5 },
      });
    case "ConverseStream":
      return new Response(Buffer.from(event("messageStart", { role: "assistant" })), {
        headers: { "content-type": "application/vnd.amazon.eventstream" },
      });
    case "Reach":
      return Response.json({ message: "Missing Authentication Token" }, { status: 403 });
    default:
      return action satisfies never;
  }
}

function isSts(action: AwsAction): boolean {
  return action === "GetCallerIdentity" || action.startsWith("AssumeRole");
}

function sts(action: string, result: string): Response {
  return xml(
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
    200,
  );
}

function xml(body: string, status: number): Response {
  return new Response(body, { status, headers: { "content-type": "text/xml" } });
}
