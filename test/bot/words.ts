import { sampleVersion } from '../../bot/gallery/sample-fleet.ts';
import type { FakePipeline } from './fake-pipeline.ts';
import { sample } from './sample.ts';

/** One row of the table of what people type: what they see, and what it does. */
export interface Row {
  readonly typed: string;
  /** Every text is in what the person sees. */
  readonly shows: readonly string[];
  /** The runs it starts; left out: none. */
  readonly starts?: readonly object[];
  /** The commands on the buttons, in order; left out: not looked at. */
  readonly offers?: readonly string[];
  /** In what situation; left out: v6 of spam is live, v7 waits for approval. */
  readonly when?: Situation;
  /** Left out: Ada, an operator. */
  readonly by?: string;
}

export type Situation = 'waiting' | 'nothing live' | 'quiet' | 'one muted';

const retrain = (hyperparameters: object) => [{ kind: 'retrain', model: 'spam', hyperparameters }];

/** What people typed, and were not understood, when the bot was tried by people who had not read its help. */
export const rows: readonly Row[] = [
  {
    typed: 'retrain spam epochs=5',
    shows: ['Retrain of spam started'],
    starts: retrain({ epochs: '5' }),
  },
  {
    typed: 'retrain spam lr=1e-5',
    shows: ['Retrain of spam started'],
    starts: retrain({ learning_rate: '1e-5' }),
  },
  {
    typed: 'retrain spam --epochs 5',
    shows: ['Retrain of spam started'],
    starts: retrain({ epochs: '5' }),
  },
  {
    typed: 'retrain spam 5 epochs',
    shows: ['Retrain of spam started'],
    starts: retrain({ epochs: '5' }),
  },
  { typed: 'retrain Spam Filter', shows: ['Retrain of spam started'], starts: retrain({}) },
  { typed: 'rollback spam to v5', shows: ['v6 to v5'] },
  { typed: 'approve spam v7', by: 'U0GRACE', shows: ['spam v7 is waiting for your decision'] },
  { typed: 'revert spam', shows: ['v6 to v5'] },
  { typed: 'roll back spam', shows: ['v6 to v5'] },
  { typed: 'retrian spam', shows: ['Did you mean /mlops retrain spam?'], offers: ['retrain spam'] },
  {
    typed: 'deploy spam v5',
    shows: ['Promotion of spam started'],
    starts: [{ kind: 'promote', version: 5 }],
  },
  { typed: 'cancel spam', shows: ['Stopping the retrain of spam.'] },
  { typed: 'compare spam v5 v6', shows: ['spam v5 → v6'] },
  { typed: 'list', shows: ['Spam filter (spam)', 'Tumour classifier (tumour)'] },
  { typed: 'models', shows: ['Spam filter (spam)', 'Tumour classifier (tumour)'] },
  { typed: 'history', shows: ['Latest runs'] },
  { typed: 'predict', shows: ['Which model?'], offers: ['predict spam', 'predict tumour'] },
  { typed: '?', shows: ['What /mlops can do'] },
  { typed: 'help me', shows: ['What /mlops can do'] },
  {
    typed: 'promote spam latest',
    shows: ['Promotion of spam started'],
    starts: [{ kind: 'promote', version: 7 }],
  },
  {
    typed: 'promote v5',
    shows: ['Which model?'],
    offers: ['promote spam v5', 'promote tumour v5'],
  },
  {
    typed: 'promote spam to production',
    shows: ['Which version of spam should go into production?'],
  },
  { typed: 'diff spam', shows: ['spam v6 → v7'] },
  { typed: 'diff spam v5..v6', shows: ['spam v5 → v6'] },
  {
    typed: 'diff spam 5',
    when: 'nothing live',
    shows: ['nothing in production to compare with'],
    offers: ['diff spam v5 v7', 'diff spam v5 v6'],
  },
  { typed: 'logs spam-20261120-a1b2', shows: ['log of run spam-20261120-a1b2c3d4'] },
  { typed: 'mute spam 30 minutes', shows: ['Alerts for spam are muted.', '2026-11-20 10:10 UTC'] },
  {
    typed: 'mute spam 8',
    shows: ['8 hours, minutes or days?'],
    offers: ['mute spam 8h', 'mute spam 8m', 'mute spam 8d'],
  },
  { typed: 'unmute', when: 'one muted', shows: ['Alerts for tumour are on.'] },
  { typed: 'costs last month', shows: ['Costs for October 2026'] },
  { typed: 'costs spam', shows: ['Costs for November 2026', 'spam'] },
  { typed: 'audit ada', when: 'one muted', shows: ['Audit log of Ada'] },
  {
    typed: 'stop everything',
    when: 'quiet',
    shows: ['Nothing is running, so there is nothing to stop.'],
  },
  { typed: 'please retrain spam', shows: ['Retrain of spam started'], starts: retrain({}) },
  { typed: 'what is live?', shows: ['v6 in production for 1 day'] },
  {
    typed: 'why is spam waiting?',
    shows: ['spam v7', 'waiting for approval', 'Needs one approval'],
  },
];

/** The same for mentions, in the channel or in the thread of the waiting run. */
export interface MentionRow extends Pick<Row, 'typed' | 'shows' | 'starts'> {
  readonly inThread?: true;
}

export const mentions: readonly MentionRow[] = [
  { typed: '@mlops: status', shows: ['v6 in production for 1 day'] },
  { typed: 'hey @mlops status', shows: ['v6 in production for 1 day'] },
  { typed: '@mlops what is live?', shows: ['v6 in production for 1 day'] },
  {
    typed: '@mlops please retrain spam',
    shows: ['Retrain of spam started'],
    starts: retrain({}),
  },
  { typed: '@mlops why is spam waiting?', shows: ['spam v7', 'Needs one approval'] },
  { typed: '@mlops diff', inThread: true, shows: ['spam v6 → v7'] },
  { typed: '@mlops rollback', inThread: true, shows: ['v6 to v5'] },
  {
    typed: '@mlops promote',
    inThread: true,
    shows: ['Promotion of spam started'],
    starts: [{ kind: 'promote', version: 7 }],
  },
];

/** Puts the pipeline into the situation of a row; `command` is what Ada types. */
export async function arrange(
  pipeline: FakePipeline,
  command: (text: string) => Promise<unknown>,
  situation: Situation = 'waiting',
): Promise<void> {
  pipeline.setVersions([7, 6, 5].map(sampleVersion));
  pipeline.setLogs(['step 1']);
  if (situation !== 'nothing live') pipeline.setProduction(6);
  if (situation !== 'quiet') pipeline.put(sample('waiting for approval'));
  if (situation === 'one muted') await command('mute tumour 8h');
}
