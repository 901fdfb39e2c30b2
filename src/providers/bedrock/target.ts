import { GatewayError } from "../../core/error.ts";
import type { Call } from "../provider.ts";
import { canonicalPath, encodeSegment } from "./canonical.ts";
import { bedrockEndpoint, isRegionName, type EndpointSettings } from "./endpoint.ts";

/** A path as it goes over the wire, and as it is signed; `url` is the whole of it. */
export type CallPath = { wire: string; canonical: string; url: string };

/** Ids and regions come from callers: more different ones than this are not remembered. */
const maxKnown = 500;

/** The operations of bedrock-runtime: a model's own format goes through InvokeModel (mapping F.2). */
const operations = {
  converse: { plain: "converse", stream: "converse-stream" },
  invoke: { plain: "invoke", stream: "invoke-with-response-stream" },
};

/** Where the calls for one region go. */
export class Target {
  readonly origin: string;
  readonly host: string;
  readonly #prefix: string;
  readonly #paths = new Map<string, CallPath>();

  constructor(url: URL) {
    this.origin = url.origin;
    this.host = url.host;
    this.#prefix = url.pathname === "/" ? "" : url.pathname;
  }

  /** The model id is percent-encoded exactly once, and once more for the signature (trap T-36). */
  path(call: Pick<Call, "dialect" | "model" | "stream">): CallPath {
    const kind = call.dialect === "bedrock_converse" ? operations.converse : operations.invoke;
    const operation = call.stream ? kind.stream : kind.plain;
    const name = `${operation} ${call.model}`;
    let path = this.#paths.get(name);
    if (path === undefined) {
      const wire = `${this.#prefix}/model/${encodeSegment(call.model)}/${operation}`;
      path = { wire, canonical: canonicalPath(wire), url: this.origin + wire };
      if (this.#paths.size >= maxKnown) this.#paths.clear();
      this.#paths.set(name, path);
    }
    return path;
  }
}

/** The targets of all regions, each worked out once. */
export class Targets {
  readonly #settings: EndpointSettings;
  readonly #known = new Map<string, Target>();

  constructor(settings: EndpointSettings) {
    this.#settings = settings;
  }

  /** Throws a GatewayError for a region that cannot be part of a host name: an ARN may say anything. */
  of(region: string): Target {
    let target = this.#known.get(region);
    if (target === undefined) {
      if (!isRegionName(region)) throw GatewayError.invalid("model", `'${region.slice(0, 64)}' is not an AWS region.`);
      target = new Target(new URL(bedrockEndpoint("runtime", region, this.#settings)));
      if (this.#known.size >= maxKnown) this.#known.clear();
      this.#known.set(region, target);
    }
    return target;
  }
}
