#!/usr/bin/env node
// `npx mlops`: the commands of Slack in a terminal. Exit codes and flags: `npx mlops --help`.
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../bot/cli/main.ts');
const { createLocalTransport } = await import('../bot/cli/local-transport.ts');

process.exitCode = await main(process.argv.slice(2), {
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  transport: createLocalTransport,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  sleep,
});
