import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Figures } from './bench.ts';
import { benches } from './benches.ts';

const usage = `Measures how fast the product is, each time against a peer of the same run.

  npm run bench                       every bench: ${Object.keys(benches).join(', ')}
  npm run bench -- NAME               one of them
  npm run bench -- --json FILE        also writes the figures as one flat JSON object
`;

/** Runs the benches that the arguments name, one after the other; exit code 1 if one fails. */
export async function main(root: string, args: readonly string[]): Promise<void> {
  const order = readArguments(args);
  if (order.kind === 'help') return console.log(usage);
  if (order.kind === 'refused') {
    console.error(`\n✗ ${order.message}\n`);
    process.exitCode = 2;
    return;
  }
  const figures: Record<string, number> = {};
  for (const name of order.names) {
    const bench = await benches[name]?.();
    if (bench === undefined) throw new Error(`There is no bench “${name}”.`);
    console.log(`\n${name} — ${bench.bench.title}`);
    const measured = await inOwnProcess(root, bench.bench).catch((error: unknown) => {
      console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
      return {};
    });
    console.log(tableOf(measured));
    Object.assign(figures, measured);
  }
  if (order.json !== null) await writeFile(order.json, `${JSON.stringify(figures, null, 2)}\n`);
}

type Order =
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'run'; readonly names: readonly string[]; readonly json: string | null };

/** Which benches to run and where to write their figures. */
export function readArguments(args: readonly string[]): Order {
  try {
    const options = { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help === true) return { kind: 'help' };
    const known = Object.keys(benches);
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      const message = `There is no bench “${unknown}”. The benches are ${known.join(', ')}.`;
      return { kind: 'refused', message };
    }
    const names = positionals.length === 0 ? known : positionals;
    return { kind: 'run', names, json: values.json ?? null };
  } catch (error) {
    return { kind: 'refused', message: `${error instanceof Error ? error.message : error}` };
  }
}

/** So that no bench measures what an earlier one left behind. */
function inOwnProcess(root: string, bench: Bench): Promise<Figures> {
  const child = fork(join(root, 'bench/run-one.ts'), [bench.name], {
    cwd: root,
    execArgv: ['--import', import.meta.resolve('tsx'), ...(bench.nodeFlags ?? [])],
  });
  return new Promise((resolve, reject) => {
    let figures: Figures | null = null;
    child.on('message', (message) => {
      figures = message as Figures;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (figures === null) reject(new Error(`The bench ended with exit code ${code}.`));
      else resolve(figures);
    });
  });
}

function tableOf(figures: Figures): string {
  const width = Math.max(0, ...Object.keys(figures).map((key) => key.length));
  return Object.entries(figures)
    .map(([key, value]) => `  ${key.padEnd(width)}  ${formatted(value).padStart(10)}`)
    .join('\n');
}

/** Three significant digits; whole numbers as they are. */
function formatted(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000
    ? value.toFixed(0)
    : value.toPrecision(3);
}
