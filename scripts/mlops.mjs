#!/usr/bin/env node
// `npx mlops`: the commands of Slack in a terminal. Exit codes and flags: `npx mlops --help`.
import { runEntry } from './setup/run-entry.mjs';

await runEntry('mlops', process.argv.slice(2));
