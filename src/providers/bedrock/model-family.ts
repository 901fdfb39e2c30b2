import { baseOf } from "./list-models.ts";
import { withControl, type ControlAuth } from "./control-client.ts";
import type { EndpointSettings } from "./endpoint.ts";

const lifeMs = 60 * 60_000;
/** An ARN that could not be looked up for a passing reason. */
const failedMs = 60_000;
const maxKnown = 1_000;
/** Look-ups at a time. Callers who invent ARNs must not turn into as many calls of the control plane. */
const maxPending = 8;

type Known = { family: Promise<string | undefined>; until: number };

/** What application inference profiles and provisioned models stand for (mapping I.2, trap T-37). `now` is Unix ms. */
export class ModelFamilies {
  readonly #auth: (region: string) => ControlAuth;
  readonly #endpoints: EndpointSettings;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  #pending = 0;

  constructor(auth: (region: string) => ControlAuth, endpoints: EndpointSettings, now: () => number) {
    this.#auth = auth;
    this.#endpoints = endpoints;
    this.#now = now;
  }

  /** The base model id behind an ARN. Undefined when it cannot be told: refused, unreachable, or no such ARN. */
  of(arn: string): Promise<string | undefined> {
    const known = this.#known.get(arn);
    if (known && known.until > this.#now()) return known.family;
    if (this.#pending >= maxPending) return Promise.resolve(undefined);
    const entry: Known = { family: this.#ask(arn), until: this.#now() + lifeMs };
    this.#pending++;
    entry.family = entry.family
      .catch((thrown: unknown) => {
        // A refusal stays one; a broken line may be mended soon.
        if (!isRefusal(thrown)) entry.until = this.#now() + failedMs;
        return undefined;
      })
      .finally(() => this.#pending--);
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(arn, entry);
    return entry.family;
  }

  async #ask(arn: string): Promise<string | undefined> {
    const [, region, kind] = /^arn:[^:]*:bedrock:([a-z0-9-]+):\d*:([a-z-]+)\//.exec(arn) ?? [];
    if (region === undefined) return undefined;
    return withControl(this.#auth(region), region, this.#endpoints, async (client, sdk) => {
      if (kind === "application-inference-profile") {
        const profile = await client.send(new sdk.GetInferenceProfileCommand({ inferenceProfileIdentifier: arn }));
        return baseOf(profile.models?.[0]?.modelArn)?.toLowerCase();
      }
      if (kind === "provisioned-model") {
        const model = await client.send(new sdk.GetProvisionedModelThroughputCommand({ provisionedModelId: arn }));
        return baseOf(model.foundationModelArn)?.toLowerCase();
      }
      return undefined;
    });
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && /AccessDenied|ResourceNotFound|Validation/.test(thrown.name);
}
