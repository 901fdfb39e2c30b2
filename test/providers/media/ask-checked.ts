/** Opens `https://HOST:PORT/` at the loopback address and prints what came of it. */
import { openChecked } from "../../../src/providers/media/fetch.ts";

const [host = "", port = ""] = process.argv.slice(2);
const url = new URL(`https://${host}:${port}/`);
try {
  const response = await openChecked({ url, address: "127.0.0.1" }, AbortSignal.timeout(10_000));
  const told: unknown = await response.json();
  process.stdout.write(
    `${response.status} ${typeof told === "object" && told !== null && "host" in told ? String(told.host) : ""}`,
  );
} catch (error) {
  process.stdout.write(`refused ${error instanceof Error && "code" in error ? String(error.code) : String(error)}`);
}
