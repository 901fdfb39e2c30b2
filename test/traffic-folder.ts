import { existsSync } from "node:fs";
import { join } from "node:path";

const candidates = [process.env["TRAFFIC_DIR"], join(import.meta.dir, "../../shared/traffic")];

/** The recorded traffic and vectors, which lie outside the project; undefined in a plain clone. */
export const trafficFolder = candidates.find((path) => path !== undefined && existsSync(path));

/** The end of a skipped test's title. */
export const noTraffic = trafficFolder === undefined ? " (skipped: no TRAFFIC_DIR)" : "";
