/**
 * The URL of a path below a base URL. A query of the base stays where it belongs, behind the path: Azure's
 * `…/openai/deployments/NAME?api-version=…` (mapping G.7).
 */
export function endpoint(baseUrl: string, path: string): string {
  const mark = baseUrl.indexOf("?");
  if (mark < 0) return baseUrl + path;
  return `${baseUrl.slice(0, mark).replace(/\/+$/, "")}${path}${baseUrl.slice(mark)}`;
}
