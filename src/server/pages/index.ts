import { policyOf } from "./policy.ts";

type Options = {
  /** False switches the pages off; /openapi.json stays. */
  ui: boolean;
  version: string;
};

/** The GET pages by path: undefined for a path that is none. What they need is loaded when the first one is asked for. */
export function createPages({ ui, version }: Options): (path: string) => Promise<Response | undefined> | undefined {
  let document: string | undefined;
  return (path) => {
    if (path === "/openapi.json") return openapi();
    if (!ui || !(path === "/" || path === "/docs" || path === "/redoc" || path.startsWith("/ui/"))) return undefined;
    return asset(path);
  };

  async function openapi(): Promise<Response> {
    if (document === undefined) {
      const { openapiDocument } = await import("../openapi/document.ts");
      document = JSON.stringify(openapiDocument(version));
    }
    return new Response(document, { headers: headersFor("/openapi.json", "application/json") });
  }
}

/** The one address that ReDoc would call from a reader's browser. */
const redocLogo = "https://cdn.redoc.ly/redoc/logo-mini.svg";

async function asset(path: string): Promise<Response | undefined> {
  const { assets } = await import("./assets.ts");
  const found = assets.get(path);
  if (found === undefined) return undefined;
  const file = Bun.file(found.file);
  const body = path === "/ui/redoc.standalone.js" ? (await file.text()).replaceAll(redocLogo, "/ui/icon.svg") : file;
  return new Response(body, { headers: headersFor(path, found.type) });
}

function headersFor(path: string, type: string): Record<string, string> {
  return {
    "content-type": type,
    "content-security-policy": policyOf(path),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    // A page of yesterday's version must not meet today's gateway.
    "cache-control": "no-cache",
  };
}
