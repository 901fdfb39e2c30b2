#!/usr/bin/env -S bun --no-env-file
import { program } from "./cli/registry.ts";
import { run } from "./cli/run.ts";

process.exit(await run(process.argv.slice(2), program));
