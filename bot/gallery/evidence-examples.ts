import type { EvidenceReport } from '../../pipeline/core/evidence/evidence-report.ts';
import { evidenceMessage, evidenceModal } from '../features/evidence/evidence-message.ts';
import { answers, modals, type Section } from './example.ts';
import { sampleEvidence } from './sample-evidence.ts';
import { manyLabels, nastyNames } from './sample-parts.ts';

const [nasty = ''] = nastyNames;
const twentySix = Array.from({ length: 26 }, (_, index) => `language ${index + 1}`);
const alone = { candidate: 23, production: null };
const none = sampleEvidence({ wrong: { candidate: 1_000, production: 1_000 }, rows: 900 });

const states: readonly (readonly [name: string, report: EvidenceReport])[] = [
  ['two classes', sampleEvidence()],
  ['26 classes', sampleEvidence({ labels: twentySix, rows: 2_600 })],
  ['8 classes', sampleEvidence({ labels: twentySix.slice(0, 8) })],
  [
    'many classes, names that would break a message',
    sampleEvidence({ labels: manyLabels, rows: 4_000, content: nasty.repeat(20) }),
  ],
  ['slices', sampleEvidence({ slices: ['DE', 'FR', 'US'] })],
  [
    'many slices, names that would break a message',
    sampleEvidence({ slices: nastyNames, rows: 4_000 }),
  ],
  ['one row flipped', sampleEvidence({ wrong: { candidate: 1_000, production: 911 } })],
  ['nothing flipped', none],
  ['over-confident', sampleEvidence({ score: 0.973, wrong: { candidate: 7, production: 8 } })],
  ['nothing live', sampleEvidence({ wrong: alone }, { against: null, isProductionNow: false })],
  [
    'production cannot answer',
    sampleEvidence(
      { wrong: alone },
      { obstacle: 'Production could not answer the held-out rows: has unknown features: age.' },
    ),
  ],
  [
    'labels differ',
    sampleEvidence(
      {},
      {
        obstacle:
          'The labels differ: production was not trained on “phishing”, so it gets every such row wrong.',
      },
    ),
  ],
  [
    'rows that production was trained on',
    sampleEvidence({}, { evidence: { ...sampleEvidence().evidence, leftOut: 388 } }),
  ],
  [
    'without scores, from an earlier version',
    sampleEvidence({ score: null }, { isSeenUnknown: true, isProductionNow: false }),
  ],
  ['rows no longer stored', sampleEvidence({ content: null })],
  ['rows kept back by policy', sampleEvidence({}, { contents: { status: 'policy' } })],
  ['of a blocked candidate', sampleEvidence({}, { version: null })],
];

const unread: EvidenceReport = { ...sampleEvidence(), contents: { status: 'not_asked' } };

/** What people look at before they decide. */
export function evidenceSections(): readonly Section[] {
  return [
    modals(
      'Evidence',
      states.map(([name, report]) => [name, evidenceModal(evidenceMessage(report))] as const),
    ),
    answers('Evidence, as an answer', [
      ...states.map(([name, report]) => [name, evidenceMessage(report)] as const),
      ['for somebody without rights', evidenceMessage(unread, 'rights')],
      ['where everybody reads', evidenceMessage(unread, 'public')],
    ]),
  ];
}
