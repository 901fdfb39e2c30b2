#!/usr/bin/env bun
import { program } from "./cli/registry.ts";
import { run } from "./cli/run.ts";

process.exit(await run(process.argv.slice(2), program));
