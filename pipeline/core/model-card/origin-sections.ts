import { type Run, sourceOf } from '../run.ts';
import { givenSettings } from '../run-settings.ts';
import { count, percent, toSection } from './facts.ts';
import type { CardSection } from './model-card.ts';

/** What the version was trained and judged on. */
export function dataSection({ dataset, prepared }: Run): CardSection {
  const split = prepared?.split;
  const rows = prepared?.rows;
  const labels = Object.entries(prepared?.labels ?? {});
  const all = labels.reduce((sum, [, value]) => sum + value, 0);
  return toSection(
    'Training data',
    [
      ['Dataset version', dataset?.version],
      ['SHA-256 of the file', prepared?.input.sha256],
      ['File', dataset?.fileName],
      ['Rows', rows && `${count(rows.kept)} of ${count(rows.read)} read`],
      [
        'Found in it',
        rows &&
          `${count(rows.exactDuplicates)} exact duplicates, ${count(rows.nearDuplicates)} near-duplicates, ${count(rows.conflicting)} rows with conflicting labels`,
      ],
      [
        'Split',
        split &&
          `${count(split.train)} to train on, ${count(split.validation)} to validate, ${count(split.test)} held out`,
      ],
    ],
    [],
    {
      tables:
        labels.length === 0
          ? []
          : [
              [
                ['Label', 'Rows', 'Share'],
                ...labels.map(([label, value]) => [label, count(value), percent(value / all)]),
              ],
            ],
    },
  );
}

/** How it was trained, with everything that is needed to repeat it. */
export function trainingSection(run: Run): CardSection {
  const { training } = run;
  const metrics = training?.metrics;
  const source = sourceOf(run);
  const settings = Object.entries(metrics?.hyperparameters ?? givenSettings(run));
  const interruptions = training?.interruptions.length ?? 0;
  return toSection(
    'Training procedure',
    [
      ['Code', source?.code],
      ['Commit', source?.commit],
      [
        'Base model',
        metrics === null || metrics === undefined
          ? null
          : (metrics.baseModel ?? 'none, trained from scratch'),
      ],
      ['Machine', training && `${training.spot ? 'Spot' : 'on-demand'} ${training.instanceType}`],
      ['Interruptions', interruptions === 0 ? null : interruptions],
      ['Seed', metrics?.seed],
      ['Epochs', metrics?.epochs],
      ['Published epoch', metrics?.bestEpoch],
      ['Steps', metrics?.steps],
      ['Seconds', metrics?.seconds.train],
      ['SHA-256 of the weights', metrics?.weightsSha256],
      [
        'Software',
        Object.entries(metrics?.versions ?? {})
          .map((each) => each.join(' '))
          .join(', '),
      ],
    ],
    [],
    {
      tables:
        settings.length === 0
          ? []
          : [
              [
                ['Hyperparameter', 'Value'],
                ...settings.map(([name, value]) => [name, String(value)]),
              ],
            ],
    },
  );
}

/** Where it stands among the other versions. */
export function lineageSection({
  id,
  evaluatedAgainst,
  evaluatedAnchor,
  settings,
}: Run): CardSection {
  const inherited = Object.keys(settings?.inherited ?? {});
  return toSection('Lineage', [
    ['Run', id],
    [
      'In production when it was evaluated',
      evaluatedAgainst === null ? 'nothing' : `v${evaluatedAgainst}`,
    ],
    ['Best version so far, where that was another one', evaluatedAnchor && `v${evaluatedAnchor}`],
    ['Settings taken over from production', inherited.length === 0 ? null : inherited.join(', ')],
  ]);
}
