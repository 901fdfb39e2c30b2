import type { Config } from "../../../config/load.ts";
import { goesThroughProxy } from "../../../config/proxy.ts";
import { authPlan, filled, type AuthPlan } from "../../../providers/bedrock/auth-plan.ts";
import type { ControlAuth } from "../../../providers/bedrock/control-client.ts";
import { fetchIdentity } from "../../../providers/bedrock/credentials.ts";
import { bedrockEndpoint } from "../../../providers/bedrock/endpoint.ts";
import type { Identity } from "../../../providers/bedrock/identities.ts";
import { availability, callerArn, listIds } from "../../../providers/bedrock/inspect.ts";
import { readProfiles } from "../../../providers/bedrock/profiles.ts";
import { configuredRegion, settingsProblem } from "../../../providers/bedrock/region.ts";
import type { BedrockSettings } from "../../../providers/bedrock/settings.ts";
import { exits } from "../../failure.ts";
import { bedrockSettings } from "../../provider-settings.ts";
import { invoke } from "./invoke.ts";
import { targetModels, type Target } from "./models.ts";
import { duration, nextStep, type Situation } from "./next-step.ts";
import { Refused, seenThrow } from "./seen.ts";
import { actions, type Step, type StepId } from "./step.ts";

export type CheckOptions = {
  /** Models to try; absent: the default model, else a small one of the region. */
  models: readonly string[];
  /** Call the models, which costs a little. */
  invoke: boolean;
  /** ms for each step. */
  timeout: number;
  signal: AbortSignal;
  onStep: (step: Step) => Promise<void> | void;
};
export type CheckResult = {
  ok: boolean;
  exit: number;
  profile: string | null;
  region: string | null;
  steps: Step[];
  listed: readonly string[];
  tokens: number;
};

/** Checks AWS Bedrock step by step, as `config test-aws` and the wizard show it (cli.md 3.7). Stops at a fatal step. */
export async function checkAws(config: Config, options: CheckOptions): Promise<CheckResult> {
  const settings = bedrockSettings(config);
  const check = new Check(config, settings, authPlan(settings.auth), options);
  await check.run();
  return check.result();
}

class Check {
  readonly #config: Config;
  readonly #settings: BedrockSettings;
  readonly #plan: AuthPlan;
  readonly #options: CheckOptions;
  readonly #steps: Step[] = [];
  readonly #situation: Situation;
  #exit = 0;
  #tokens = 0;

  constructor(config: Config, settings: BedrockSettings, plan: AuthPlan, options: CheckOptions) {
    this.#config = config;
    this.#settings = settings;
    this.#plan = plan;
    this.#options = options;
    const profiles = readProfiles(settings.files);
    const region = configuredRegion(settings, profiles) ?? "";
    const runtime = bedrockEndpoint("runtime", region || "us-east-1", settings.endpoints);
    const key = config.shown("AWS_ACCESS_KEY_ID");
    this.#situation = {
      region,
      profile: filled(settings.auth).profile,
      profiles: [...profiles.keys()].sort(),
      accessKey: key === undefined ? undefined : `${key} from ${config.explain("AWS_ACCESS_KEY_ID").source?.name}`,
      tokenSource: config.explain("AWS_SESSION_TOKEN").source?.name,
      model: undefined,
      inferenceProfiles: [],
      models: [],
      skew: 0,
      host: new URL(runtime).host,
      proxied: goesThroughProxy(runtime),
      iam: "",
    };
  }

  result(): CheckResult {
    const { profile, region, models, inferenceProfiles } = this.#situation;
    return {
      ok: this.#exit === 0,
      exit: this.#exit,
      profile: this.#usesProfile() ? (profile ?? "default") : null,
      region: region || null,
      steps: this.#steps,
      listed: [...inferenceProfiles, ...models],
      tokens: this.#tokens,
    };
  }

  async run(): Promise<void> {
    const problem = settingsProblem(this.#settings);
    if (problem !== undefined)
      return this.#add(
        {
          id: "credentials",
          ok: false,
          required: true,
          ms: 0,
          detail: problem,
          hint: ["See what is set: amazon-chat config show"],
        },
        exits.credentials,
      );
    const { region } = this.#situation;
    let keys: Identity | undefined;
    if (this.#plan.method === "bearer")
      await this.#add({ id: "credentials", ok: true, required: true, ms: 0, detail: this.#credentialWords(undefined) });
    else {
      const found = await this.#step("credentials", {}, async () => {
        keys = await fetchIdentity(this.#plan, this.#settings, region);
        return this.#credentialWords(keys);
      });
      if (!found || keys === undefined) return;
    }
    const signing = keys;
    const auth: ControlAuth =
      signing === undefined ? { bearer: filled(this.#settings.auth).bearerToken ?? "" } : { identity: () => signing };
    if (signing === undefined)
      await this.#add({
        id: "identity",
        ok: null,
        required: false,
        ms: 0,
        detail: "skipped: a Bedrock API key works for Bedrock alone",
      });
    else {
      const sts = this.#settings.endpoints.sts ?? this.#settings.endpoints.all;
      const host = sts === undefined ? `sts.${region}.amazonaws.com` : new URL(sts).host;
      if (
        !(await this.#step("identity", { host }, (signal) =>
          callerArn(signing, region, this.#settings.endpoints, signal),
        ))
      )
        return;
    }
    if (!(await this.#step("endpoint", {}, (signal) => this.#reach(signal)))) return;
    const control = new URL(bedrockEndpoint("control", region, this.#settings.endpoints)).host;
    await this.#step("list", { host: control }, async (signal) => {
      const { models, profiles } = await listIds(auth, region, this.#settings.endpoints, signal);
      Object.assign(this.#situation, { models, inferenceProfiles: profiles });
      return `${models.length} foundation models, ${profiles.length} inference profiles`;
    });
    for (const target of targetModels(this.#config, this.#options.models, this.result().listed))
      await this.#model(target, auth, control);
  }

  async #model(target: Target, auth: ControlAuth, control: string): Promise<void> {
    const { model, facts, problem } = target;
    this.#situation.model = model;
    if (facts === undefined)
      return this.#add(
        {
          id: "access",
          ok: false,
          required: true,
          ms: 0,
          model,
          detail: problem ?? "",
          hint: ["Name a model of Bedrock: --model ID"],
        },
        exits.model,
      );
    const region = facts.region ?? this.#situation.region;
    if (!facts.id.startsWith("arn:")) {
      await this.#step("access", { host: control, model, required: false }, async (signal) => {
        const found = await availability(auth, region, this.#settings.endpoints, facts.base, signal);
        const states = [found.authorization, found.agreement, found.entitlement, found.region].filter(
          (state) => state !== "",
        );
        const words = [...new Set(states)].join(" / ");
        if (states.every((state) => state === "AUTHORIZED" || state === "AVAILABLE")) return `${model}  ${words}`;
        throw new Refused({
          name: "NotAvailable",
          message: `You don't have access to the model ${model}: ${words}`,
          status: undefined,
          errno: "",
        });
      });
    }
    if (!this.#options.invoke) return;
    for (const id of ["converse", "stream"] as const) {
      const done = await this.#step(id, { model }, async (signal) => {
        const { words, tokens } = await invoke(this.#settings, facts, id === "stream", signal);
        this.#tokens += tokens;
        return words;
      });
      if (!done) return;
    }
  }

  /** Whether the runtime's host answers at all, and how far the clocks are apart. */
  async #reach(signal: AbortSignal): Promise<string> {
    const response = await fetch(bedrockEndpoint("runtime", this.#situation.region, this.#settings.endpoints), {
      signal,
      redirect: "manual",
    });
    await response.body?.cancel();
    const theirs = Date.parse(response.headers.get("date") ?? "");
    const skew = Number.isNaN(theirs) ? 0 : Math.round((Date.now() - theirs) / 1000);
    this.#situation.skew = skew;
    const far =
      Math.abs(skew) > 300
        ? `; your clock is ${duration(Math.abs(skew))} ${skew > 0 ? "ahead" : "behind"}, set it right`
        : `, clock skew ${Math.abs(skew)} s`;
    return `${this.#situation.host} reachable${far}`;
  }

  /** Runs one step; what it throws becomes its failure. False when it failed. */
  async #step(
    id: StepId,
    about: { host?: string; model?: string; required?: boolean },
    work: (signal: AbortSignal) => Promise<string>,
  ): Promise<boolean> {
    const start = performance.now();
    const iam = actions[id];
    const base = {
      id,
      required: about.required ?? true,
      ...(iam !== undefined && { iam }),
      ...(about.model !== undefined && { model: about.model }),
    };
    const ms = (): number => Math.round(performance.now() - start);
    try {
      const detail = await work(AbortSignal.any([this.#options.signal, AbortSignal.timeout(this.#options.timeout)]));
      await this.#add({ ...base, ok: true, ms: ms(), detail });
      return true;
    } catch (thrown) {
      if (this.#options.signal.aborted) throw thrown;
      const seen = thrown instanceof Refused ? thrown.seen : seenThrow(thrown);
      const { hint, exit } = nextStep(seen, {
        ...this.#situation,
        iam: iam ?? "",
        ...(about.host !== undefined && { host: about.host }),
      });
      // Not being allowed to ask about access is no lack of access.
      const required = base.required || exit === exits.model;
      await this.#add(
        { ...base, required, ok: false, ms: ms(), detail: oneLine(seen.message) || seen.name, code: seen.name, hint },
        exit,
      );
      return false;
    }
  }

  async #add(step: Step, exit = 0): Promise<void> {
    this.#steps.push(step);
    if (step.ok === false && step.required && this.#exit === 0) this.#exit = exit || exits.failed;
    await this.#options.onStep(step);
  }

  #usesProfile(): boolean {
    return this.#plan.method === "profile" || this.#plan.base === "profile";
  }

  #credentialWords(keys: Identity | undefined): string {
    const { method, why, ignored } = this.#plan;
    const left =
      keys?.expiration === undefined ? [] : [`expires in ${duration((keys.expiration.getTime() - Date.now()) / 1000)}`];
    const key = method === "static" || this.#plan.base === "static" ? [this.#situation.accessKey ?? ""] : [];
    const shown =
      method === "bearer"
        ? [
            `${this.#config.shown("AWS_BEARER_TOKEN_BEDROCK")} from ${this.#config.explain("AWS_BEARER_TOKEN_BEDROCK").source?.name}`,
          ]
        : [];
    return [
      `${method.replaceAll("_", " ")}: ${why}`,
      ...key,
      ...shown,
      ...(ignored.length > 0 ? [`not used: ${ignored.join(", ")}`] : []),
      ...left,
    ].join("; ");
  }
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
