import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { parseContract, prepareReportSchema } from '../../pipeline/core/python-contract.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { attack } from './attack.ts';
import { python, root } from './running-app.ts';

type Content = string | Buffer;

const header = 'text,label\n';
const word = (n: number) => `w${(n * 2_654_435_761) % 4_294_967_296}`;
const row = (n: number) =>
  `${word(n)} ${word(n + 1000)} ${word(n + 2000)},${n % 2 ? 'ham' : 'spam'}\n`;
const rows = Array.from({ length: 120 }, (_, n) => row(n)).join('');
const jsonRow = (n: number) =>
  `${JSON.stringify({ text: `${word(n)} ${word(n + 7)}`, label: n % 2 ? 'a' : 'b' })}\n`;
const jsonRows = Array.from({ length: 120 }, (_, n) => jsonRow(n)).join('');
const latin1 = (text: string) => Buffer.from(text, 'latin1');

const csv: Readonly<Record<string, Content>> = {
  nothing: '',
  'a space': ' ',
  'a header alone': header,
  'no line end': 'text,label',
  'a good file': header + rows,
  'Windows lines': (header + rows).replaceAll('\n', '\r\n'),
  'old Mac lines': (header + rows).replaceAll('\n', '\r'),
  'mixed line ends': `${header.replace('\n', '\r')}${rows.replace('\n', '\r\n')}`,
  'a BOM': `\ufeff${header}${rows}`,
  'two BOMs': `\ufeff\ufeff${header}${rows}`,
  'UTF-16': Buffer.from(`\ufeff${header}${rows}`, 'utf16le'),
  'UTF-32': Buffer.from([0xff, 0xfe, 0, 0, 0x74, 0, 0, 0]),
  'Latin-1': Buffer.concat([Buffer.from(header + rows), latin1('caf\xe9,ham\n')]),
  'a NUL': `${header}${rows}a\u0000b,ham\n`,
  'only NULs': Buffer.alloc(10_000),
  'random bytes': Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 197 + 31) % 256)),
  'a lone surrogate': Buffer.concat([
    Buffer.from(header + rows),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from(',ham\n'),
  ]),
  'a zip': Buffer.from('PK\u0003\u0004'.repeat(100)),
  gzip: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
  'a spreadsheet formula': `${header}${rows}"=cmd|' /C calc'!A0",ham\n`,
  'an open quote': `${header}${rows}"never closed,ham\n`,
  'an open quote at the start': `"text,label\n${rows}`,
  'quotes inside': `${header}${rows}a"b"c,ham\n`,
  'a ragged row': `${header}${rows}a,b,c\n`,
  'a short row': `${header}${rows}a\n`,
  semicolons: (header + rows).replaceAll(',', ';'),
  tabs: (header + rows).replaceAll(',', '\t'),
  'the header twice': header + header + rows,
  'a column twice': `label,label\n${rows}`,
  'no label': `text,category\n${rows}`,
  'an empty column name': `text,\n${rows}`,
  'a column called --task': `--task,label\n${rows}`,
  'one class': header + rows.replaceAll(',ham', ',spam'),
  '40,000 classes':
    header + Array.from({ length: 40_000 }, (_, n) => `${word(n)},label ${n}\n`).join(''),
  'a label of 100 KB': `${header}${rows}a,${'x'.repeat(100_000)}\n`,
  'a text of 5 MB': `${header}${rows}${'x'.repeat(5_000_000)},ham\n`,
  'a header of 17 MB': `${'x'.repeat(17_000_000)},label\n`,
  '100,000 columns': `${Array.from({ length: 100_000 }, (_, n) => `c${n}`).join(',')},label\n1,a\n`,
  'a bell in a label': `${header}${rows}a,x\u0007y\n`,
  'markup in a label': `${header}${Array.from({ length: 20 }, (_, n) => `${word(n)},<!channel>\n`).join('')}${rows}`,
  'an emoji label': `${header}${Array.from({ length: 20 }, (_, n) => `${word(n)},👩‍👩‍👧‍👦\n`).join('')}${rows}`,
  'bidi labels': `${header}${rows}${Array.from({ length: 20 }, (_, n) => `${word(n)},\u202eham\n`).join('')}`,
  'the same row 10,000 times': header + 'same words here,ham\n'.repeat(10_000),
  contradictions: header + rows + rows.replaceAll(',ham', ',other'),
  'empty texts': `${header}${rows}${',ham\n'.repeat(200)}`,
  'only commas': ',\n'.repeat(1000),
  'a million line ends': '\n'.repeat(1_000_000),
  'one line of 20 MB': 'x'.repeat(20_000_000),
};

const lines: Readonly<Record<string, Content>> = {
  'a good file': jsonRows,
  nothing: '',
  'a list': '[1,2]\n',
  'a number': '7\n',
  null: 'null\n',
  'a broken line': `${jsonRows}{"text": "a"\n`,
  NaN: `${jsonRows}{"text": NaN, "label": "a"}\n`,
  'a number for a text': `${jsonRows}{"text": 7, "label": "a"}\n`,
  'a list for a label': `${jsonRows}{"text": "x", "label": ["a"]}\n`,
  'deep nesting': `${jsonRows}{"text": ${'['.repeat(20_000)}${']'.repeat(20_000)}, "label": "a"}\n`,
  'keys twice': `${jsonRows}{"text": "x", "text": "y", "label": "a"}\n`,
  'an escaped surrogate': `${jsonRows}{"text": "hello \\ud83d", "label": "a"}\n`,
  'an escaped NUL': `${jsonRows}{"text": "hello \\u0000", "label": "a"}\n`,
  'a number of 10,000 digits': `${jsonRows}{"text": ${'9'.repeat(10_000)}, "label": "a"}\n`,
  'Windows lines': jsonRows.replaceAll('\n', '\r\n'),
  __proto__: `${jsonRows}{"__proto__": {"text": "x"}, "label": "a"}\n`,
};

const tabular: Readonly<Record<string, Content>> = {
  '1e308': `a,label\n${Array.from({ length: 120 }, (_, n) => `${n % 2 ? '1e308' : '-1e308'},${n % 2 ? 'x' : 'y'}\n`).join('')}`,
  '1e400': `a,label\n${Array.from({ length: 120 }, (_, n) => `1e400,${n % 2 ? 'x' : 'y'}\n`).join('')}`,
  'NaN and inf': `a,label\n${Array.from({ length: 120 }, (_, n) => `${n % 3 ? 'nan' : 'inf'},${n % 2 ? 'x' : 'y'}\n`).join('')}`,
  'texts for numbers': `a,label\n${Array.from({ length: 120 }, (_, n) => `t${n},${n % 2 ? 'x' : 'y'}\n`).join('')}`,
  'commas of a German': `a;label\n${Array.from({ length: 120 }, (_, n) => `${n},5;${n % 2 ? 'x' : 'y'}\n`).join('')}`,
};

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function prepare(file: string, folder: string, task: string): Promise<Ended> {
  const args = [
    `--input=${file}`,
    `--output-dir=${folder}`,
    `--task=${task}`,
    '--label-column=label',
    '--max-bytes=104857600',
  ];
  if (task === 'text-classification') args.push('--text-column=text');
  return new Promise((resolve, reject) => {
    const child = spawn(python, [join(root, 'training', 'prepare_data.py'), ...args], {
      timeout: 60_000,
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}

describe('datasets', () => {
  for (const [title, ending, task, files] of [
    ['CSV', 'csv', 'text-classification', csv],
    ['JSON Lines', 'jsonl', 'text-classification', lines],
    ['tabular CSV', 'csv', 'tabular-classification', tabular],
  ] as const) {
    attack(
      'dataset files, direct to `prepare_data.py`',
      `as ${title} are used or refused with a report`,
      async (survives) => {
        const folder = temporaryFolder();
        for (const [index, [what, content]] of Object.entries(files).entries()) {
          await survives(what, async () => {
            const out = join(folder, `out-${index}`);
            const file = join(folder, `data-${index}.${ending}`);
            mkdirSync(out);
            writeFileSync(file, content);

            const { code, said } = await prepare(file, out, task);

            expect([0, 2], said.slice(-500)).toContain(code);
            expect(said).not.toMatch(/Traceback/);
            const text = readFileSync(join(out, 'prepare-report.json'), 'utf8');
            const report = parseContract(prepareReportSchema, 'prepare-report.json', text);
            expect(report.status).toBe(code === 0 ? 'ok' : 'invalid');
          });
        }
      },
      { seconds: 240 },
    );
  }
});
