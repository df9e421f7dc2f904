import { spawn } from 'node:child_process';

/**
 * Runs a command and shows one line with the elapsed seconds and its latest output.
 *
 * @returns {Promise<{ ok: boolean, output: string }>} `output` holds the last 8,000 characters
 */
export async function runVisibly(title, command, args, options = {}) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const isTerminal = process.stdout.isTTY === true;
  let output = '';
  let latest = '';
  const draw = () => {
    const line = `  ${title} … ${seconds()} s  ${latest}`;
    process.stdout.write(`\r\x1b[2K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`);
  };
  if (!isTerminal) process.stdout.write(`  ${title} …\n`);
  const timer = isTerminal ? setInterval(draw, 500) : undefined;
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const onOutput = (chunk) => {
      output = (output + chunk).slice(-8000);
      latest = String(chunk).trim().split('\n').at(-1) ?? '';
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.on('error', (error) => {
      output += String(error);
      resolve(1);
    });
    child.on('close', resolve);
  });
  clearInterval(timer);
  const mark = code === 0 ? '✓' : '✗';
  process.stdout.write(`${isTerminal ? '\r\x1b[2K' : ''}${mark} ${title} (${seconds()} s)\n`);
  return { ok: code === 0, output };
}
