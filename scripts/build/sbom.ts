import { join } from "node:path";
import * as v from "valibot";
import { root } from "./compile.ts";

const manifestSchema = v.object({ name: v.string(), version: v.string(), license: v.optional(v.string()) });
const lockSchema = v.object({ packages: v.record(v.string(), v.array(v.unknown())) });
const metafileSchema = v.object({ inputs: v.record(v.string(), v.unknown()) });

type Component = {
  type: string;
  "bom-ref": string;
  name: string;
  version: string;
  purl: string;
  licenses?: { license: { name: string } }[];
  hashes?: { alg: "SHA-512"; content: string }[];
};

/**
 * A CycloneDX 1.6 bill of what is really in the binary: every package the bundler took a file from, and Bun itself.
 * `metafile` is the bundler's list; `time` is the commit's, in seconds.
 */
export async function sbom(metafile: string, time: number): Promise<string> {
  const { inputs } = v.parse(metafileSchema, await Bun.file(metafile).json());
  const folders = new Set(Object.keys(inputs).flatMap((input) => packageFolder(input) ?? []));
  const hashes = await integrity();
  const components: Component[] = [bun()];
  for (const folder of [...folders].sort()) components.push(await component(folder, hashes));
  const own = await manifest(root);
  const ref = `pkg:npm/${own.name}@${own.version}`;
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(time * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": ref,
        name: own.name,
        version: own.version,
        licenses: [{ license: { id: own.license } }],
      },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map((one) => one["bom-ref"]) }],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** The folder of the package a bundled file belongs to; undefined for a file of our own. */
export function packageFolder(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

async function component(folder: string, hashes: ReadonlyMap<string, string>): Promise<Component> {
  const { name, version, license } = await manifest(join(root, folder));
  const hash = hashes.get(`${name}@${version}`);
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    purl,
    ...(license !== undefined && { licenses: [{ license: { name: license } }] }),
    ...(hash !== undefined && { hashes: [{ alg: "SHA-512", content: hash }] }),
  };
}

function bun(): Component {
  const purl = `pkg:github/oven-sh/bun@bun-v${Bun.version}`;
  const licenses = [{ license: { name: "MIT" } }];
  return { type: "platform", "bom-ref": purl, name: "bun", version: Bun.version, purl, licenses };
}

async function manifest(folder: string): Promise<v.InferOutput<typeof manifestSchema>> {
  return v.parse(manifestSchema, await Bun.file(join(folder, "package.json")).json());
}

/** SHA-512 in hex by `name@version`, from the lock file: the sums the installer checked. */
async function integrity(): Promise<ReadonlyMap<string, string>> {
  const { packages } = v.parse(lockSchema, Bun.JSONC.parse(await Bun.file(join(root, "bun.lock")).text()));
  const sums = new Map<string, string>();
  for (const entry of Object.values(packages)) {
    const [id, sum] = [entry[0], entry.at(-1)];
    if (typeof id !== "string" || typeof sum !== "string" || !sum.startsWith("sha512-")) continue;
    sums.set(id, Buffer.from(sum.slice(7), "base64").toString("hex"));
  }
  return sums;
}
