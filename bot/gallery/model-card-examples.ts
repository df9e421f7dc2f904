import type { Evidence } from '../../pipeline/core/evidence/evidence.ts';
import type { CardFacts } from '../../pipeline/core/model-card/model-card.ts';
import { toModelCard } from '../../pipeline/core/model-card/to-model-card.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { modelCardMessage } from '../features/model-card/model-card-message.ts';
import { answers, type Section } from './example.ts';
import { sampleEvidence } from './sample-evidence.ts';
import { sampleVersion } from './sample-fleet.ts';
import { manyLabels, nastyNames } from './sample-parts.ts';
import { nastyOptions, sampleRuns } from './sample-runs.ts';

const [nasty = ''] = nastyNames;

/** The card of the version that a sample run has registered. */
export function sampleCard(run: Run, evidence: Evidence, changes: Partial<CardFacts> = {}) {
  return toModelCard({
    run,
    version: sampleVersion(8),
    config: { title: 'Spam filter', task: 'text-classification', description: undefined },
    alone: { ...evidence, production: null, flips: null },
    compared: evidence,
    ...changes,
  });
}

/** Model cards of versions. */
export function modelCardSections(): readonly Section[] {
  const run = registered(sampleRuns());
  const odd = registered(sampleRuns(nastyOptions(0)));
  const { evidence } = sampleEvidence();
  const many = sampleEvidence({ labels: manyLabels, rows: 4_000 }).evidence;
  const config = {
    title: nasty.slice(0, 60),
    task: 'text-classification' as const,
    description: nasty.repeat(20),
  };
  return [
    answers('Model card', [
      ['of a version', modelCardMessage({ card: sampleCard(run, evidence), isKept: true })],
      [
        'without answers, from before',
        modelCardMessage({
          card: sampleCard(run, evidence, { alone: null, compared: null }),
          isKept: false,
        }),
      ],
      [
        'many classes, names that would break a message',
        modelCardMessage({ card: sampleCard(odd, many, { config }), isKept: true }),
      ],
    ]),
  ];
}

function registered(runs: Readonly<Record<string, Run>>): Run {
  const run = runs['waiting for approval'];
  if (run === undefined) throw new Error('No sample run waits for approval.');
  return run;
}
