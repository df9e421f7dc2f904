import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openInBrowser } from '../adapters/local/open-in-browser.ts';
import { buildGallery } from './build-gallery.ts';
import { inspect } from './example.ts';
import { sections } from './sections.ts';

const usage = `Shows every message, modal and Home tab in every state, held to Slack's limits.

  npm run gallery                    writes a page and opens it
  npm run gallery -- --no-open       writes the page only
  npm run gallery -- --out FILE      to another file than data/gallery.html
  npm run gallery -- --check         no page; exit code 1 when Slack would refuse anything
`;

export async function main(root: string, args: readonly string[]): Promise<void> {
  const flags = readFlags(args);
  if (flags.help) return console.log(usage);
  const broken = report();
  if (!flags.check) {
    const file = resolve(root, flags.out);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await buildGallery());
    console.log(`The gallery is in ${file}`);
    if (flags.open) openInBrowser(file);
  }
  if (broken > 0) process.exitCode = 1;
}

/** Prints what Slack would refuse and the totals; returns how many examples are broken. */
function report(): number {
  const all = sections().flatMap(({ title, examples }) =>
    examples.map((example) => ({ title, name: example.name, ...inspect(example) })),
  );
  const broken = all.filter(({ problems }) => problems.length > 0);
  for (const { title, name, problems } of broken) {
    console.error(`✗ ${title} / ${name}: ${problems.join('; ')}`);
  }
  const largest = Math.max(...all.map(({ bytes }) => bytes));
  const most = Math.max(...all.map(({ blocks }) => blocks));
  console.log(
    `${all.length} examples, ${broken.length} broken; the largest has ${largest} bytes, the longest ${most} blocks.`,
  );
  return broken.length;
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        check: { type: 'boolean', default: false },
        open: { type: 'boolean', default: true },
        out: { type: 'string', default: 'data/gallery.html' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return process.exit(2);
  }
}
