/** A fake STS on loopback: the Query protocol, form in, XML out. */
export type StsCall = { action: string; params: URLSearchParams; authorization: string | null };

export type Sts = { url: string; calls: StsCall[]; stop(): void };

export type StsAnswer = { expiresAt: number } | { status: number; code: string; message: string };

/** `answer` is asked for each call; keys are numbered, `ASIA0000000000000001` first. */
export function startSts(answer: (call: StsCall) => StsAnswer | Promise<StsAnswer>): Sts {
  const calls: StsCall[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const params = new URLSearchParams(await request.text());
      const call = {
        action: params.get("Action") ?? "",
        params,
        authorization: request.headers.get("authorization"),
      };
      calls.push(call);
      const number = String(calls.length).padStart(16, "0");
      const given = await answer(call);
      if ("code" in given) {
        return xml(
          `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${given.code}</Code><Message>${given.message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
          given.status,
        );
      }
      return xml(
        `<${call.action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${call.action}Result><Credentials><AccessKeyId>ASIA${number}</AccessKeyId><SecretAccessKey>secret-${number}</SecretAccessKey><SessionToken>token-${number}</SessionToken><Expiration>${new Date(given.expiresAt).toISOString()}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/MyRole/s</Arn><AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser></${call.action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${call.action}Response>`,
        200,
      );
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, calls, stop: () => void server.stop(true) };
}

function xml(body: string, status: number): Response {
  return new Response(body, { status, headers: { "content-type": "text/xml" } });
}
