import redocScript from "redoc/bundles/redoc.standalone.js" with { type: "file" };
import swaggerScript from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import swaggerStyle from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import answers from "./answers.js" with { type: "file" };
import bodies from "./bodies.js" with { type: "file" };
import docsStyle from "./docs.css" with { type: "file" };
import docsPage from "./docs.html" with { type: "file" };
import docsScript from "./docs.js" with { type: "file" };
import events from "./events.js" with { type: "file" };
import icon from "./icon.svg" with { type: "file" };
import playgroundStyle from "./playground.css" with { type: "file" };
import playgroundPage from "./playground.html" with { type: "file" };
import playgroundScript from "./playground.js" with { type: "file" };
import redocPage from "./redoc.html" with { type: "file" };
import redocStart from "./redoc.js" with { type: "file" };
import show from "./show.js" with { type: "file" };

export type Asset = { file: string; type: string };

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** Bun's types say what HTML is without `type: "file"`; with it, it is a path as everything here. */
function page(file: unknown): Asset {
  return { file: String(file), type: "text/html; charset=utf-8" };
}

/** Every page and what it loads, by path. The files are inside the binary and are read when they are asked for. */
export const assets: ReadonlyMap<string, Asset> = new Map<string, Asset>([
  ["/", page(playgroundPage)],
  ["/docs", page(docsPage)],
  ["/redoc", page(redocPage)],
  ["/ui/answers.js", { file: answers, type: script }],
  ["/ui/bodies.js", { file: bodies, type: script }],
  ["/ui/docs.css", { file: docsStyle, type: style }],
  ["/ui/docs.js", { file: docsScript, type: script }],
  ["/ui/events.js", { file: events, type: script }],
  ["/ui/icon.svg", { file: icon, type: "image/svg+xml" }],
  ["/ui/playground.css", { file: playgroundStyle, type: style }],
  ["/ui/playground.js", { file: playgroundScript, type: script }],
  ["/ui/redoc.js", { file: redocStart, type: script }],
  ["/ui/redoc.standalone.js", { file: redocScript, type: script }],
  ["/ui/show.js", { file: show, type: script }],
  ["/ui/swagger-ui-bundle.js", { file: swaggerScript, type: script }],
  ["/ui/swagger-ui.css", { file: swaggerStyle, type: style }],
]);
