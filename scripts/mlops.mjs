#!/usr/bin/env node
// `npx mlops`: the commands of Slack in a terminal. Exit codes and flags: `npx mlops --help`.
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
// The SDK would say before every answer that it gives up this Node.js some day.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { main } = await import('../bot/cli/main.ts');
const { createLocalTransport } = await import('../bot/cli/local-transport.ts');
const { openStage } = await import('./mlops/open-stage.ts');

process.exitCode = await main(process.argv.slice(2), {
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  stage: process.env.MLOPS_STAGE || null,
  openLocal: createLocalTransport,
  // People sit before a terminal, not before CI.
  openStage: (stage) => openStage(stage, process.env.CI ? 'ci' : 'cli'),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  sleep,
});
