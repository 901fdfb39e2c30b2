import { GatewayError } from "../../core/error.ts";
import type { ListedModel } from "../listed-model.ts";
import type { Call, Provider, Reply } from "../provider.ts";
import { connectionError } from "../transport/connection-error.ts";
import { authPlan, filled, type AuthPlan } from "./auth-plan.ts";
import { AwsClock } from "./clock.ts";
import type { ControlAuth } from "./control-client.ts";
import { credentialError } from "./credential-error.ts";
import { fetchIdentity } from "./credentials.ts";
import { Identities, type Identity } from "./identities.ts";
import { listModels } from "./list-models.ts";
import { ModelFamilies } from "./model-family.ts";
import { configuredRegion, noRegion, settingsProblem } from "./region.ts";
import { send, shownHeaders, withoutRegion } from "./send.ts";
import { Targets } from "./target.ts";
import type { BedrockSettings } from "./settings.ts";

/** How long a problem with the settings is believed: files get mended while the server runs. */
const problemMs = 5_000;

export type BedrockProvider = Provider & {
  /** How it is authenticated, and why. */
  plan: AuthPlan;
  region(): string | undefined;
  /** The keys that sign; undefined with a bearer token. Rejects with a GatewayError that says what to do. */
  identity(): Promise<Identity | undefined>;
  /** Throws a GatewayError or what the control plane says when there is no list to be had. */
  listModels(signal: AbortSignal): Promise<ListedModel[]>;
  /** The base model id behind an ARN, remembered for an hour; undefined when it cannot be told. */
  modelFamily(arn: string, signal: AbortSignal): Promise<string | undefined>;
};

/** AWS Bedrock by raw `fetch`, signed by us; the SDK says who we are (design.md section 6). `now` is Unix ms. */
export function bedrockProvider(settings: BedrockSettings, now: () => number = Date.now): BedrockProvider {
  const plan = authPlan(settings.auth);
  const bearer = filled(settings.auth).bearerToken ?? "";
  const targets = new Targets(settings.endpoints);
  const clock = new AwsClock(now);
  let everWorked = false;
  let region: string | undefined;
  let problem: { text: string | undefined; at: number } | undefined;

  const identities = new Identities(
    async (at) => {
      try {
        const identity = await fetchIdentity(plan, settings, at);
        everWorked = true;
        return identity;
      } catch (thrown) {
        throw credentialError(thrown, plan, settings, everWorked);
      }
      // AWS wrote the expiry by its own clock.
    },
    () => clock.now(),
  );

  const ownRegion = (): string | undefined => (region ??= configuredRegion(settings));

  const controlAuth = (at: string): ControlAuth =>
    plan.method === "bearer" ? { bearer } : { identity: () => identities.get(ownRegion() ?? at) };
  const families = new ModelFamilies(controlAuth, settings.endpoints, now);

  function currentProblem(): string | undefined {
    if (problem && (problem.text === undefined || now() - problem.at < problemMs)) return problem.text;
    problem = { text: settingsProblem(settings), at: now() };
    return problem.text;
  }

  /** No function of its own that waits: each costs a turn of the loop. */
  function sent(call: Call): Promise<Reply> {
    const at = call.facts.region ?? ownRegion();
    if (at === undefined) throw withoutRegion(noRegion);
    const target = targets.of(at);
    if (plan.method === "bearer") return send(call, at, target, { bearer }, settings.connect);
    const signed = (keys: Identity): Promise<Reply> =>
      send(call, at, target, { keys, clock, refused: identities.refused }, settings.connect);
    const found = identities.get(ownRegion() ?? at);
    return found instanceof Promise ? unlessAborted(found, call.signal).then(signed) : signed(found);
  }

  return {
    id: "bedrock",
    plan,
    region: ownRegion,
    // Titan has no system prompt on Converse; Claude's own format is for those who speak it (design.md section 3).
    speaks: ({ native }) =>
      native === undefined
        ? ["bedrock_converse"]
        : native === "bedrock_titan"
          ? [native]
          : ["bedrock_converse", native],
    problem: currentProblem,
    send(call) {
      try {
        return sent(call);
      } catch (thrown) {
        return Promise.reject(GatewayError.from(thrown));
      }
    },
    preview(call) {
      const target = targets.of(call.facts.region ?? ownRegion() ?? "us-east-1");
      return {
        method: "POST",
        url: target.path(call).url,
        headers: { ...shownHeaders(call), authorization: "***" },
      };
    },
    refresh() {
      if (plan.method === "bearer" || plan.method === "static") return false;
      identities.forgetRefused();
      return true;
    },
    async identity() {
      const at = ownRegion();
      if (at === undefined) throw withoutRegion(noRegion);
      return plan.method === "bearer" ? undefined : identities.get(at);
    },
    async listModels(signal) {
      const at = ownRegion();
      const text = currentProblem();
      if (at === undefined || text !== undefined) throw withoutRegion(text ?? noRegion);
      return listModels(controlAuth(at), at, settings.endpoints, signal);
    },
    modelFamily: (arn, signal) =>
      currentProblem() === undefined ? unlessAborted(families.of(arn), signal) : Promise.resolve(undefined),
  };
}

/** Keys and look-ups come for everyone; a caller who leaves does not wait for them. */
function unlessAborted<T>(wanted: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(cancelled(signal));
    if (signal.aborted) return leave();
    signal.addEventListener("abort", leave);
    void wanted.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

function cancelled(signal: AbortSignal): GatewayError {
  return connectionError(undefined, "", signal);
}
