/** The moto server as a child process: an STS and an IAM that were written by others, from AWS's own service models. */
export type Moto = {
  url: string;
  iam(action: string, fields: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
};

/** Starts `moto_server` on a free loopback port and waits until it answers. Throws when it does not come up in 30 s. */
export async function startMoto(program: string): Promise<Moto> {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  const url = `http://127.0.0.1:${port}`;
  const child = Bun.spawn([program, "-H", "127.0.0.1", "-p", String(port)], { stdio: ["ignore", "ignore", "ignore"] });
  const deadline = performance.now() + 30_000;
  for (;;) {
    const up = await fetch(`${url}/moto-api/data.json`).then(
      (response) => response.ok,
      () => false,
    );
    if (up) break;
    if (child.exitCode !== null || performance.now() > deadline) throw new Error("moto_server does not come up");
    await Bun.sleep(50);
  }
  return {
    url,
    async iam(action, fields) {
      const response = await fetch(url, {
        method: "POST",
        // moto finds the service in the scope of the signature, and does not check it.
        headers: {
          authorization:
            "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
        },
        body: new URLSearchParams({ Action: action, Version: "2010-05-08", ...fields }),
      });
      if (!response.ok) throw new Error(`moto: ${action}: ${await response.text()}`);
      return response.text();
    },
    async stop() {
      child.kill();
      await child.exited;
    },
  };
}
