import type { DatasetFile } from '../../pipeline/core/run.ts';
import { sampleEvents } from './sample-events.ts';
import type { SampleOptions } from './sample-options.ts';
import { dataset, report } from './sample-parts.ts';
import type { SampleStep } from './sample-timeline.ts';

/** A run whose file is appended to two others, until its data is checked. */
export function appendedSteps(options: SampleOptions): readonly SampleStep[] {
  const { runId = 'spam-20261120-a1b2c3d4', labels = ['ham', 'spam'] } = options;
  const fileName = options.dataset?.fileName ?? 'messages-2026-11-26.csv';
  const { started, preparing } = sampleEvents(options);
  const files = [fileOf('messages-2026-10.csv', '1'), fileOf('messages-2026-11.csv', '2')];
  const newest = fileOf(fileName, '3');
  const { input, rows, ...checked } = report(labels, fileName);
  const sources = [...files, newest].map(({ fileName: name, bytes, version }, index) => ({
    name,
    bytes,
    sha256: version.padEnd(64, '0'),
    rows: brought[index] ?? { read: 0, kept: 0 },
  }));
  return [
    ...started.map(
      ([seconds, event]): SampleStep =>
        event.type === 'RunStarted'
          ? [seconds, { ...event, appends: true, dataset: newest }]
          : [seconds, event],
    ),
    ...preparing,
    [
      1,
      {
        type: 'DatasetAppended',
        runId,
        dataset: { ...newest, version: 'e5b81c77b2e4', files: [...files, newest] },
        appending: {
          onto: 6,
          leftOut: [
            {
              fileName: options.dataset?.fileName ?? 'messages-2026-11-25.csv',
              version: 'b10c0ed00000',
              standing: 'blocked',
            },
          ],
        },
      },
    ],
    [
      2,
      {
        type: 'DatasetPrepared',
        runId,
        report: { ...checked, input, rows: { ...rows, read: 2_603, kept: 2_539 }, sources },
      },
    ],
  ];
}

const brought = [
  { read: 1_240, kept: 1_199 },
  { read: 1_002, kept: 1_000 },
  { read: 361, kept: 340 },
];

const fileOf = (fileName: string, digit: string): DatasetFile => {
  const { key, bytes } = dataset(fileName);
  return { key, fileName, version: digit.repeat(12), bytes };
};
