#!/usr/bin/env node
import { register } from 'tsx/esm/api';

register();
const { runSimulator, USAGE } = await import('../src/run-simulator.ts');

try {
  const log = (line) => process.stderr.write(`${line}\n`);
  const { url, slackApiUrl } = await runSimulator(process.argv.slice(2), log);
  process.stdout.write(
    `The workspace is open at ${url}\nThe app's slackApiUrl is ${slackApiUrl}\n`,
  );
} catch (error) {
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 1;
}
